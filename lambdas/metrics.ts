import { ENV, METRIC_DIMENSIONS, METRIC_NAMESPACE, METRICS } from "./names.ts";
import type { Log } from "./log.ts";

/** @param source of what is counted by source */
export type Count = (name: keyof typeof METRICS, value: number, source?: string) => void;

/**
 * A metric as one line of the log (CloudWatch embedded metric format): it costs no call, and a run
 * that cannot reach CloudWatch still counts.
 */
export const countMetric: Count = (name, value, source) => {
  const dimensions = {
    [METRIC_DIMENSIONS.brand]: brandName(),
    ...(source === undefined ? {} : { [METRIC_DIMENSIONS.source]: source }),
  };
  const metric = METRICS[name];
  const line = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: [{ Name: metric }],
        },
      ],
    },
    ...dimensions,
    [metric]: value,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** What the table charged a run. */
export function logMeter(
  log: Log,
  { writeUnits, readUnits }: { readonly writeUnits: number; readonly readUnits: number },
  job: string,
): void {
  const facts = { job, writeUnits, readUnits };
  log({ level: "info", code: "METER", sentence: "What the table charged this run.", facts });
}

function brandName(): string {
  const [, name = "unknown"] = /"brand":"([a-z0-9-]+)"/.exec(process.env[ENV.brand] ?? "") ?? [];
  return name;
}
