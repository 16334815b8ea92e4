import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import { isWithin } from "../rollup/bursts.ts";
import type { Excess } from "../../statistics/excess-rate.ts";
import { namesOf } from "../../observation/document-names.ts";
import type { RecordFacts } from "../features/record-facts.ts";
import { byIntegration, percent, signOf } from "./hypothesis.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { inCreditLoop } from "./credit-loop.ts";
import { inTheErpSomewhere } from "./credit-without-order.ts";
import type { AddedRisk } from "../knowledge/miss-rates.ts";
import type { Risk } from "../knowledge/missing-risks.ts";
import { dayAndMonth } from "../../time/days-in-words.ts";
import type { Instant } from "../../time/instant.ts";
import { stillComing } from "./still-coming.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import type { TrueBurst } from "../knowledge/unexplained-bursts.ts";
import { EXPERIENCE, REASON_WEIGHTS } from "./hypothesis-weights.ts";
import { isPlaceUnseen, pathInWords } from "../features/workflow-path.ts";

/**
 * The reasons why a refund may be missing in the ERP, each with the rate at which it makes refunds
 * like this one go missing: dropped as any refund may be, lost in a burst, still on its way, or
 * left out by people through one of the risks of its path.
 */
export function missingHypotheses(
  { record, path }: RecordFacts,
  brand: BrandKnowledge | null,
): readonly Hypothesis[] {
  const { refund } = record;
  const deleted = endedBySomebody(record, "deleted");
  if (deleted.length > 0) return deleted;
  if (refund === null || path === null || brand === null) return [];
  const { silentSince } = brand;
  if (silentSince !== null && refund.processedAt > silentSince) return [silent(silentSince, brand)];
  const burst = brand.bursts.find((one) => isWithin([one], refund.processedAt));
  const reasons = [
    dropped(brand.rates.base),
    ...(burst === undefined
      ? lostTogether(brand.lostTogether.around(refund.processedAt))
      : [lostInBurst(burst)]),
    ...brand.rates
      .addedBy(path)
      .map((risk) => leftOut(risk, 1 - (burst?.excess ?? 0) / 2, pathInWords(path))),
  ];
  const others = [
    ...stillComing(refund, burst, brand, reasons),
    ...reasons,
    ...(isPlaceUnseen(path) ? [handledElsewhere(brand.rates.base)] : []),
    ...(brand.rates.showsMakers ? [] : [madeBySomebody(brand.rates.base)]),
    tooEarly(reasons, brand),
  ];
  const weight = others.reduce((sum, one) => sum + one.weight, 0);
  return [
    ...others,
    ...inCreditLoop(record, brand, weight),
    ...inTheErpSomewhere(record, brand, weight),
  ];
}

/**
 * It was booked in the ERP and ended there later: by a person, unless the integration's own user did
 * it. The last change of such a document is its end. A user who is not known to be one or the other may
 * be both.
 */
export function endedBySomebody(
  { documents }: SyncRecord,
  end: "deleted" | "voided",
): Hypothesis[] {
  const ended = documents.find(({ state }) => state === end);
  if (ended === undefined) return [];
  const { createdBy, modifiedBy } = ended;
  const { id } = modifiedBy;
  const isMaker = id !== null && id === createdBy.id && modifiedBy.kind === "unknown";
  const { kind } = isMaker ? createdBy : modifiedBy;
  const who = id === null ? WHO[kind] : ` by user ${id}`;
  const because = `${namesOf([ended])} was in the ERP and was ${end} there on ${dayAndMonth(ended.modifiedAt.slice(0, 10))}${who}.`;
  return kind === "unknown"
    ? [signOf("ended_by_unknown", because), signOf("ended_by_unknown_program", because)]
    : [signOf(ENDED_BY[kind], because)];
}

function dropped(rate: number): Hypothesis {
  const because = `${percent(rate)} of all refunds of the brand go missing without a known reason.`;
  return byIntegration("dropped", null, rate, because);
}

function lostInBurst({ from, to, refunds, missing, excess }: TrueBurst): Hypothesis {
  const because = `${missing} of the ${refunds} refunds from ${clock(from)} to ${clock(to)} UTC were lost or late, and they were of every kind: the cause is dropped calls, not people.`;
  return byIntegration("burst", null, excess, because);
}

