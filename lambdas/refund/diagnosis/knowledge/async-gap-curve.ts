import { bucketEnd } from "../rollup/gap-buckets.ts";
import type { DailyRollup } from "../rollup/daily-rollup.ts";
import { inWords } from "../../time/instant.ts";
import { arrivedBy, survivalCurve } from "../../statistics/kaplan-meier.ts";
import type { SurvivalCurve, Waited } from "../../statistics/kaplan-meier.ts";

/** The learned distribution of the async gap, of all refunds or of one channel, in milliseconds. */
export function lagCurve(rollups: readonly DailyRollup[], channel = "all"): SurvivalCurve {
  const waited: Waited[] = [];
  for (const { lags } of rollups) {
    const seen = lags[channel];
    for (const [bucket, count] of seen?.arrived ?? []) {
      waited.push({ time: bucketEnd(bucket), arrived: true, count });
    }
    for (const [bucket, count] of seen?.waiting ?? []) {
      waited.push({ time: bucketEnd(bucket), arrived: false, count });
    }
  }
  return survivalCurve(waited);
}

/** The lag by which this share of refunds has arrived, as an ISO 8601 duration. */
export function lagPercentile(curve: SurvivalCurve, share: number): string | null {
  const ms = arrivedBy(curve, share);
  return ms === null ? null : isoDuration(ms);
}

/** The same in words, "4 h": for sentences. */
export function lagInWords(curve: SurvivalCurve, share: number): string | null {
  const ms = arrivedBy(curve, share);
  return ms === null ? null : inWords(ms);
}

/** 14,400,000 ms is "PT4H". */
export function isoDuration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const [days, hours, rest] = [
    Math.floor(minutes / 1440),
    Math.floor((minutes % 1440) / 60),
    minutes % 60,
  ];
  const time = `${hours === 0 ? "" : `${hours}H`}${rest === 0 ? "" : `${rest}M`}`;
  if (days === 0 && time === "") return "PT0M";
  return `P${days === 0 ? "" : `${days}D`}${time === "" ? "" : `T${time}`}`;
}
