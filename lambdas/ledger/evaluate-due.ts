import { isAmountPartition, isOrderPartition, orderInPartition, orderPartition } from "./keys.ts";
import type { Log } from "../log.ts";
import { after } from "../refund/time/instant.ts";
import type { Instant } from "../refund/time/instant.ts";
import type { SyncRecord } from "../refund/record/sync-record.ts";
import type { Rules } from "./rules.ts";
import { writeDue } from "./store/due.ts";
import type { DueEntry, DueItem } from "./store/due.ts";
import { searchNotes, mayPairByCircumstance } from "./pair-by-amount.ts";
import type { Stores } from "./ports.ts";
import { evaluateAmounts, evaluateOrders } from "./evaluate-orders.ts";
import type { CollectionPlan } from "./pair-by-amount.ts";

/**
 * Evaluates the due items one after another: first the rules of each order; then, once for all
 * items, rule 5 (circumstance) for the refunds that still have no document. Each order, and each
 * collection of equal amounts, is read once in a run, even if many due items name it.
 */
export class DueEvaluation {
  readonly #ports: Stores;
  readonly #rules: Rules;
  readonly #log: Log;
  /** Orders that this run has evaluated: many due items may name one of them. */
  readonly #orders = new Map<string, readonly SyncRecord[]>();
  readonly #settled = new Map<string, SyncRecord>();
  readonly #named = new Set<string>();
  readonly #collections = new Set<string>();
  /** Collections that lost a document to a refund's own order. */
  readonly #vacated = new Set<string>();
  readonly #next: DueEntry[] = [];

  constructor(ports: Stores, rules: Rules, log: Log) {
    this.#ports = ports;
    this.#rules = rules;
    this.#log = log;
  }

  async evaluate({ records: names, kind }: DueItem): Promise<void> {
    const partitions = new Set(names.map(({ pk }) => pk));
    for (const { pk, sk } of names) this.#named.add(`${pk}|${sk}`);
    for (const pk of partitions) if (isAmountPartition(pk)) this.#collections.add(pk);
    const orders = [...partitions].filter(isOrderPartition);
    const fresh = orders.filter((pk) => !this.#orders.has(pk));
    const plans = await evaluateOrders(
      this.#ports,
      fresh.map((pk) => orderInPartition(pk)),
      this.#rules,
    );
    for (const { order, records, vacated } of plans) {
      this.#orders.set(orderPartition(order), records);
      for (const pk of vacated) this.#vacated.add(pk);
    }
    for (const pk of orders) {
      const records = this.#orders.get(pk) ?? [];
      const dueKeys = new Set(names.map(({ pk: at, sk }) => `${at}|${sk}`));
      for (const record of records.filter(({ id }) => dueKeys.has(`${pk}|${id}`))) {
        this.#settled.set(record.id, record);
        this.#next.push(...nextEvaluation(pk, record, kind, this.#rules));
      }
      if (!fresh.includes(pk)) continue;
      for (const note of records.filter(mayPairByCircumstance).flatMap(searchNotes)) {
        await this.#ports.table.put(note, "any");
        this.#collections.add(note.pk);
      }
    }
  }

  /** @returns every evaluated record as it is now; call it before the due items are removed */
  async finish(): Promise<readonly SyncRecord[]> {
    const paired = await this.#evaluateAmounts();
    for (const { pk, changes, records, tooMany } of paired) {
      if (tooMany !== null) this.#sayTooMany(pk, tooMany);
      // This includes a document that did not change now: a person may have resolved it.
      for (const one of records) {
        if (one.refund !== null || !this.#named.has(`${pk}|${one.id}`)) continue;
        this.#settled.set(one.id, one);
        // It waits for a refund in quarantine, and no time says when that ends.
        if (one.status === "pending" && one.dueAt === null) {
          this.#next.push({ record: { pk, sk: one.id }, at: later(null, this.#rules.now) });
        }
      }
      for (const { record } of changes) this.#settled.set(record.id, record);
    }
    await writeDue(this.#ports.table, this.#next, this.#rules.now);
    return [...this.#settled.values()];
  }

  /** What one collection gives back is evaluated after it: in the order of their keys this ends. */
  async #evaluateAmounts(): Promise<readonly CollectionPlan[]> {
    const vacated = new Set(this.#vacated);
    let names = [...new Set([...this.#collections, ...vacated])];
    const plans: CollectionPlan[] = [];
    for (let round = 1; names.length > 0 && round <= MOST_ROUNDS; round += 1) {
      const found = await evaluateAmounts(this.#ports, names, this.#rules, vacated);
      plans.push(...found);
      names = [...new Set(found.flatMap(({ released }) => released))];
      for (const pk of names) vacated.add(pk);
    }
    return plans;
  }

  #sayTooMany(collection: string, refunds: number): void {
    const sentence =
      "Too many refunds with the same amount search for a document without an order: they are not paired by circumstance (rule 5).";
    this.#log({
      level: "warn",
      code: "AMOUNT_TOO_COMMON",
      sentence,
      facts: { collection, refunds },
    });
  }
}

/**
 * When to evaluate the record again. A record that is due but must still wait (a source is behind)
 * is evaluated again after 15 minutes. Every refund is evaluated once at its checkpoint, whatever
 * happened before: an item that was written for a later time is used for the checkpoint too; for an
 * item that was due at once, the checkpoint is added here.
 */
function nextEvaluation(
  pk: string,
  record: SyncRecord,
  kind: DueItem["kind"],
  { policy, now }: Rules,
): DueEntry[] {
  const key = { pk, sk: record.id };
  if (record.status === "pending") return [{ record: key, at: later(record.dueAt, now) }];
  // A credit that waits for its payout is listed for that time already, unless it is due now.
  const payout = kind === "later" && (record.dueAt ?? "") > now ? null : record.dueAt;
  const waiting = payout === null ? [] : [{ record: key, at: later(payout, now) }];
  const checkpoint = kind !== "soon" ? null : checkpointOf(record, policy.checkpointAfterMs);
  if (checkpoint === null || checkpoint <= now) return waiting;
  return [...waiting, { record: key, at: checkpoint }];
}

function checkpointOf({ refund }: SyncRecord, afterMs: number): Instant | null {
  return refund === null ? null : after(refund.processedAt, afterMs);
}

function later(dueAt: Instant | null, now: Instant): Instant {
  const soon = after(now, RETRY_MS);
  return dueAt !== null && dueAt > soon ? dueAt : soon;
}

/** A refund searches under four amounts at most: two currencies, a part and the whole. */
const MOST_ROUNDS = 5;
const RETRY_MS = 15 * 60_000;
