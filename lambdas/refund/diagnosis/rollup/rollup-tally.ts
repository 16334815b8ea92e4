import { lagBucket } from "./gap-buckets.ts";
import { isWithin } from "./bursts.ts";
import type { Burst } from "./bursts.ts";
import type { DailyRollup } from "./daily-rollup.ts";
import type { Failure } from "../features/failure.ts";
import { SEGMENT_KEYS } from "../features/features.ts";
import type { SegmentKey } from "../features/features.ts";
import { formulasFor } from "../features/difference-formula.ts";
import { isPayoutAlone } from "../features/payout-without-memo.ts";
import { MAPPED_FIELDS, mappingOf } from "../features/field-mapping.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { bookingKind, payoutOf } from "../../observation/booking.ts";
import { channelPath } from "../../observation/tenders.ts";
import { msOf } from "../../time/instant.ts";
import { QUARTER_MS } from "./quarters.ts";
import { clockStart } from "../../observation/refund-figures.ts";
import { RollupPaths } from "./path-tally.ts";
import { RoundingCases } from "../rounding/rounding-sample.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import type { RecordFacts } from "../features/record-facts.ts";

type MappingTally = { refunds: number; filled: number; agreed: number };
type BookingTally = {
  refunds: number;
  readonly paid: Map<string, number>;
  readonly unpaid: Map<string, number>;
};
type Counted = { refunds: number; failed: Partial<Record<Failure, number>> };

/** Counts a day, one record after another. The size of the result has an upper limit. */
export class RollupTally {
  readonly #bursts: readonly Burst[];
  #refunds = 0;
  readonly #failed: Partial<Record<Failure, { count: number; ids: string[] }>> = {};
  readonly #segments: Partial<Record<SegmentKey, Map<string, Counted>>> = {};
  readonly #paths = new RollupPaths();
  readonly #within: ReadonlyMap<Burst, RollupPaths>;
  readonly #twins = new Map<string, Counted>();
  readonly #formulas = new Map<string, { applies: number; shown: number }>();
  readonly #lags = new Map<
    string,
    { arrived: Map<string, number>; waiting: Map<string, number> }
  >();
  readonly #bookings = new Map<string, Map<string, BookingTally>>();
  readonly #arrivals = new Map<number, number>();
  readonly #hands = new Map<string, { known: number; touched: number }>();
  #payoutsAlone = 0;
  readonly #credits: DailyRollup["credits"] = [];
  #creditsLeftOut = 0;
  readonly #cases = new RoundingCases();
  readonly #mapping = new Map<string, Map<string, MappingTally>>();

  constructor(bursts: readonly Burst[]) {
    this.#bursts = bursts;
    this.#within = new Map(bursts.map((burst) => [burst, new RollupPaths()]));
  }

  pathsWithin(burst: Burst): DailyRollup["paths"] {
    return this.#within.get(burst)?.all() ?? [];
  }

