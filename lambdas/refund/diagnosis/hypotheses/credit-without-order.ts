import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import { namesOf } from "../../observation/document-names.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { isRoundSum } from "../knowledge/credits-without-order.ts";
import type { ErpDocument } from "../../observation/observation.ts";
import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * The ERP may have got a refund that seems missing: a credit of its amount that names no order (made by a
 * machine, a partial sync; by a person, both), or documents of its order between which nothing decides.
 */
export function inTheErpSomewhere(record: SyncRecord, brand: BrandKnowledge): Hypothesis[] {
  const { refund, ambiguous } = record;
  const loose = refund === null ? null : brand.looseCredits.for(refund);
  if (loose === null) return ambiguous.length === 0 ? [] : [inItsOrder(ambiguous.length)];
  const { credits, rivals } = loose;
  const byHand = credits.filter((credit) => isByHand(credit) && isTelling(credit, ambiguous));
  const byMachine = credits.filter((credit) => !isByHand(credit));
  const told = (some: readonly ErpDocument[]): Pick<Hypothesis, "weight" | "because"> => ({
    weight: LOOSE_CREDIT * Math.min(1, some.length / rivals),
    because: `${namesOf(some.slice(0, 3))} of the same amount name${some.length === 1 ? "s" : ""} no order; nothing decides whether it is this refund's (${rivals} may be).`,
  });
  const found: Hypothesis[] = [
    { cause: "integration", pattern: "partial_sync", reason: null, ...told(byMachine) },
    { cause: "both", pattern: null, reason: null, ...told(byHand) },
  ];
  return found.filter(({ weight }) => weight > 0);
}

function isByHand({ createdBy }: ErpDocument): boolean {
  return createdBy.kind === "human";
}

/** A round sum says little, unless it came when this refund's would have. */
function isTelling(credit: ErpDocument, ambiguous: readonly string[]): boolean {
  return !isRoundSum(credit) || ambiguous.includes(credit.documentId);
}

function inItsOrder(candidates: number): Hypothesis {
  const because = `${candidates} documents of the ERP may be its own; nothing decides between them.`;
  return { cause: "integration", pattern: null, reason: null, weight: LOOSE_CREDIT / 2, because };
}

/** Seldom does a credit of the very amount lie about for another reason. */
const LOOSE_CREDIT = 3;
