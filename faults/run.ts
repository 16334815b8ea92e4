import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import pLimit from "p-limit";
import * as z from "zod";

import { PLANTED_BUGS } from "./planted.ts";
import { catchBug } from "./plant.ts";
import type { Caught } from "./plant.ts";
import { shareTemplate, plansOf } from "./suite.ts";
import type { Plan } from "./suite.ts";

const HELP = `npm run faults [-- OPTIONS]
  --seed S        the first seed (default 1)
  --only N        only the faults of row N of docs/reliability.md
  --schedules K   mixed schedules, after each fault alone (default 20)
  --kind K        one schedule: the fault of this number, "mixed" or "none"; --schedules for more
  --planted       plants bugs in the product's code and shows that each is caught
`;

const outcomeSchema = z.object({
  plan: z.object({ seed: z.int(), kind: z.union([z.int(), z.enum(["mixed", "none"])]) }),
  injected: z.array(z.string()),
  problems: z.array(z.string()),
  calls: z.int(),
  twice: z.int(),
});
const LANES = Math.max(1, Math.min(4, availableParallelism()));
const MOST_SHOWN = 8;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    schedules: { type: "string" },
    kind: { type: "string" },
    planted: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
} else {
  const seed = wholeNumber("seed", values.seed);
  const folder = mkdtempSync(join(tmpdir(), "faults-"));
  await shareTemplate(folder);
  process.exitCode = values.planted ? await plantAll(seed) : await playAll(plansFor(seed));
  rmSync(folder, { recursive: true, force: true });
}

function plansFor(seed: number): readonly Plan[] {
  const { kind, only, schedules } = values;
  if (kind !== undefined) {
    const one = kind === "mixed" || kind === "none" ? kind : wholeNumber("kind", kind);
    const count = wholeNumber("schedules", schedules ?? "1");
    return Array.from({ length: count }, (_, place) => ({ seed: seed + place, kind: one }));
  }
  const row = only === undefined ? null : wholeNumber("only", only);
  const plans = plansOf({ seed, only: row, mixed: wholeNumber("schedules", schedules ?? "20") });
  if (plans.length === 0)
    fail(`no fault of row ${only ?? ""} is injected: see docs/reliability.md`);
  return plans;
}

async function playAll(plans: readonly Plan[]): Promise<number> {
  const outcomes: ChildOutcome[] = [];
  const lanes = Math.min(plans.length, LANES);
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) =>
      play(
        plans.filter((_plan, index) => index % lanes === lane),
        (one) => {
          outcomes.push(one);
          report(one);
        },
      ),
    ),
  );
  const bad = outcomes.filter(({ problems }) => problems.length > 0).length;
  const calls = outcomes.reduce((sum, one) => sum + one.calls, 0);
  const twice = outcomes.reduce((sum, one) => sum + one.twice, 0);
  say(
    `${outcomes.length} of ${plans.length} schedules run, ${calls} function calls; ${twice} messages published again with the same key because a reply was lost; ${bad} schedules with a violation.`,
  );
  return bad === 0 && outcomes.length === plans.length ? 0 : 1;
}

async function plantAll(seed: number): Promise<number> {
  let caught = 0;
  const limit = pLimit(LANES);
  await limit.map([...PLANTED_BUGS.entries()], async ([index, bug]) => {
    const { after, said } = await catchBug(bug, seed + index * 100).catch(
      (error: unknown): Caught => ({ after: null, said: String(error) }),
    );
    if (after !== null) caught += 1;
    const how = after === null ? `NOT CAUGHT. ${said}` : `caught in schedule ${after}. ${said}`;
    say(`${bug.caughtBy} ${bug.name}: ${how.slice(0, 240)}`);
  });
  say(`${caught} of ${PLANTED_BUGS.length} planted bugs caught.`);
  return caught === PLANTED_BUGS.length ? 0 : 1;
}

function report({ plan, injected, problems }: ChildOutcome): void {
  if (problems.length === 0) return;
  say(`\nViolation (npm run faults -- --seed ${plan.seed} --kind ${plan.kind}):`);
  for (const one of injected) say(`  fault ${one}`);
  for (const one of problems.slice(0, MOST_SHOWN)) say(`  ${one}`);
  if (problems.length > MOST_SHOWN) say(`  and ${problems.length - MOST_SHOWN} more`);
}

async function play(some: readonly Plan[], take: (one: ChildOutcome) => void): Promise<void> {
  const file = fileURLToPath(new URL("child.ts", import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, file, JSON.stringify(some)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    take(outcomeSchema.parse(JSON.parse(line)));
  }
}

function wholeNumber(name: string, text: string): number {
  return /^\d{1,9}$/.test(text)
    ? Number(text)
    : fail(`--${name}: wanted a whole number, got ${text}`);
}

function fail(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

type ChildOutcome = z.infer<typeof outcomeSchema>;
