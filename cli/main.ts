import { BrandFileError } from "../lambdas/brand.ts";
import { UsageError } from "./usage-error.ts";
import { USAGE } from "./usage.ts";

/**
 * The operator's command line.
 *
 * @returns the exit code: 0 when all ran, 1 when a job failed, 2 for a usage or configuration error
 */
export async function main(words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words;
  if (verb === undefined || verb === "help" || rest.includes("--help") || verb === "--help") {
    process.stdout.write(USAGE);
    return verb === undefined ? 2 : 0;
  }
  const command = COMMANDS.get(verb);
  try {
    if (command === undefined) throw new UsageError(notACommand(verb));
    return await command(rest);
  } catch (error) {
    process.stderr.write(`refund-watch: ${messageOf(error)}\n`);
    return error instanceof UsageError || error instanceof BrandFileError ? 2 : 1;
  }
}

type Command = (words: readonly string[]) => Promise<number>;

/** Loaded when called, because a cycle must not wait until the demo's simulators are loaded. */
const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["answer", async (words) => (await import("./verbs/answer.ts")).answer(words)],
  ["demo", async (words) => (await import("./verbs/demo.ts")).runDemo(words)],
  ["doctor", async (words) => (await import("./verbs/doctor.ts")).doctor(words)],
  ["explain", async (words) => (await import("./verbs/explain.ts")).explain(words)],
  ["fix", async (words) => (await import("./verbs/fix.ts")).fix(words)],
  ["rebuild", async (words) => (await import("./verbs/rebuild.ts")).rebuild(words)],
  ["resolve", async (words) => (await import("./verbs/resolve.ts")).resolve(words)],
  ["run", async (words) => (await import("./verbs/run.ts")).run(words)],
  ["status", async (words) => (await import("./verbs/status.ts")).status(words)],
  ["triage", async (words) => (await import("./verbs/triage.ts")).triage(words)],
]);

/** Commands that are planned but are not in this version. */
const NOT_YET = new Set(["ack", "backfill"]);

function notACommand(verb: string): string {
  return NOT_YET.has(verb)
    ? `${verb} is not in this version yet; --help lists the commands`
    : `there is no command ${JSON.stringify(verb)}; --help lists them all`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
