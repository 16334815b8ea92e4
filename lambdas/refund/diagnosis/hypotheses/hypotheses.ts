import { isOfAmount } from "../../record/mismatch.ts";
import type { Pattern } from "../patterns/diagnosis.ts";
import { namesOf } from "../../observation/document-names.ts";
import { failureOf } from "../features/failure.ts";
import type { Failure } from "../features/failure.ts";
import { differenceOf } from "../features/difference.ts";
import { formulaOf } from "../features/difference-formula.ts";
import { touchesOf } from "../features/human-touch.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { isPayoutAlone } from "../features/payout-without-memo.ts";
import { amountOf, minorUnits } from "../../money/minor-units.ts";
import { missingHypotheses } from "./missing-refund.ts";
import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import { enteredByHand, ENTERED_WRONG } from "./entered-by-hand.ts";
import { partialSync } from "../patterns/partial-sync.ts";
import { promoMismatch } from "../patterns/promo-mismatch.ts";
import { roundingDrift } from "../patterns/rounding-drift.ts";
import { roundingInWords } from "../rounding/rounding-words.ts";
import { formulaInWords } from "../features/formula-words.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import type { Policy } from "../../policy.ts";

/** All that may have happened to one exception; what no hypothesis covers is "something else". */
export function hypothesesFor(
  record: SyncRecord,
  policy: Policy,
  brand: BrandKnowledge | null,
): readonly Hypothesis[] {
  const failure = failureOf(record);
  if (failure === null) return [];
  if (failure === "missing") return missingHypotheses(record, policy, brand);
  const byHand = hand(record, "document entered by hand");
  const changed = hand(record, "document changed by hand");
  if (byHand === true && ENTERED_WRONG.has(failure))
    return enteredByHand(record, policy, failure, brand);
  return bySigns(record, failure, { byHand, changed }, brand);
}

type Hands = { readonly byHand: boolean | null; readonly changed: boolean | null };

/** Failures that a machine's document shows by itself. */
function bySigns(
  record: SyncRecord,
  failure: Failure,
  hands: Hands,
  brand: BrandKnowledge | null,
): Hypothesis[] {
  const known = hands.byHand === null ? UNKNOWN_USER : 1;
  const partial = partialSync(record);
  const promo = promoMismatch(record);
  const drift = roundingDrift(record);
  const slip = formulaOf(record);
  const explained = promo !== null || drift !== null || slip !== null || partial !== null;
  const hidden = record.mismatches.some((mismatch) => mismatch.hidden === true);
  const standsIn = standsInOnePart(record);
  const edited = edit(record, hands, explained || hidden);
  const found = (pattern: Pattern | null, weight: number, because: string): Hypothesis[] => [
    { cause: "integration", pattern, weight: weight * known, reason: null, because },
    ...edited,
  ];
  switch (failure) {
    case "unreferenced":
    case "payment_reference":
      if (isPayoutAlone(record) && !paysWithoutMemos(brand)) {
        return [...found(null, 1.5, LONE_PAYOUT), lonePayout()];
      }
      return partial === null ? edited : found("partial_sync", 9, partial);
    case "orphan":
      if (record.order !== null && record.ambiguous.length > 0) {
        return found(
          null,
          3,
          `${namesOf(record.documents)} fits more than one refund of its order.`,
        );
      }
      return found(
        "partial_sync",
        3,
        `${namesOf(record.documents)} is in the ERP and names no refund of the storefront.`,
      );
    case "duplicate":
      return found(null, 8, `The ERP booked it more than once: ${namesOf(record.documents)}.`);
    case "currency":
    case "transaction_type":
      return found(null, 9, firstMismatch(record, failure));
    case "amount":
      if (promo !== null) return found("promo_mismatch", 12, promo);
      if (drift !== null) return found("rounding_drift", ...driftUnder(record, drift, brand));
      if (slip !== null) return found(null, 8, formulaInWords(slip));
      if (hidden) return found(null, 8, firstMismatch(record, failure));
      if (edited.length > 0) return edited;
      if (standsIn !== null && isSharedAnew(record) && isOneOfDrift(record, brand)) {
        return found("rounding_drift", 5, standsIn);
      }
      return standsIn === null
        ? [...found(null, 1.5, unexplained(record)), nobodyKnows(record)]
        : found(null, 5, standsIn);
    case "late":
      return found("async_gap", 9, "It arrived after the window, and was right when it came.");
    case "status":
      if (edited.length === 0 && awaitsApproval(record)) {
        return found("async_gap", 6, `${firstMismatch(record, failure)} ${WAITS_FOR_WORD}`);
      }
      if (edited.length > 0) return edited;
      return [...found(null, 1.5, firstMismatch(record, failure)), ...byAnother(record)];
    case "period":
      return edited.length > 0 ? edited : found(null, 1.5, firstMismatch(record, failure));
    case "missing":
      return [];
  }
}

