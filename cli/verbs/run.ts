import { resolve } from "node:path";
import { readBrandFile } from "../../lib/brand-file.ts";
import { runCycle } from "../../local/run-cycle.ts";
import type { Job } from "../../local/run-cycle.ts";
import { readInstant, readJsonFile, readOptions, required } from "../options.ts";
import { UsageError } from "../usage-error.ts";

/** One cycle of the real handlers on a local cloud. */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, ["config", "credentials", "state", "now", "jobs"]);
  const config = required(values.config, "config");
  readBrandFile(config);
  const failures = await runCycle({
    config,
    secrets: readJsonFile(required(values.credentials, "credentials")),
    state: resolve(required(values.state, "state")),
    now: values.now === undefined ? new Date().toISOString() : readInstant(values.now),
    jobs: readJobs(values.jobs ?? "pull,watch,digest"),
    say: (line) => process.stdout.write(`${line}\n`),
  });
  for (const { job, error } of failures)
    process.stderr.write(`refund-watch: ${job} failed: ${error}\n`);
  return failures.length === 0 ? 0 : 1;
}

function readJobs(list: string): Job[] {
  const named = list.split(",").map((word) => word.trim());
  const jobs = ALL_JOBS.filter((job) => named.includes(job));
  const unknown = named.find((word) => !ALL_JOBS.some((job) => job === word));
  if (unknown !== undefined) {
    throw new UsageError(`--jobs takes pull, watch and digest, got ${JSON.stringify(unknown)}`);
  }
  return jobs;
}

const ALL_JOBS: readonly Job[] = ["pull", "watch", "digest"];
