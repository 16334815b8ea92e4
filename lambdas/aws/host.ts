import type { Host } from "../host.ts";
import { log } from "../log.ts";
import { countMetric } from "../metrics.ts";
import { awsStores } from "./stores.ts";

/** A Lambda function of the brand's stack. */
export const awsHost: Host = {
  env: process.env,
  clock: Date.now,
  stores: awsStores,
  log,
  count: countMetric,
};
