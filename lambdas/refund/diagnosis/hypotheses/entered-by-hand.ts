import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import type { Pattern } from "../patterns/diagnosis.ts";
import { namesOf } from "../../observation/document-names.ts";
import type { Failure } from "../features/failure.ts";
import type { RecordFacts } from "../features/record-facts.ts";
import { signOf } from "./hypothesis.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { isRoundSum } from "../knowledge/credits-without-order.ts";
import { Money } from "../../money/money.ts";
import { processRisks } from "../patterns/process-risks.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import type { Policy } from "../../policy.ts";
import type { WorkflowPath } from "../features/workflow-path.ts";

/** A document that a person entered, without the data that the integration would have added. */
export function enteredByHand(
  { record, path }: RecordFacts,
  policy: Policy,
  failure: Failure,
  brand: BrandKnowledge | null,
): Hypothesis[] {
  const byHand = record.documents.filter(({ createdBy }) => createdBy.kind === "human");
  const was = byHand.length === 1 ? "was" : "were";
  const because = `${namesOf(byHand)} ${was} entered in the ERP by hand, ${ENTERED_WRONG.get(failure) ?? ""}.`;
  if (record.refund === null && failure === "orphan") {
    const missingRefund = inPlaceOf(record, brand);
    return missingRefund === null
      ? entryInErpOnly(record, policy, because)
      : [
          { ...missingRefund, because: `${because} ${missingRefund.because}` },
          ...entryInErpOnly(record, policy, because),
        ];
  }
  const pattern = path !== null && IN_PLACE_OF.has(failure) ? likeliestPattern(path, brand) : null;
  return failure === "unreferenced"
    ? [
        { ...signOf("entered_without_reference", because), pattern },
        { ...signOf("entered_without_need", because), pattern },
      ]
    : [{ ...signOf("entered_wrong", because), pattern }];
}

/**
 * A refund of exactly this amount is missing: a person entered it in such a way that the
 * integration cannot find it.
 */
function inPlaceOf({ documents }: SyncRecord, brand: BrandKnowledge | null): Hypothesis | null {
  const missing = documents.flatMap((one) => brand?.creditsWithoutOrder.missingFor(one) ?? []);
  const [first] = missing;
  if (first === undefined) return null;
  const names = missing.slice(0, 3).map(({ orderNumber }) => orderNumber);
  const because = `A refund of the same amount is missing (${names.join(", ")}).`;
  const isRound = documents.some(isRoundSum);
  return signOf(isRound ? "entered_in_place_round_sum" : "entered_in_place", because);
}

/**
 * A credit that a person gave only in the ERP. Up to the approval limit, where nobody asks for a
 * document, it was probably promised by word. Above the limit it may as likely belong to another business in
 * the ERP (wholesale) that the storefront does not need to have.
 */
function entryInErpOnly(record: SyncRecord, policy: Policy, because: string): Hypothesis[] {
  const limit = Money.of(policy.approvalLimit, policy.brandCurrency);
  const isSmall = record.documents.every(
    ({ total, currency }) =>
      currency === policy.brandCurrency && Money.of(total, currency).compare(limit) <= 0,
  );
  const other = `It may belong to another business in the ERP (wholesale, business customers); ask the person who entered it.`;
  return isSmall
    ? [signOf("given_by_word", because), signOf("other_business", other)]
    : [signOf("given_above_limit", because), signOf("other_business_above_limit", other)];
}

/**
 * The process pattern with the highest learned miss rate on this path; before any rate is learned,
 * the most specific pattern.
 */
function likeliestPattern(path: WorkflowPath, brand: BrandKnowledge | null): Pattern | null {
  const learned = brand?.rates
    .addedBy(path)
    .filter(({ pattern }) => pattern !== null)
    .toSorted((a, b) => b.rate - a.rate)[0];
  return learned?.pattern ?? processRisks(path)[0]?.pattern ?? null;
}

/** What can be wrong with a manual entry, in words after "was entered in the ERP by hand". */
export const ENTERED_WRONG: ReadonlyMap<Failure, string> = new Map([
  ["unreferenced", "without an order reference"],
  ["orphan", "without any refund in the storefront"],
  ["duplicate", "in addition to the one that the integration made"],
  ["payment_reference", "without the payment reference"],
  ["transaction_type", "as another kind of document"],
  ["currency", "in another currency"],
  ["unpaid", "and not paid out"],
  ["amount", "with another amount"],
  ["late", "after the window"],
  ["status", "and is not final"],
  ["period", "in another accounting period"],
]);
/**
 * Failures where the person entered what the integration had not brought. With any other failure,
 * the person changed what was already there.
 */
const IN_PLACE_OF: ReadonlySet<Failure> = new Set(["unreferenced", "late"]);
