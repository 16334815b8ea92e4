import { isWithin } from "../rollup/bursts.ts";
import type { CohortCase } from "./cohort-case.ts";
import type { QuestionAnswer } from "./question.ts";
import { lagInWords } from "../knowledge/async-gap-curve.ts";
import { chanceToArrive } from "../patterns/async-gap.ts";

/**
 * Did it appear at once or after a delay? If it came with the batch, or while the integration was
 * down or slow, it is integration. If it appeared at the moment of processing and nothing was on
 * its way, it is process.
 */
export function onset({ found, brand }: CohortCase): QuestionAnswer {
  const seen = found.members.map(({ record: { refund, documents } }) => {
    if (documents.length > 0) {
      return documents.some(({ createdBy }) => createdBy.kind === "human") ? "at once" : "delayed";
    }
    if (refund === null) return "unknown";
    if (isWithin(brand.bursts, refund.processedAt)) return "delayed";
    if (brand.curve.length === 0) return "unknown";
    const age = Date.parse(brand.now) - Date.parse(refund.processedAt);
    return chanceToArrive(brand.curve, age) >= 0.5 ? "delayed" : "at once";
  });
  const delayed = seen.filter((one) => one === "delayed").length;
  const atOnce = seen.filter((one) => one === "at once").length;
  const p99 = lagInWords(brand.curve, 0.99);
  const gap = p99 === null ? "" : ` (99 of 100 refunds arrive within ${p99})`;
  const evidence = `${delayed} of ${seen.length} came with the integration, belong to a burst or may still arrive; ${atOnce} did not agree from the start${gap}.`;
  if (delayed + atOnce === 0) {
    return {
      id: 4,
      answer: "unknown",
      points: "neither",
      evidence: "No refund has arrived in the ERP yet, so a delay cannot be measured.",
    };
  }
  const share = delayed / (delayed + atOnce);
  if (share >= 0.7) return { id: 4, answer: "yes", points: "integration", evidence };
  if (share <= 0.3) return { id: 4, answer: "no", points: "process", evidence };
  return { id: 4, answer: "mixed", points: "neither", evidence };
}
