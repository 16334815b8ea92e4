import { rollUpLife } from "./tied-life.ts";
import type {
  ErpDocument,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import type { DailyRollup } from "../../lambdas/refund/diagnosis/rollup/daily-rollup.ts";
import { Delay } from "../../lambdas/refund/diagnosis/knowledge/delay.ts";
import { lagBucket } from "../../lambdas/refund/diagnosis/rollup/gap-buckets.ts";
import { tieOutAll } from "../../lambdas/refund/tie-out/tie-out-all.ts";
import { channelPath } from "../../lambdas/refund/observation/tenders.ts";
import { instantOf } from "../../lambdas/refund/time/instant.ts";
import { Random } from "../../local/life/random.ts";
import {
  buildDocument,
  buildPayment,
  buildPolicy,
  buildRefund,
} from "../../test/refund/builders.ts";

/**
 * A brand that has nothing but delays: batches of a quarter of an hour to a day, or documents that
 * come all the time; weekends and month ends on which nothing runs; refunds that miss some batches,
 * refunds that are lost, and lost ones that somebody sends again, one by one or all together.
 */
export type DelayLife = {
  readonly seed: number;
  readonly name: string;
  readonly refunds: readonly DelayedRefund[];
};

type DelayedRefund = {
  readonly settled: number;
  readonly channel: string;
  /** When the integration brings it by itself; null for a lost one. */
  readonly comes: number | null;
  /** When somebody sent it again; null for one that nobody sent. */
  readonly resent: number | null;
};

export function delayLife(seed: number): DelayLife {
  const dice = new Random(seed, "delay");
  const every = dice.pick(CADENCES);
  const rest = dice.pick(["none", "none", "weekend", "weekend", "month end"] as const);
  const second = dice.chance(0.3) ? dice.pick(CADENCES) : null;
  const lost = dice.between(0.003, 0.03);
  const skips = dice.chance(0.4) ? dice.between(0.002, 0.03) : 0;
  const perDay = dice.between(12, 120);
  const backfill = dice.chance(0.35) ? START + dice.between(12, 24) * DAY : null;
  const singles = dice.int(0, 4);
  const refunds: DelayedRefund[] = [];
  const hour = dice.int(0, 23) * HOUR;
  for (let at = START; at < START + DAYS * DAY;) {
    at += (-Math.log(1 - dice.next()) * DAY) / (perDay * rhythm(at));
    const channel = second !== null && dice.chance(0.3) ? "pos" : "web";
    const cadence = channel === "pos" && second !== null ? second : every;
    const skipped = dice.chance(skips) ? dice.int(1, 4) : 0;
    const comes = dice.chance(lost) ? null : arrival(at, { cadence, rest, hour, skipped, dice });
    const filled = comes === null && backfill !== null && at < backfill - HOUR;
    const resent = filled ? backfill + dice.between(0, 1) * HOUR : null;
    refunds.push({ settled: at, channel, comes, resent });
  }
  const gone = refunds.flatMap((one, index) =>
    one.comes === null && one.resent === null ? [index] : [],
  );
  for (let n = 0; n < singles && gone.length > 0; n += 1) {
    const index = dice.pick(gone);
    const one = refunds[index];
    if (one !== undefined) {
      refunds[index] = { ...one, resent: one.settled + dice.between(1, 9) * DAY };
    }
  }
  const name = `${every === null ? "at once" : `${every / HOUR} h`}, rest ${rest}, pos ${second === null ? "alike" : second / HOUR} ${backfill === null ? "" : "backfill "}lost ${lost.toFixed(3)} skips ${skips.toFixed(3)} ${perDay.toFixed(0)} a day`;
  return { seed, name, refunds };
}

/** What the product says at an instant about every refund that has not arrived, with the truth. */
export function sayDelays(life: DelayLife, now: number): DelaysSaid {
  const rollups = rollUpsOf(life, now);
  const delay = new Delay(rollups, instantOf(now));
  const said = life.refunds.flatMap((one) => {
    if (one.settled > now - HOUR || one.settled < now - 10 * DAY) return [];
    if ((arrived(one) ?? Infinity) <= now) return [];
    const { chance } = delay.ofRefund({
      settledAt: instantOf(Math.floor(one.settled)),
      path: channelPath({ channel: one.channel, transactions: [PAYMENT] }),
    });
    const later = life.refunds.filter(
      ({ settled, channel, comes }) =>
        settled > one.settled && channel === one.channel && comes !== null && comes <= now,
    );
    return [{ chance, comes: one.comes !== null, overtaken: later.length }];
  });
  const from = now - 30 * DAY;
  const usual = life.refunds
    .filter(({ settled, comes }) => settled >= from && comes !== null && comes <= now)
    .map(({ settled, comes }) => (comes ?? 0) - settled)
    .toSorted((a, b) => a - b);
  const percentiles = ([0.5, 0.9, 0.99] as const).map((share) => {
    const truth = usual[Math.ceil(share * usual.length) - 1] ?? 0;
    const told = delay.percentile(share);
    return {
      share,
      truth,
      told,
      off: told === null ? null : Math.abs(lagBucket(told) - lagBucket(truth)),
    };
  });
  return { said, percentiles, p99: delay.percentile(0.99) };
}

export type DelaysSaid = {
  readonly said: readonly {
    readonly chance: number | null;
    readonly comes: boolean;
    /** How many refunds of its channel were settled later and have arrived. */
    readonly overtaken: number;
  }[];
  readonly percentiles: readonly {
    readonly share: number;
    readonly truth: number;
    readonly told: number | null;
    readonly off: number | null;
  }[];
  readonly p99: number | null;
};

export const DELAY_LIFE_END = Date.UTC(2026, 2, 1) + 40 * 86_400_000;

function rollUpsOf({ refunds }: DelayLife, now: number): readonly DailyRollup[] {
  const seen: StorefrontRefund[] = [];
  const documents: ErpDocument[] = [];
  for (const [index, one] of refunds.entries()) {
    if (one.settled > now || one.settled < now - 31 * DAY) continue;
    const refundId = String(500_000_000 + index);
    const processedAt = instantOf(Math.floor(one.settled));
    const orderNumber = `#${100_000 + index}`;
    const payment = { ...PAYMENT, processedAt };
    seen.push(
      buildRefund({
        refundId,
        orderNumber,
        processedAt,
        settled: "10.00",
        channel: one.channel,
        transactions: [payment],
      }),
    );
    const at = arrived(one);
    if (at === null || at > now) continue;
    documents.push(
      buildDocument({
        documentId: String(index),
        createdAt: instantOf(Math.floor(at)),
        total: "10.00",
        references: [{ field: "external_id", text: refundId }],
      }),
    );
  }
  const policy = buildPolicy();
  const end = instantOf(now);
  const first = instantOf(now - 30 * DAY).slice(0, 10);
  const records = tieOutAll({ refunds: seen, documents }, policy, end);
  return rollUpLife(records, policy, end).filter(({ day }) => day >= first);
}

function arrived({ comes, resent }: DelayedRefund): number | null {
  return comes ?? resent;
}

type Road = {
  readonly cadence: number | null;
  readonly rest: "none" | "weekend" | "month end";
  readonly hour: number;
  readonly skipped: number;
  readonly dice: Random;
};

function arrival(at: number, { cadence, rest, hour, skipped, dice }: Road): number {
  if (cadence === null) {
    let comes = at + Math.exp(dice.normal() * 0.8) * 3 * MINUTE;
    if (skipped > 0) comes += dice.between(1, 12) * HOUR;
    while (rests(comes, rest)) comes += HOUR / 4;
    return comes;
  }
  const offset = hour % cadence;
  let run = Math.ceil((at - offset) / cadence) * cadence + offset;
  for (let left = skipped; ; run += cadence) {
    if (rests(run, rest)) continue;
    if (left === 0) return run + dice.between(1, 5) * MINUTE;
    left -= 1;
  }
}

function rests(at: number, rest: Road["rest"]): boolean {
  const day = new Date(at);
  if (rest === "weekend") return day.getUTCDay() === 0 || day.getUTCDay() === 6;
  if (rest === "none") return false;
  return new Date(at + 2 * DAY).getUTCMonth() !== day.getUTCMonth();
}

/** Few refunds at night. */
function rhythm(at: number): number {
  const hour = new Date(at).getUTCHours();
  return hour < 6 ? 0.2 : 1.3;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DAYS = 45;
const START = Date.UTC(2026, 2, 1);
const CADENCES = [null, 0.25 * HOUR, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR];
const PAYMENT = buildPayment({ id: "1", amount: "10.00", processedAt: instantOf(START) });
