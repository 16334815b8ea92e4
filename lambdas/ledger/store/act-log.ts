import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

import { PREFIXES } from "../../names.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { Objects } from "../ports.ts";

/**
 * What people and the watch did: append-only NDJSON by UTC day, one line for each act. The
 * decisions on records are in the event log: a decision says what is true, an act says who did what
 * and when.
 */
export type Act = {
  readonly act: "resolve" | "answer" | "fix" | "alert";
  /** A record's id, a cohort's key, or a message's dedupe key. */
  readonly subject: string;
  /** A person's name as they gave it, or the job. */
  readonly by: string;
  /** What was said or found, in words or as a status. */
  readonly said: string;
};

/**
 * The same acts at the same instant give the same object, so a repeat after a crash adds nothing.
 */
export async function appendActs(
  objects: Objects,
  acts: readonly Act[],
  now: Instant,
): Promise<void> {
  const [first] = acts;
  if (first === undefined) return;
  const lines = acts.map((act) => JSON.stringify({ at: now, ...act })).toSorted();
  const body = `${lines.join("\n")}\n`;
  const name = createHash("sha256").update(body).digest("hex").slice(0, 16);
  const day = now.slice(0, 10).replaceAll("-", "/");
  const key = `${PREFIXES.log}acts/${day}/${now.replaceAll(":", "")}-${first.act}-${name}.ndjson.gz`;
  await objects.put(key, gzipSync(body), "application/x-ndjson");
}
