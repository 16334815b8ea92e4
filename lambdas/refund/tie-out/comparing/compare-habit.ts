import { bookingKind, payoutOf } from "../../observation/booking.ts";
import { habitOn } from "../../observation/booking-habit.ts";
import type { BookingHabit } from "../../observation/booking-habit.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { channelPath, paidFromBank } from "../../observation/tenders.ts";
import { ofWords } from "../../record/mismatch.ts";
import type { Mismatch } from "../../record/mismatch.ts";
import { Money } from "../../money/money.ts";
import type { Policy } from "../../policy.ts";
import { localDay } from "../../time/local-day.ts";
import { after } from "../../time/instant.ts";
import type { Instant } from "../../time/instant.ts";
import { paidMismatch } from "./compare-paid.ts";

/**
 * Compares the booking with the ERP's habit for the refund's channel and gateway: a kind of document
 * that changed, and a credit that is not paid out in the usual time. The kind of what people entered
 * is their own choice.
 */
export function compareHabit(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  policy: Policy,
  now: Instant,
): { readonly mismatches: readonly Mismatch[]; readonly dueAt: Instant | null } {
  const judged = habitOf(refund, documents, policy);
  if (judged === null) return NOTHING;
  const { habit, day } = judged;
  const limit = payoutLimit(refund, documents, habit);
  const isUnpaid = limit !== null && limit <= now;
  const kind = kindMismatch(refund, documents, habit, { day, isUnpaid });
  return {
    mismatches: [...kind, ...(isUnpaid ? unpaidMismatch(refund, documents) : [])],
    dueAt: limit !== null && limit > now ? limit : null,
  };
}

/** When a credit is past the habit if it is not paid out by then; null where no habit says so. */
export function payoutExpectedBy(
  refund: StorefrontRefund,
  document: ErpDocument,
  policy: Policy,
): Instant | null {
  const { paidWithinMs = null } = habitOf(refund, [document], policy)?.habit ?? {};
  if (paidWithinMs === null || payoutOf(refund, [document]) === null) return null;
  return after(document.createdAt, paidWithinMs);
}

/** Whether a habit of the ERP says something about this booking. */
export function hasHabit(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  policy: Policy,
): boolean {
  const judged = habitOf(refund, documents, policy);
  if (judged === null) return false;
  const { habit } = judged;
  if (habit.change?.kind === bookingKind(documents)) return true;
  return habit.paidWithinMs !== null && payoutOf(refund, documents) !== null;
}

function habitOf(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  { habits = [], timeZone }: Policy,
): { readonly habit: BookingHabit; readonly day: string } | null {
  const [first] = documents;
  if (habits.length === 0 || first === undefined) return null;
  const day = localDay(first.createdAt, timeZone);
  const habit = habitOn(habits, channelPath(refund), day);
  return habit === null ? null : { habit, day };
}

function payoutLimit(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  { paidWithinMs }: BookingHabit,
): Instant | null {
  if (paidWithinMs === null || documents.some(({ settlement }) => settlement !== null)) return null;
  const payout = payoutOf(refund, documents);
  if (payout === null || payout.paidAt !== null) return null;
  return after(payout.createdAt, paidWithinMs);
}

function unpaidMismatch(refund: StorefrontRefund, documents: readonly ErpDocument[]): Mismatch[] {
  const currency = documents[0]?.currency ?? refund.currency;
  const due = paidFromBank(refund, currency, ["success"]);
  return due === null ? [] : [paidMismatch(due, Money.zero(currency))];
}

function kindMismatch(
  { currency }: StorefrontRefund,
  documents: readonly ErpDocument[],
  { kind: usual, change }: BookingHabit,
  { day, isUnpaid }: { readonly day: string; readonly isUnpaid: boolean },
): Mismatch[] {
  const kind = bookingKind(documents);
  if (usual === null || kind === usual) return [];
  const isNewKind = change !== null && kind === change.kind && day >= change.from;
  // A single credit among refunds that are paid at once is a wrong kind when nothing is paid out.
  if (!isNewKind && !isUnpaid) return [];
  if (documents.some(({ createdBy }) => createdBy.kind === "human")) return [];
  const actual = `${inWords(kind)}${isUnpaid ? ", not paid out" : ""}`;
  return [ofWords({ kind: "transaction_type", expected: inWords(usual), actual, currency })];
}

/** "credit_memo" is "credit memo". */
function inWords(kind: string): string {
  return kind.replaceAll("_", " ");
}

const NOTHING = { mismatches: [], dueAt: null };