function lostTogether({ rate, missing, refunds, expected }: Excess): Hypothesis[] {
  if (missing === 0) return [];
  const because = `Of the ${refunds} other refunds around that time, ${missing} were also lost or late (${expected.toFixed(1)} would be usual). Dropped calls occur in groups.`;
  return [byIntegration("together", null, rate, because)];
}

/**
 * @param burstFactor factor on the rate: less than 1 in a burst, because the burst alone would have lost
 *   half of these refunds
 */
function leftOut(
  { reason, pattern, group, subgroup, rate, seen, seenInGroup }: AddedRisk,
  burstFactor: number,
  path: string,
): Hypothesis {
  const told = [
    ...(seen !== null && seen.active > 0.5 ? [[subgroup, seen] as const] : []),
    [group, seenInGroup] as const,
    [subgroup, seen] as const,
  ].find(([, counts]) => counts !== null && counts.missing > counts.expected);
  const because =
    told === undefined ? `Its path was: ${path}.` : `${countsInWords(...told)} (path: ${path}).`;
  const weight = rate * burstFactor * Math.exp(REASON_WEIGHTS[reason]);
  return { cause: causeOf(reason), pattern, reason, weight, because };
}

/** Counts that are no more than usual are no evidence, so they are not told. */
function countsInWords(label: string, counts: Excess | null): string {
  const { missing = 0, refunds = 0, expected = 0 } = counts ?? {};
  const usual = expected < 0.5 ? "fewer than one" : expected.toFixed(1);
  return `${missing} of ${refunds} refunds ${label} ${missing === 1 ? "is" : "are"} missing; ${usual} would be usual`;
}

function causeOf(reason: Risk["reason"]): Hypothesis["cause"] {
  if (reason === "place") return "undetermined";
  return reason === "type" ? "integration" : "process";
}

/**
 * While the ERP books nothing at all, a missing refund is no evidence about people. Soon it is no
 * evidence of a delay either: what an outage has lost does not come by itself.
 */
function silent(since: Instant, { delay, now }: BrandKnowledge): Hypothesis {
  const began = `The ERP has booked nothing at all since ${clock(since)} UTC`;
  const isLong = Date.parse(now) - Date.parse(since) > delay.horizonMs();
  return isLong
    ? byIntegration(
        "silent",
        null,
        1,
        `${began}: the integration is down, and nobody knows whether what it missed still comes.`,
      )
    : byIntegration(
        "silent",
        "async_gap",
        1,
        `${began}: the integration is down or slow, and this refund waits with all others.`,
      );
}

/**
 * Goods that another team took back are the usual reason why people leave a refund out, and this
 * storefront shows no place. So "no special reason" cannot be certain.
 */
function handledElsewhere(rate: number): Hypothesis {
  return {
    cause: "undetermined",
    pattern: null,
    reason: null,
    weight: rate * Math.exp(REASON_WEIGHTS.dropped) * UNSEEN_SHARE,
    because:
      "The storefront does not show where the goods went: another team may have taken them back and not entered the refund.",
  };
}

/**
 * A storefront that never shows who makes a refund hides the people: one of them may have left this
 * refund out.
 */
function madeBySomebody(rate: number): Hypothesis {
  return {
    cause: "undetermined",
    pattern: null,
    reason: null,
    weight: rate * Math.exp(REASON_WEIGHTS.dropped) * UNSEEN_MAKER_SHARE,
    because:
      "The storefront does not show who makes refunds: a person may have made this one and left it out of the ERP.",
  };
}

/** An assumption: of three refunds without a special reason, an unseen person is the reason of one. */
const UNSEEN_MAKER_SHARE = 1 / 2;

/** An assumption: of six refunds without a special reason, the unseen place is the reason of one. */
const UNSEEN_SHARE = 1 / 5;

function tooEarly(reasons: readonly Hypothesis[], { refunds }: BrandKnowledge): Hypothesis {
  const likeliest = Math.max(...reasons.map(({ weight }) => weight));
  return {
    cause: "undetermined",
    pattern: null,
    reason: null,
    weight: (likeliest * EXPERIENCE) / (EXPERIENCE + refunds),
    because: `Only ${refunds} refunds were seen so far; this makes every cause less certain.`,
  };
}

function clock(at: Instant): string {
  return at.slice(0, 16).replace("T", " ");
}

const WHO = {
  integration: " by the integration's own user",
  human: " by a person",
  unknown: "; the ERP does not show by whom",
} as const;

const ENDED_BY = {
  integration: "ended_by_integration",
  human: "ended_by_person",
} as const;
