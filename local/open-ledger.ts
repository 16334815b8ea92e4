import { join } from "node:path";

import { awsStores } from "../lambdas/aws/stores.ts";
import type { Stores } from "../lambdas/ledger/ports.ts";
import { startCloud } from "./cloud/cloud.ts";
import { synthesise } from "./cloud/synthesise.ts";

/** Opens the table and bucket of a local state, for commands that read it or record a decision. */
export async function openLedger(
  config: string,
  stateDir: string,
): Promise<Stores & { close(): Promise<void> }> {
  const stack = await synthesise(config, join(stateDir, "synth"));
  const cloud = await startCloud({ ...stack, stateDir, secrets: {} });
  Object.assign(process.env, {
    ...cloud.endpoints,
    AWS_REGION: "us-east-1",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  });
  const { TableName: table = "", BucketName: bucket = "" } = cloud.outputs;
  const { stores } = awsStores({ table, bucket });
  return { ...stores, close: async () => cloud.stop() };
}
