import { isOfAmount } from "../../record/mismatch.ts";
import { isClaim } from "../../observation/nothing-to-book.ts";
import { namesOf } from "../../observation/document-names.ts";
import type { Failure } from "../features/failure.ts";
import type { TouchKind } from "../features/human-touch.ts";
import type { RecordFacts } from "../features/record-facts.ts";
import { signOf } from "./hypothesis.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { UNKNOWN_USER } from "./hypothesis-weights.ts";
import type { Sign } from "./hypothesis-weights.ts";
import { isPayoutAlone } from "../features/payout-without-memo.ts";
import { amountOf, minorUnits } from "../../money/minor-units.ts";
import { endedBySomebody, missingHypotheses } from "./missing-refund.ts";
import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import { bookedAsNewKind, notPaidOut } from "./booked-otherwise.ts";
import { enteredByHand, ENTERED_WRONG } from "./entered-by-hand.ts";
import { partialSync } from "../patterns/partial-sync.ts";
import { promoMismatch } from "../patterns/promo-mismatch.ts";
import { roundingDrift } from "../patterns/rounding-drift.ts";
import { roundingInWords } from "../rounding/rounding-words.ts";
import { formulaInWords } from "../features/formula-words.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import type { Policy } from "../../policy.ts";

/** All hypotheses about one exception; what none of them covers is "something else". */
export function hypothesesFor(
  facts: RecordFacts,
  policy: Policy,
  brand: BrandKnowledge | null,
): readonly Hypothesis[] {
  const { failure } = facts;
  if (failure === null) return [];
  const { refund } = facts.record;
  if (refund !== null && isClaim(refund)) {
    const because = `The status of order ${refund.orderNumber} says that it was refunded, but the storefront has no refund of it. The storefront does not show who changed the status: usually a person, sometimes an app.`;
    return [signOf("status_set_by_hand", because), signOf("status_set_by_app", because)];
  }
  if (failure === "missing") return missingHypotheses(facts, brand);
  if (touched(facts, "document entered by hand") === true && ENTERED_WRONG.has(failure)) {
    return enteredByHand(facts, policy, failure, brand);
  }
  return bySigns(facts, failure, policy, brand);
}

/** Hypotheses from the document itself, where it is not known to be entered by hand. */
function bySigns(
  facts: RecordFacts,
  failure: Failure,
  policy: Policy,
  brand: BrandKnowledge | null,
): readonly Hypothesis[] {
  const { record, formula } = facts;
  const names = namesOf(record.documents);
  const certainty = touched(facts, "document entered by hand") === null ? UNKNOWN_USER : 1;
  const partial = partialSync(record);
  const promo = promoMismatch(facts);
  const drift = roundingDrift(facts);
  const hidden = record.mismatches.some((mismatch) => mismatch.hidden === true);
  const isExplained = promo !== null || drift !== null || formula !== null || partial !== null;
  const edited = edit(facts, isExplained || hidden);
  const found = (sign: Sign, because: string): Hypothesis[] => [
    signOf(sign, because, certainty),
    ...edited,
  ];
  switch (failure) {
    case "unreferenced":
    case "payment_reference":
      if (isPayoutAlone(record) && !paysWithoutMemos(brand)) {
        return [...found("payout_alone", PAYOUT_ALONE), signOf("memo_taken_away", PAYOUT_ALONE)];
      }
      return partial === null ? edited : found("incomplete_credit", partial);
    case "orphan":
      return record.order !== null && record.ambiguous.length > 0
        ? found("fits_several_refunds", `${names} fits more than one refund of its order.`)
        : found(
            "names_no_refund",
            `${names} is in the ERP but refers to no refund of the storefront.`,
          );
    case "duplicate":
      return found("booked_twice", `The ERP booked it more than once: ${names}.`);
    case "currency":
    case "transaction_type": {
      const newKind = failure === "currency" ? null : bookedAsNewKind(record, policy);
      return found("wrong_currency_or_type", newKind ?? firstMismatch(record, failure));
    }
    case "unpaid":
      return [...notPaidOut(record, policy), ...edited];
    case "amount": {
      if (promo !== null) return found("discount_ignored", promo);
      if (drift !== null) return found(...centsOf(record, drift, brand));
      const inWords = formulaInWords(facts);
      if (inWords !== null) return found("formula", inWords);
      if (hidden) return found("hidden_difference", firstMismatch(record, failure));
      if (edited.length > 0) return edited;
      const inOnePart = differenceInOnePart(facts);
      if (inOnePart === null) {
        const because = unexplained(facts);
        return [...found("unexplained_difference", because), signOf("something_unknown", because)];
      }
      return isSharedDifferently(record) && isOneOfDrift(record, brand)
        ? found("discount_shared_otherwise", inOnePart)
        : found("difference_in_one_part", inOnePart);
    }
    case "late":
      return found("arrived_late", "It arrived after the window, and its data were correct.");
    case "status": {
      const ended = endedBySomebody(record, "voided");
      if (ended.length > 0) return [...ended, ...changedByAnotherAccount(record)];
      if (edited.length > 0) return edited;
      if (awaitsApproval(record)) {
        return found("awaits_approval", `${firstMismatch(record, failure)} ${AWAITS_APPROVAL}`);
      }
      if (record.documents.some(({ state }) => state === "unposted")) {
        const isRequest = record.documents.some(({ kind }) => kind === "credit_memo_request");
        const because = `${firstMismatch(record, failure)} The ERP does not show who or what caused this.`;
        return isRequest
          ? [...found("request_waits", because), signOf("request_blocked_by_rule", because)]
          : [...found("not_posted", because), signOf("not_posted_by_data", because)];
      }
      return [
        ...found("wrong_status", firstMismatch(record, failure)),
        ...changedByAnotherAccount(record),
      ];
    }
    case "period":
      return edited.length > 0 ? edited : found("other_period", firstMismatch(record, failure));
    case "missing":
      return [];
  }
}

