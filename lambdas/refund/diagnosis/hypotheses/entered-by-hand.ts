import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import type { Pattern } from "../patterns/diagnosis.ts";
import { namesOf } from "../../observation/document-names.ts";
import type { Failure } from "../features/failure.ts";
import { featuresOf } from "../features/features.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { isRoundSum } from "../knowledge/credits-without-order.ts";
import { Money } from "../../money/money.ts";
import { processRisks } from "../patterns/process-risks.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import type { Policy } from "../../policy.ts";
import { workflowPathOf } from "../features/workflow-path.ts";
import type { WorkflowPath } from "../features/workflow-path.ts";

/** A document that a person entered, without what the integration would have carried along. */
export function enteredByHand(
  record: SyncRecord,
  policy: Policy,
  failure: Failure,
  brand: BrandKnowledge | null,
): Hypothesis[] {
  const because = `${namesOf(record.documents)} was entered in the ERP by hand, ${ENTERED_WRONG.get(failure) ?? ""}.`;
  const { refund } = record;
  if (refund === null && failure === "orphan") {
    const lost = inPlaceOf(record, brand);
    return lost === null
      ? strayEntry(record, policy, because)
      : [
          { ...lost, because: `${because} ${lost.because}` },
          ...strayEntry(record, policy, because),
        ];
  }
  const path = refund === null ? null : workflowPathOf(featuresOf(refund, policy));
  const pattern = path !== null && IN_PLACE_OF.has(failure) ? likeliestWay(path, brand) : null;
  const leavesOrphan = failure === "unreferenced";
  const others: Hypothesis[] = leavesOrphan
    ? [{ cause: "process", pattern, weight: 2, reason: null, because }]
    : [];
  return [
    { cause: leavesOrphan ? "both" : "process", pattern, weight: 9, reason: null, because },
    ...others,
  ];
}

/** A refund of just this amount is missing: a person entered it so that the integration cannot find it. */
function inPlaceOf({ documents }: SyncRecord, brand: BrandKnowledge | null): Hypothesis | null {
  const missing = documents.flatMap((one) => brand?.looseCredits.missingFor(one) ?? []);
  const [first] = missing;
  if (first === undefined) return null;
  const names = missing.slice(0, 3).map(({ orderNumber }) => orderNumber);
  const because = `A refund of the same amount is missing (${names.join(", ")}).`;
  const weight = documents.some(isRoundSum) ? 3 : 30;
  return { cause: "both", pattern: null, weight, reason: null, because };
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
  const [process, unknown] = isSmall ? [9, 0.9] : [1.5, 1.5];
  return [
    {
      cause: "process",
      pattern: isSmall ? "verbal_approval" : null,
      weight: process,
      reason: null,
      because,
    },
    { cause: "undetermined", pattern: null, weight: unknown, reason: null, because: other },
  ];
}

/** The way that people of this brand leave refunds out by most; unlearned, the most special one. */
function likeliestWay(path: WorkflowPath, brand: BrandKnowledge | null): Pattern | null {
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
