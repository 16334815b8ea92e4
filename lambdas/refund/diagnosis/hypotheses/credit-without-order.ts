import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import { namesOf } from "../../observation/document-names.ts";
import { besideOthers, signOf } from "./hypothesis.ts";
import type { Hypothesis } from "./hypothesis.ts";
import type { Sign } from "./hypothesis-weights.ts";
import { isRoundSum } from "../knowledge/credits-without-order.ts";
import type { ErpDocument } from "../../observation/observation.ts";
import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * A refund that seems missing may be in the ERP: as a credit of its amount without an order (made
 * by the integration: a partial sync; made by a person: cause "both"), or as one of several
 * documents of its order, when no rule decides which one.
 *
 * @param others the weight of all other reasons together
 */
export function inTheErpSomewhere(
  record: SyncRecord,
  brand: BrandKnowledge,
  others: number,
): Hypothesis[] {
  const { refund, ambiguous } = record;
  const found = refund === null ? null : brand.creditsWithoutOrder.for(refund);
  if (found === null) return ambiguous.length === 0 ? [] : [inItsOrder(ambiguous.length, others)];
  const { credits, rivals } = found;
  const byHand = credits.filter((credit) => isByHand(credit) && isEvidence(credit, ambiguous));
  const byMachine = credits.filter((credit) => !isByHand(credit));
  return [
    ...creditsOf("credit_of_its_amount", byMachine, rivals, others),
    ...creditsOf("credit_of_its_amount_by_hand", byHand, rivals, others),
  ];
}

function creditsOf(
  sign: Sign,
  credits: readonly ErpDocument[],
  candidateRefunds: number,
  others: number,
): Hypothesis[] {
  if (credits.length === 0) return [];
  const names = namesOf(credits.slice(0, 3));
  const because = `${names} ${credits.length === 1 ? "has" : "have"} the same amount but no order; it is not certain that this refund is meant (missing refunds of this amount: ${candidateRefunds}).`;
  return [besideOthers(signOf(sign, because), others, credits.length / candidateRefunds)];
}

function isByHand({ createdBy }: ErpDocument): boolean {
  return createdBy.kind === "human";
}

/** A round amount proves little, unless the matching found the credit as a candidate. */
function isEvidence(credit: ErpDocument, ambiguous: readonly string[]): boolean {
  return !isRoundSum(credit) || ambiguous.includes(credit.documentId);
}

function inItsOrder(candidates: number, others: number): Hypothesis {
  const because =
    candidates === 1
      ? "One document in the ERP may belong to this refund, or to another one; no rule decides."
      : `${candidates} documents in the ERP may belong to this refund; no rule decides which one.`;
  return besideOthers(signOf("document_of_its_order", because), others);
}
