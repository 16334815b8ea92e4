import { ENV, METRIC_DIMENSIONS, METRIC_NAMESPACE, METRICS } from "./names.ts";
import type { Log } from "./log.ts";

/** @param source only for a metric that is counted for each source */
export type Count = (name: keyof typeof METRICS, value: number, source?: string) => void;

/**
 * Writes a metric as one log line (CloudWatch embedded metric format). This needs no API call, so a
 * run that cannot reach CloudWatch is counted too.
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

export function logMeter(
  log: Log,
  { writeUnits, readUnits }: { readonly writeUnits: number; readonly readUnits: number },
  job: string,
): void {
  const facts = { job, writeUnits, readUnits };
  log({ level: "info", code: "METER", sentence: "Table units used by this run.", facts });
}

function brandName(): string {
  const [, name = "unknown"] = /"brand":"([a-z0-9-]+)"/.exec(process.env[ENV.brand] ?? "") ?? [];
  return name;
}
