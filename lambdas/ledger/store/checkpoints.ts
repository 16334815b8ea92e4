import { gzipSync } from "node:zlib";

import { PREFIXES } from "../../names.ts";
import type { Checkpoint } from "../../refund/record/checkpoint.ts";
import type { Objects } from "../ports.ts";

/**
 * The checkpoints of the refunds that were processed on a local day: NDJSON, one line for each
 * refund, in the order of their ids. The file is written again as a whole when the day is rolled up
 * again, so no refund ever has two lines.
 */
export async function saveCheckpoints(
  objects: Objects,
  day: string,
  checkpoints: readonly Checkpoint[],
): Promise<void> {
  if (checkpoints.length === 0) return;
  const inOrder = checkpoints.toSorted((a, b) => (a.refundId < b.refundId ? -1 : 1));
  const body = `${inOrder.map((one) => JSON.stringify(one)).join("\n")}\n`;
  const key = `${PREFIXES.checkpoints}${day.replaceAll("-", "/")}.ndjson.gz`;
  await objects.put(key, gzipSync(body), "application/x-ndjson");
}