/** The whole difference in one part of the document: a field that is worked out otherwise. */
function standsInOnePart(record: SyncRecord): string | null {
  const whole = differenceOf(record);
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
  return `The whole difference stands in the ${part.kind}: ${part.expected} ${part.currency} at the storefront, ${part.actual} in the ERP.`;
}

/** A part of the discount too much or too little, on all of it: the order's discount shared otherwise. */
function isSharedAnew({ refund, mismatches }: SyncRecord): boolean {
  if (refund === null || !refund.lines.some(({ discount }) => /[1-9]/.test(discount))) return false;
  return mismatches.some(
    ({ kind, expected, actual }) =>
      kind === "discount" && /[1-9]/.test(expected) && /[1-9]/.test(actual),
  );
}

/** More than cents is rounding only where one rule reproduces it, and it with the brand's others. */
function isOneOfDrift({ id }: SyncRecord, brand: BrandKnowledge | null): boolean {
  const finding = brand?.rounding ?? null;
  return finding !== null && !finding.unexplained.has(id);
}

function nobodyKnows(record: SyncRecord): Hypothesis {
  const because = unexplained(record);
  return { cause: "undetermined", pattern: null, weight: 0.4, reason: null, because };
}

/** Cents are rounding the surer, the more of the brand's cents one rule reproduces. */
function driftUnder(
  { id }: SyncRecord,
  drift: string,
  brand: BrandKnowledge | null,
): [weight: number, because: string] {
  const finding = brand?.rounding ?? null;
  if (finding === null) return [6, drift];
  if (finding.unexplained.has(id)) return [4, drift];
  return [12, `${drift} ${roundingInWords(finding)}`];
}

/** Booked by the machine and not final: what confirms it has not come yet. */
function awaitsApproval({ documents }: SyncRecord): boolean {
  return documents.some(({ state }) => state === "unapproved");
}

/** Memos vanish one at a time; a brand whose payouts stand alone by the dozen books them so. */
function paysWithoutMemos(brand: BrandKnowledge | null): boolean {
  return brand !== null && brand.payoutsAlone > Math.max(SOME_PAYOUTS, brand.refunds * 0.01);
}

/** A payout whose credit memo is gone: somebody voided or deleted the memo and left the money out. */
function lonePayout(): Hypothesis {
  return { cause: "process", pattern: null, weight: 8, reason: null, because: LONE_PAYOUT };
}

/** Somebody changed the document after the machine had made it. */
function edit(record: SyncRecord, { changed }: Hands, explained: boolean): Hypothesis[] {
  if (changed !== true) return [];
  const weight = explained ? EDIT_BESIDE_A_REASON : EDIT_ALONE;
  const because = `A person changed ${namesOf(record.documents)} after it was made.`;
  return [{ cause: "process", pattern: null, weight, reason: null, because }];
}

/** Another account than the machine that made a document ended it: a person, or a second machine. */
function byAnother({ documents }: SyncRecord): Hypothesis[] {
  const other = documents.filter(
    ({ createdBy, modifiedBy }) =>
      createdBy.kind === "integration" &&
      modifiedBy.kind === "unknown" &&
      modifiedBy.id !== null &&
      modifiedBy.id !== createdBy.id,
  );
  if (other.length === 0) return [];
  const because = `Another account than the integration's ended ${namesOf(other)}.`;
  return [{ cause: "process", pattern: null, weight: 6, reason: null, because }];
}

function hand(record: SyncRecord, kind: string): boolean | null {
  return touchesOf(record).find((one) => one.hand === kind)?.touched ?? null;
}

function firstMismatch({ mismatches }: SyncRecord, failure: Failure): string {
  const seen = mismatches.find(({ kind }) => kind === failure) ?? mismatches[0];
  if (seen === undefined) return "The two sides differ.";
  return `${seen.kind.replaceAll("_", " ")}: the storefront has ${seen.expected || "nothing"}, the ERP ${seen.actual || "nothing"}.`;
}

function unexplained(record: SyncRecord): string {
  const difference = differenceOf(record);
  if (difference === null) return firstMismatch(record, "amount");
  const { units, currency } = difference;
  return `The difference of ${amountOf(units, currency)} ${currency} is none of the known slips.`;
}

const PARTS: ReadonlySet<string> = new Set(["tax", "shipping", "discount"]);
const WAITS_FOR_WORD = "The integration made it and waits for a confirmation.";
const SOME_PAYOUTS = 5;
const LONE_PAYOUT = "The ERP has the payout but no longer the credit memo that it paid.";
/** A hand on a document that a machine's slip explains may have touched anything else. */
const EDIT_ALONE = 8;
const EDIT_BESIDE_A_REASON = 1.5;
/** Where the ERP does not say who made a document, a person may have. */
const UNKNOWN_USER = 0.6;
