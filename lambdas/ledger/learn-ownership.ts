import { amountPartition, orderPartition } from "./keys.ts";
import { documentRecordId, refundRecordId } from "../refund/record/record-id.ts";
import { unsignedAmountKey } from "../refund/tie-out/pair-by-circumstance.ts";
import { OwnershipEvidence } from "../refund/observation/learn-ownership.ts";
import { ownershipOf } from "../refund/observation/ownership.ts";
import { orderOfRefund } from "../refund/observation/order-reference.ts";
import { after } from "../refund/time/instant.ts";
import type { Instant } from "../refund/time/instant.ts";
import type { SyncRecord } from "../refund/record/sync-record.ts";
import type { Policy } from "../refund/policy.ts";
import { utcDays } from "../refund/time/business-day.ts";
import { writeDue } from "./store/due.ts";
import type { DueEntry } from "./store/due.ts";
import { forEachDecision } from "./store/event-log.ts";
import { readOwnership, saveOwnership } from "./store/ownership.ts";
import type { KeptOwnership } from "./store/ownership.ts";
import type { Stores } from "./ports.ts";

/**
 * Learns from the log of the last 30 days which documents are this shop's, and has every document
 * evaluated again whose owner is another one now, together with the refunds of its order.
 *
 * The due entries are written before the result: after a crash in between, the next run finds the
 * same changes again.
 *
 * @param horizon both sources were read completely through this instant
 */
export async function learnOwnership(
  { table, objects }: Stores,
  policy: Policy,
  { now, horizon }: { readonly now: Instant; readonly horizon: Instant },
): Promise<KeptOwnership> {
  const before = await readOwnership(table);
  const evidence = new OwnershipEvidence(policy);
  const refundsOf = new Map<string, Set<string>>();
  await forEachDecision(
    objects,
    utcDays(after(now, -LOOK_BACK_MS), now),
    ({ refund, documents }) => {
      if (refund !== null) {
        evidence.addRefund(refund);
        const order = orderOfRefund(refund, policy);
        refundsOf.set(order, (refundsOf.get(order) ?? new Set()).add(refund.refundId));
      }
      for (const document of documents) evidence.addDocument(document);
    },
  );
  const scope = policy.scope ?? null;
  const kept: KeptOwnership = { learned: evidence.learned(horizon), scope, at: now };
  const { companyCount } = policy;
  const old = { scope: before?.scope ?? undefined, learned: before?.learned ?? null, companyCount };
  const next = { scope: policy.scope, learned: kept.learned, companyCount };
  const due: DueEntry[] = [];
  for (const [documentId, { traits, order, amount }] of evidence.documents()) {
    if (ownershipOf(traits, old) === ownershipOf(traits, next)) continue;
    const [currency = "", total = ""] = amount.split(" ");
    const alone = amountPartition(unsignedAmountKey(currency, total));
    const places = order === null ? [alone] : [alone, orderPartition(order)];
    const refunds = order === null ? [] : [...(refundsOf.get(order) ?? [])];
    const ids = [documentRecordId(documentId), ...refunds.map((id) => refundRecordId(id))];
    due.push(...places.flatMap((pk) => ids.map((sk) => ({ record: { pk, sk }, at: now }))));
  }
  await writeDue(table, due, now);
  await saveOwnership(table, kept);
  return kept;
}

/**
 * Whether to learn now: never learned, or for another scope of the brand file, or long ago. While
 * few documents were seen, or an owner is unclear, that is after some hours, else after a week,
 * because the whole log of 30 days is read.
 */
export function mustLearnAgain(
  kept: KeptOwnership | null,
  { scope }: Policy,
  now: Instant,
): boolean {
  if (kept === null || JSON.stringify(kept.scope) !== JSON.stringify(scope ?? null)) return true;
  const { company, prefix } = kept.learned;
  const agreed = prefix.reduce((sum, tally) => sum + tally.agreed, 0);
  const isEarly = agreed < MANY || company.some(({ ownership }) => ownership === "unclear");
  return after(kept.at, isEarly ? EARLY_MS : WEEK_MS) <= now;
}

/** Whether a record has a company that was not there when the owners were learned. */
export function hasUnknownCompany(
  { learned, at }: KeptOwnership,
  records: readonly SyncRecord[],
  now: Instant,
): boolean {
  if (after(at, AGAIN_AFTER_MS) > now) return false;
  const known = new Set(learned.company.map(({ value }) => value));
  return records.some(({ documents }) =>
    documents.some(({ company }) => company !== null && !known.has(company)),
  );
}

const LOOK_BACK_MS = 30 * 86_400_000;
const EARLY_MS = 4 * 3_600_000;
const WEEK_MS = 7 * 86_400_000;
const MANY = 100;
const AGAIN_AFTER_MS = 60 * 60_000;
