import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import { namesOf } from "../../observation/document-names.ts";
import { signOf } from "./hypothesis.ts";
import type { Hypothesis } from "./hypothesis.ts";
import type { Sign } from "./hypothesis-weights.ts";
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
  return [
    ...creditsOf("credit_of_its_amount", byMachine, rivals),
    ...creditsOf("credit_of_its_amount_by_hand", byHand, rivals),
  ];
}

function creditsOf(sign: Sign, credits: readonly ErpDocument[], rivals: number): Hypothesis[] {
  if (credits.length === 0) return [];
  const names = namesOf(credits.slice(0, 3));
  const because = `${names} of the same amount name${credits.length === 1 ? "s" : ""} no order; nothing decides whether it is this refund's (${rivals} may be).`;
  return [signOf(sign, because, Math.min(1, credits.length / rivals))];
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
  return signOf("document_of_its_order", because);
}
