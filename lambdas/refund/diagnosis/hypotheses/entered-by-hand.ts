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

/** A document that a person entered, without what the integration would have carried along. */
export function enteredByHand(
  { record, path }: RecordFacts,
  policy: Policy,
  failure: Failure,
  brand: BrandKnowledge | null,
): Hypothesis[] {
  const because = `${namesOf(record.documents)} was entered in the ERP by hand, ${ENTERED_WRONG.get(failure) ?? ""}.`;
  if (record.refund === null && failure === "orphan") {
    const lost = inPlaceOf(record, brand);
    return lost === null
      ? strayEntry(record, policy, because)
      : [
          { ...lost, because: `${because} ${lost.because}` },
          ...strayEntry(record, policy, because),
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

/** A refund of just this amount is missing: a person entered it so that the integration cannot find it. */
function inPlaceOf({ documents }: SyncRecord, brand: BrandKnowledge | null): Hypothesis | null {
  const missing = documents.flatMap((one) => brand?.looseCredits.missingFor(one) ?? []);
  const [first] = missing;
  if (first === undefined) return null;
  const names = missing.slice(0, 3).map(({ orderNumber }) => orderNumber);
  const because = `A refund of the same amount is missing (${names.join(", ")}).`;
  const isRound = documents.some(isRoundSum);
  return signOf(isRound ? "entered_in_place_round_sum" : "entered_in_place", because);
}

/**
 * A credit that a person gave in the ERP alone. Under the limit, where nobody asks for paper, it is
 * a word of mouth; above it, as likely another business of the ERP (wholesale) that the storefront
 * need not know.
 */
function strayEntry(record: SyncRecord, policy: Policy, because: string): Hypothesis[] {
  const limit = Money.of(policy.approvalLimit, policy.brandCurrency);
  const isSmall = record.documents.every(
    ({ total, currency }) =>
      currency === policy.brandCurrency && Money.of(total, currency).compare(limit) <= 0,
  );
  const other = `It may belong to another business of the ERP (wholesale, business customers): who entered it knows.`;
  return isSmall
    ? [signOf("given_by_word", because), signOf("other_business", other)]
    : [signOf("given_above_limit", because), signOf("other_business_above_limit", other)];
}

/** The pattern by which people of this brand leave out most refunds; before any is learned, the most special one. */
function likeliestPattern(path: WorkflowPath, brand: BrandKnowledge | null): Pattern | null {
  const learned = brand?.rates
    .addedBy(path)
    .filter(({ pattern }) => pattern !== null)
    .toSorted((a, b) => b.rate - a.rate)[0];
  return learned?.pattern ?? processRisks(path)[0]?.pattern ?? null;
}

/** What a hand can get wrong, in words that follow "was entered in the ERP by hand". */
export const ENTERED_WRONG: ReadonlyMap<Failure, string> = new Map([
  ["unreferenced", "without an order reference"],
  ["orphan", "for no refund that the storefront knows"],
  ["duplicate", "beside the one that the integration made"],
  ["payment_reference", "without the payment"],
  ["transaction_type", "as another kind of document"],
  ["currency", "in another currency"],
  ["amount", "with another amount"],
  ["late", "after the window"],
  ["status", "and is not final"],
  ["period", "into another period"],
]);
/** A hand that entered what no machine had brought; any other hand meddled with what was there. */
const IN_PLACE_OF: ReadonlySet<Failure> = new Set(["unreferenced", "late"]);
