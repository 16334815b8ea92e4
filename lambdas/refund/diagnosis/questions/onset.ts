import { isWithin } from "../rollup/bursts.ts";
import type { CohortCase } from "./cohort-case.ts";
import type { Onset } from "../../statistics/change-point.ts";
import { sinceInWords } from "../../time/days-in-words.ts";
import type { QuestionAnswer } from "./question.ts";
import { clockStart } from "../../observation/refund-figures.ts";
import { channelPath } from "../../observation/tenders.ts";

/**
 * Did it appear at once or after a delay? If it came with the batch, or while the integration was
 * down or slow, it is integration. If it appeared at the moment of processing and nothing was on
 * its way, it is process.
 */
export function onset({ found, brand, since }: CohortCase): QuestionAnswer {
  const seen = found.members.map(({ record: { refund, documents } }) => {
    if (documents.length > 0) {
      return documents.some(({ createdBy }) => createdBy.kind === "human") ? "at once" : "delayed";
    }
    if (refund === null) return "unknown";
    if (isWithin(brand.bursts, refund.processedAt)) return "delayed";
    const { chance } = brand.delay.ofRefund({
      settledAt: clockStart(refund),
      path: channelPath(refund),
    });
    if (chance === null) return "unknown";
    return chance >= 0.5 ? "delayed" : "at once";
  });
  const delayed = seen.filter((one) => one === "delayed").length;
  const atOnce = seen.filter((one) => one === "at once").length;
  const p99 = brand.delay.longestInWords();
  const gap = p99 === null ? "" : ` (of 100 refunds that arrive, 99 do within ${p99})`;
  const rose = since === null ? "" : ` ${riseInWords(since)}`;
  const evidence = `${delayed} of ${seen.length} came with the integration, belong to a burst or may still arrive; ${atOnce} did not agree from the start${gap}.${rose}`;
  if (delayed + atOnce === 0) {
    return {
      id: 4,
      answer: "unknown",
      points: "neither",
      evidence: `No refund has arrived in the ERP yet, so a delay cannot be measured.${rose}`,
    };
  }
  const share = delayed / (delayed + atOnce);
  if (share >= 0.7) return { id: 4, answer: "yes", points: "integration", evidence };
  if (share <= 0.3) return { id: 4, answer: "no", points: "process", evidence };
  return { id: 4, answer: "mixed", points: "neither", evidence };
}

/** "It is more frequent since 12 to 15 November: 26 of 90 refunds, and 3 of 400 before." */
function riseInWords({ before, after, ...range }: Onset): string {
  return `It is more frequent ${sinceInWords(range)}: ${after.hits} of ${after.tries} refunds, and ${before.hits} of ${before.tries} before.`;
}
