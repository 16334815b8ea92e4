import { join } from "node:path";
import * as z from "zod";

import { startCloud } from "./cloud/cloud.ts";
import type { Cloud } from "./cloud/cloud.ts";
import { synthesise } from "./cloud/synthesise.ts";

export type Job = "pull" | "watch" | "digest";

export type Cycle = {
  /** The brand file. */
  readonly config: string;
  /** Name of a secret → its value. */
  readonly secrets: Readonly<Record<string, unknown>>;
  /** The folder in which the local cloud keeps its state. */
  readonly state: string;
  readonly now: string;
  readonly jobs: readonly Job[];
  readonly say: (line: string) => void;
};

export type Failure = { readonly job: string; readonly error: string };

/**
 * Runs one cycle of the deployed handlers on a local cloud made from the synthesised stack: both
 * pulls, then the watch, then the digest. A job that fails does not stop the others.
 */
export async function runCycle(cycle: Cycle): Promise<readonly Failure[]> {
  const { state: stateDir, secrets } = cycle;
  const stack = await synthesise(cycle.config, join(stateDir, "synth"));
  const cloud = await startCloud({ ...stack, stateDir, secrets });
  try {
    return await fire(cloud, cycle);
  } finally {
    await cloud.stop();
  }
}

/** Fires the schedules of each job once, at the time of the cycle. */
export async function fire(
  cloud: Cloud,
  { jobs, now, say }: Pick<Cycle, "jobs" | "now" | "say">,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const name of jobs.flatMap((job) => SCHEDULES[job])) {
    const schedule = cloud.schedules().find((one) => one.name === name);
    if (schedule === undefined) throw new Error(`the template has no schedule ${name}`);
    const answer = await cloud.fire(schedule, new Date(now));
    if (!answer.ok) {
      failures.push({ job: name, error: answer.error });
      continue;
    }
    say(`${name}: ${JSON.stringify(answer.result)}`);
    const refused = refusalSchema.safeParse(answer.result);
    if (refused.success) failures.push({ job: name, error: refused.data.refused });
  }
  return failures;
}

/** A refused pull has read nothing, so it counts as failed. */
const refusalSchema = z.object({ refused: z.string() });

/** The stack's schedules, by job. */
const SCHEDULES: Readonly<Record<Job, readonly string[]>> = {
  pull: ["PullStorefront", "PullErp"],
  watch: ["Watch"],
  digest: ["Digest"],
};
