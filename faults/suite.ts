import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import * as z from "zod";

import { AlarmBoard } from "../local/cloud/alarms.ts";
import { stackNames } from "../local/cloud/stack-names.ts";
import { synthesise } from "../local/cloud/synthesise.ts";
import { parseTemplate } from "../local/cloud/template.ts";
import type { Template } from "../local/cloud/template.ts";
import type { Random } from "../local/life/random.ts";
import type { Checker } from "./checker.ts";
import { alerting } from "./checkers/alerting.ts";
import { bounded } from "./checkers/bounded.ts";
import { conservation } from "./checkers/conservation.ts";
import { freshness } from "./checkers/freshness.ts";
import { idempotent } from "./checkers/idempotent.ts";
import { inert } from "./checkers/inert.ts";
import { isolation } from "./checkers/isolation.ts";
import { monotonic } from "./checkers/monotonic.ts";
import { noLoss } from "./checkers/no-loss.ts";
import { pureVerdict } from "./checkers/pure-verdict.ts";
import { rePerformable } from "./checkers/re-performable.ts";
import { silence } from "./checkers/silence.ts";
import type { FaultKind, Injection } from "./injection.ts";
import { processFaults } from "./kinds/process.ts";
import { schedulerFaults } from "./kinds/scheduler.ts";
import { sourceFaults } from "./kinds/sources.ts";
import { storeFaults } from "./kinds/store.ts";
import { worldFaults } from "./kinds/world.ts";
import type { Platform } from "./platform.ts";
import { PLATFORMS } from "./platforms.ts";
import { runSchedule } from "./schedule.ts";
import type { Outcome } from "./schedule.ts";
import type { World } from "./world.ts";

/** Every form of every fault that the suite injects, for these platforms. */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...schedulerFaults,
  ...processFaults,
  ...storeFaults,
  ...worldFaults,
  ...sourceFaults(PLATFORMS),
];

/** One schedule to run: with one fault, with several mixed faults, or with none. */
export type Plan = {
  readonly seed: number;
  /** The index in `FAULT_KINDS`. */
  readonly kind: number | "mixed" | "none";
};

export async function openSuite() {
  const checkers = await allCheckers();
  return {
    play: async (plan: Plan): Promise<Outcome> => {
      const platforms = pairOf(plan);
      return runSchedule({
        seed: plan.seed,
        platforms,
        checkers,
        draw: (world, random) => injectionsOf(plan, platforms, world, random),
      });
    },
    close: async () => {
      for (const platform of PLATFORMS) await platform.stop();
    },
  };
}

/** Every kind alone, then mixes; with `only`, the kinds of that row. */
export function plansOf({
  seed,
  only,
  mixed,
}: {
  readonly seed: number;
  readonly only: number | null;
  readonly mixed: number;
}): readonly Plan[] {
  const alone = FAULT_KINDS.map((kind, index) => ({ kind, index }))
    .filter(({ kind }) => only === null || kind.row === only)
    .map(({ index }, place) => ({ seed: seed + place, kind: index }));
  if (only !== null) {
    const times = Math.max(1, Math.ceil(mixed / Math.max(1, alone.length)));
    return Array.from({ length: times }, (_, time) =>
      alone.map((plan) => ({ ...plan, seed: plan.seed + time * 1_000 })),
    ).flat();
  }
  return [
    ...alone,
    ...Array.from({ length: mixed }, (_, place) => ({
      seed: seed + 100_000 + place,
      kind: "mixed" as const,
    })),
  ];
}

/** The platforms of a schedule, by its seed; the one whose answers its fault changes is among them. */
function pairOf({ seed, kind }: Plan): readonly Platform[] {
  const wanted = typeof kind === "number" ? FAULT_KINDS[kind]?.platform : undefined;
  return (["storefront", "erp"] as const).map((role, at) => {
    const all = PLATFORMS.filter((one) => one.role === role);
    const found = wanted?.role === role ? wanted : all[Math.floor(seed / (at + 1)) % all.length];
    if (found === undefined) throw new Error(`no ${role} in the suite`);
    return found;
  });
}

function injectionsOf(
  { kind }: Plan,
  platforms: readonly Platform[],
  world: World,
  random: Random,
): readonly Injection[] {
  const between = { from: world.from, to: world.to };
  if (kind === "none") return [];
  const drawn = (one: FaultKind): Injection => one.draw(random, between, platforms);
  if (kind !== "mixed") return FAULT_KINDS.slice(kind, kind + 1).map(drawn);
  const possible = FAULT_KINDS.filter(
    ({ platform }) => platform === undefined || platforms.includes(platform),
  );
  const count = random.int(2, 5);
  return Array.from({ length: count }, () => drawn(random.pick(possible)));
}

/** The stack of the example brand, for its alarms; a child process reads its parent's copy. */
async function templateFor(): Promise<{ stack: string; template: Template }> {
  const made = process.env[TEMPLATE_FILE_VARIABLE];
  if (made === undefined) return synthesise(BRAND_FILE, CACHE);
  const { stack, template } = madeSchema.parse(JSON.parse(readFileSync(made, "utf8")));
  return { stack, template: parseTemplate(template) };
}

/** Writes the stack to a file for the child processes, so that only one process makes it. */
export async function shareTemplate(folder: string): Promise<void> {
  const { stack, template } = await templateFor();
  const file = join(folder, "template.json");
  writeFileSync(file, JSON.stringify({ stack, template }));
  process.env[TEMPLATE_FILE_VARIABLE] = file;
}

const TEMPLATE_FILE_VARIABLE = "FAULTS_TEMPLATE";
const madeSchema = z.object({ stack: z.string(), template: z.unknown() });

async function allCheckers(): Promise<readonly Checker[]> {
  const { stack, template } = await templateFor();
  const board = new AlarmBoard(template, stackNames(stack, template));
  return [
    noLoss(),
    idempotent(),
    monotonic(),
    conservation(),
    pureVerdict(),
    alerting(),
    silence(board),
    freshness(),
    bounded(),
    isolation(),
    inert(),
    rePerformable(),
  ];
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BRAND_FILE = join(ROOT, "brands/acme.yaml");
const CACHE = join(ROOT, "node_modules/.cache/refund-watch/synth");
