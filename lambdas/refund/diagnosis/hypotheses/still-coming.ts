import { channelPath } from "../../observation/tenders.ts";
import type { StorefrontRefund } from "../../observation/observation.ts";
import { clockStart } from "../../observation/refund-figures.ts";
import { inWords } from "../../time/instant.ts";
import { byIntegration, percent } from "./hypothesis.ts";
import type { Hypothesis } from "./hypothesis.ts";
import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import type { StillComing } from "../knowledge/delay.ts";
import type { TrueBurst } from "../knowledge/unexplained-bursts.ts";

/**
 * The refund is still on its way. The weight is the rate at which refunds of the brand wait as long as this one and arrive later. A
 * refund from a burst arrives later as often as other refunds of this age did. Where no refund was
 * watched so long, nobody can say in the first three days whether it still comes: that is as likely as
 * all other reasons.
 *
 * @param others the other reasons why it may be missing
 */
export function stillComing(
  refund: StorefrontRefund,
  burst: TrueBurst | undefined,
  { delay }: BrandKnowledge,
  others: readonly Hypothesis[],
): Hypothesis[] {
  const coming = delay.ofRefund({ settledAt: clockStart(refund), path: channelPath(refund) });
  if (coming.chance === null) {
    return coming.waitedMs > LONG_MS ? [] : [notWatchedSoLong(coming, others)];
  }
  const arriving = Math.min(0.99, coming.chance);
  if (arriving < 0.01) return [];
  const shareLost = burst === undefined ? 0 : burst.missing / burst.refunds;
  const rate = Math.max(coming.share, (shareLost * arriving) / (1 - arriving));
  const of = coming.ownPath ? "of its channel and gateway " : "";
  const because = `Of the refunds ${of}that were still missing after ${waitInWords(coming)}, ${percent(arriving)} arrived later.`;
  return [byIntegration("late", "async_gap", rate, because)];
}

/** "7 h", "two batches", "9 h without the time in which the integration rested". */
function waitInWords({ waitedMs, passedOver, rests }: StillComing): string {
  if (passedOver !== null && passedOver > 0) {
    return passedOver === 1 ? "one batch" : `${passedOver} batches`;
  }
  return rests
    ? `${inWords(waitedMs)} (without the time in which the integration rested)`
    : inWords(waitedMs);
}

function notWatchedSoLong(coming: StillComing, others: readonly Hypothesis[]): Hypothesis {
  return {
    cause: "undetermined",
    pattern: null,
    reason: null,
    weight: others.reduce((sum, { weight }) => sum + weight, 0),
    because: `Too few refunds were watched for ${waitInWords(coming)} to say whether it still comes.`,
  };
}

/** An assumption, for a brand whose delay is not known: refunds come within three days, or never. */
const LONG_MS = 3 * 86_400_000;