  countFailure(failure: Failure, id: string): void {
    const seen = (this.#failed[failure] ??= { count: 0, ids: [] });
    seen.count += 1;
    if (seen.ids.length < SAMPLES) seen.ids.push(id);
  }

  /**
   * Only documents of the integration show a batch or a lag: people enter documents at any time.
   */
  countArrival({ createdBy, createdAt }: ErpDocument): void {
    if (createdBy.kind === "human") return;
    const interval = Math.floor(Date.parse(createdAt) / FIVE_MINUTES);
    this.#arrivals.set(interval, (this.#arrivals.get(interval) ?? 0) + 1);
  }

  /**
   * The time from the settlement of the money to the ERP's document. A refund that was booked without
   * a known time of its document, or of which a person said that nothing will come, shows no lag.
   */
  countLag({ documents, gapMs, status }: SyncRecord, refund: StorefrontRefund): void {
    if (documents.some(({ createdBy }) => createdBy.kind === "human")) return;
    const arrived = documents.length > 0;
    if (arrived ? gapMs === null : status === "resolved") return;
    const from = msOf(clockStart(refund));
    const { arrived: came, waiting } = entry(this.#lags, channelPath(refund), MOST_PATHS, () => ({
      arrived: new Map<string, number>(),
      waiting: new Map<string, number>(),
    }));
    if (arrived) add(came, [Math.floor(from / QUARTER_MS), lagBucket(gapMs ?? 0)]);
    else add(waiting, [Math.floor(from / QUARTER_MS)]);
  }

  /** A refund as credit, whether it is decided or not. */
  countCredit(refund: StorefrontRefund): void {
    if (refund.shopCredit === undefined) return;
    if (this.#credits.length >= MOST_CREDITS) {
      this.#creditsLeftOut += 1;
      return;
    }
    const { refundId, orderId, orderNumber, orderCreatedAt, settled, currency } = refund;
    this.#credits.push({
      refundId,
      orderId,
      orderNumber,
      orderCreatedAt,
      at: clockStart(refund),
      amount: settled,
      currency,
      ...refund.shopCredit,
    });
  }

  /** How the integration booked it: by people, each booking is a choice of its own. */
  countBooking({ documents }: SyncRecord, refund: StorefrontRefund): void {
    const valid = documents.filter(isBooking);
    if (valid.length === 0 || valid.some(({ createdBy }) => createdBy.kind === "human")) return;
    const kinds = entry(this.#bookings, channelPath(refund), MOST_PATHS, noKinds);
    const tally = entry(kinds, bookingKind(valid), MOST_KINDS, () => ({
      refunds: 0,
      paid: new Map<string, number>(),
      unpaid: new Map<string, number>(),
    }));
    tally.refunds += 1;
    const payout = payoutOf(refund, valid);
    if (payout === null) return;
    const { createdAt, paidAt } = payout;
    if (paidAt === null) add(tally.unpaid, [Math.floor(msOf(createdAt) / HOUR_MS)]);
    else add(tally.paid, [lagBucket(Math.max(0, msOf(paidAt) - msOf(createdAt)))]);
  }

  countRefund(facts: RecordFacts): void {
    const { record, failure, features, path, touches } = facts;
    const { refund } = record;
    if (refund === null || features === null || path === null) return;
    this.#refunds += 1;
    if (failure !== null) this.countFailure(failure, record.id);
    for (const key of SEGMENT_KEYS) {
      const value = features.segments[key];
      if (value === null) continue;
      addTo(entry((this.#segments[key] ??= new Map()), value, MOST_VALUES, counted), failure);
    }
    addTo(entry(this.#twins, features.profile, MOST_TWINS, counted), failure);
    // A loss in a burst is no evidence about the workflow path of the refund.
    const burst = this.#bursts.find((one) => isWithin([one], refund.processedAt));
    const paths = burst === undefined ? this.#paths : this.#within.get(burst);
    paths?.count(path, fitsSeveral(record) ? null : failure);
    if (isPayoutAlone(record)) this.#payoutsAlone += 1;
    this.#countFormulas(facts, refund);
    for (const { kind, touched } of touches) {
      const seen = entry(this.#hands, kind, MOST_VALUES, () => ({ known: 0, touched: 0 }));
      seen.known += 1;
      if (touched) seen.touched += 1;
    }
    this.#cases.offer(facts);
    this.#countMapping(record, refund);
  }

  counts(): Omit<
    DailyRollup,
    "version" | "day" | "rolledUpAt" | "bursts" | "quarters" | "checkpoints"
  > {
    return {
      refunds: this.#refunds,
      failed: this.#failed,
      segments: Object.fromEntries(
        Object.entries(this.#segments).map(([key, values]) => [key, Object.fromEntries(values)]),
      ),
      paths: this.#paths.all(),
      twins: Object.fromEntries(this.#twins),
      slips: Object.fromEntries(this.#formulas),
      lags: Object.fromEntries(
        [...this.#lags].map(([path, { arrived, waiting }]) => [
          path,
          { arrived: triples(arrived), waiting: pairs(waiting) },
        ]),
      ),
      bookings: Object.fromEntries(
        [...this.#bookings].map(([path, kinds]) => [
          path,
          Object.fromEntries([...kinds].map(([kind, tally]) => [kind, stored(tally)])),
        ]),
      ),
      arrivals: [...this.#arrivals].toSorted(([a], [b]) => a - b),
      hands: Object.fromEntries(this.#hands),
      payoutsAlone: this.#payoutsAlone,
      credits: this.#credits,
      creditsLeftOut: this.#creditsLeftOut,
      roundingCases: this.#cases.kept(),
      mapping: Object.fromEntries(
        [...this.#mapping].map(([type, fields]) => [type, Object.fromEntries(fields)]),
      ),
    };
  }

  #countFormulas({ record, formula: shown }: RecordFacts, refund: StorefrontRefund): void {
    const currency = record.documents[0]?.currency;
    if (currency === undefined) return;
    for (const name of new Set(formulasFor(refund, currency).map((formula) => formula.name))) {
      const seen = entry(this.#formulas, name, MOST_VALUES, () => ({ applies: 0, shown: 0 }));
      seen.applies += 1;
      if (name === shown) seen.shown += 1;
    }
  }

  #countMapping(record: SyncRecord, refund: StorefrontRefund): void {
    const results = mappingOf(record);
    if (results === null) return;
    const fields = entry(this.#mapping, channelPath(refund), MOST_PATHS, noFields);
    for (const field of MAPPED_FIELDS) {
      const one = results[field];
      if (one === null) continue;
      const seen = entry(fields, field, MOST_VALUES, () => ({ refunds: 0, filled: 0, agreed: 0 }));
      seen.refunds += 1;
      if (one.filled) seen.filled += 1;
      if (one.agreed) seen.agreed += 1;
    }
  }
}

/**
 * Several documents fit the refund and no rule decides which one: it was not left out by people.
 */
function fitsSeveral({ documents, ambiguous }: SyncRecord): boolean {
  return documents.length === 0 && ambiguous.length > 0;
}

/** The entry for a key; beyond `most` different keys, one entry for all the others. */
function entry<Value>(
  map: Map<string, Value>,
  key: string,
  most: number,
  start: () => Value,
): Value {
  const storedKey = map.has(key) || map.size < most ? key : OTHERS;
  const seen = map.get(storedKey) ?? start();
  map.set(storedKey, seen);
  return seen;
}

function noKinds(): Map<string, BookingTally> {
  return new Map();
}

function noFields(): Map<string, MappingTally> {
  return new Map();
}

function counted(): Counted {
  return { refunds: 0, failed: {} };
}

function addTo(to: Counted, failure: Failure | null): void {
  to.refunds += 1;
  if (failure !== null) to.failed[failure] = (to.failed[failure] ?? 0) + 1;
}

/** Counts under a key of one number or several. */
function add(tally: Map<string, number>, key: readonly number[]): void {
  const name = key.join(" ");
  tally.set(name, (tally.get(name) ?? 0) + 1);
}

function pairs(tally: ReadonlyMap<string, number>): [number, number][] {
  const all = [...tally].map(([key, count]): [number, number] => [Number(key), count]);
  return all.toSorted(([a], [b]) => a - b);
}

function triples(tally: ReadonlyMap<string, number>): [number, number, number][] {
  const all = [...tally].map(([key, count]): [number, number, number] => {
    const [quarter = 0, bucket = 0] = key.split(" ").map(Number);
    return [quarter, bucket, count];
  });
  return all.toSorted(([a, b], [c, d]) => a - c || b - d);
}

function stored({ refunds, paid, unpaid }: BookingTally): DailyRollup["bookings"][string][string] {
  return { refunds, paid: pairs(paid), unpaid: pairs(unpaid) };
}

/** A void document books nothing. */
function isBooking({ state }: ErpDocument): boolean {
  return !["voided", "rejected", "deleted", "payout", "billed"].includes(state);
}

const OTHERS = "(others)";
const FIVE_MINUTES = 300_000;
const SAMPLES = 20;
const MOST_VALUES = 60;
const MOST_TWINS = 200;
const MOST_PATHS = 24;
const MOST_KINDS = 8;
const MOST_CREDITS = 2_000;
const HOUR_MS = 3_600_000;