/** One part of the document has the whole difference: the ERP computes this field differently. */
function differenceInOnePart({ record, difference: whole }: RecordFacts): string | null {
  if (whole === null || whole.units === 0) return null;
  const part = record.mismatches
    .filter(isOfAmount)
    .find(
      ({ kind, difference, currency }) =>
        PARTS.has(kind) &&
        currency === whole.currency &&
        Math.abs(minorUnits(difference)) === Math.abs(whole.units),
    );
  if (part === undefined) return null;
  return `The whole difference is in the ${part.kind}: ${part.expected} ${part.currency} at the storefront, ${part.actual} in the ERP.`;
}

/** Both sides have a discount, but not the same: the order's discount is shared differently. */
function isSharedDifferently({ refund, mismatches }: SyncRecord): boolean {
  if (refund === null || !refund.lines.some(({ discount }) => /[1-9]/.test(discount ?? "0")))
    return false;
  return mismatches.some(
    ({ kind, expected, actual }) =>
      kind === "discount" && /[1-9]/.test(expected) && /[1-9]/.test(actual),
  );
}

/** More than cents is rounding only where the rule that explains the brand's refunds covers it. */
function isOneOfDrift({ id }: SyncRecord, brand: BrandKnowledge | null): boolean {
  const finding = brand?.rounding ?? null;
  return finding !== null && !finding.unexplained.has(id);
}

/**
 * A difference of cents is more certainly rounding where the brand's rounding rule reproduces it.
 */
function centsOf(
  { id }: SyncRecord,
  drift: string,
  brand: BrandKnowledge | null,
): [sign: Sign, because: string] {
  const finding = brand?.rounding ?? null;
  if (finding === null) return ["cents", drift];
  if (finding.unexplained.has(id)) return ["cents_beside_rule", drift];
  return ["cents_by_rule", `${drift} ${roundingInWords(finding)}`];
}

/** The integration booked it and it is not final: the confirmation has not arrived yet. */
function awaitsApproval({ documents }: SyncRecord): boolean {
  return documents.some(({ state }) => state === "unapproved");
}

/** People delete single memos; a brand with many payouts without a memo always books them so. */
function paysWithoutMemos(brand: BrandKnowledge | null): boolean {
  return brand !== null && brand.payoutsAlone > Math.max(SOME_PAYOUTS, brand.refunds * 0.01);
}

/** A person changed the document after it was made. */
function edit(facts: RecordFacts, isExplained: boolean): Hypothesis[] {
  if (touched(facts, "document changed by hand") !== true) return [];
  const because = `A person changed ${namesOf(facts.record.documents)} after it was made.`;
  return [signOf(isExplained ? "changed_by_hand_too" : "changed_by_hand", because)];
}

/**
 * An account other than the integration that made the document changed it last: a person or another
 * system.
 */
function changedByAnotherAccount({ documents }: SyncRecord): Hypothesis[] {
  const other = documents.filter(
    ({ createdBy, modifiedBy }) =>
      createdBy.kind === "integration" &&
      modifiedBy.kind === "unknown" &&
      modifiedBy.id !== null &&
      modifiedBy.id !== createdBy.id,
  );
  if (other.length === 0) return [];
  const because = `An account other than the integration's was the last to change ${namesOf(other)}.`;
  return [signOf("ended_by_another_account", because)];
}

/** Null where the two systems do not say. */
function touched({ touches }: RecordFacts, kind: TouchKind): boolean | null {
  return touches.find((one) => one.kind === kind)?.touched ?? null;
}

function firstMismatch({ mismatches }: SyncRecord, failure: Failure): string {
  const seen = mismatches.find(({ kind }) => kind === failure) ?? mismatches[0];
  if (seen === undefined) return "The two sides differ.";
  if (seen.leg === "paid") {
    return `The refund's payments paid out ${seen.expected} ${seen.currency}, the ERP paid out ${seen.actual}.`;
  }
  if (seen.kind === "status")
    return `The document should be ${seen.expected}, but: ${seen.actual}.`;
  return `${seen.kind.replaceAll("_", " ")}: the storefront has ${seen.expected || "nothing"}, the ERP has ${seen.actual || "nothing"}.`;
}

function unexplained({ record, difference }: RecordFacts): string {
  const { units, currency } = difference ?? { units: 0, currency: "" };
  if (units === 0) return firstMismatch(record, "amount");
  return `No known formula gives the difference of ${amountOf(units, currency)} ${currency}.`;
}

const PARTS: ReadonlySet<string> = new Set(["tax", "shipping", "discount"]);
const AWAITS_APPROVAL = "The integration made it, and nobody has approved it yet.";
const SOME_PAYOUTS = 5;
const PAYOUT_ALONE = "The ERP has the payout but no longer has the credit memo that it paid.";
