import type { Injection } from "./injection.ts";
import { awsError } from "./kinds/draw.ts";
import type { Platform } from "./platform.ts";
import { Simulation, tickOf } from "./simulation.ts";
import type { Job } from "./stage.ts";
import { alertsIn, summariesIn, textOf } from "./stored.ts";
import { verdictsOf } from "./verdicts.ts";
import type { World } from "./world.ts";

/** A failure at one call that a job makes. */
export type CrashPoint = {
  readonly job: Job;
  /** 1 for the first call. */
  readonly nth: number;
  readonly how: "dies before" | "dies after" | "loses the reply";
  /** The call that a run without a failure makes there. */
  readonly call: string;
};

/** Every call that the jobs make at the given instant, with each of the three failures. */
export async function crashPoints(
  world: World,
  platforms: readonly Platform[],
  at: number,
): Promise<readonly CrashPoint[]> {
  const calls: CrashPoint[] = [];
  const watching: Injection = {
    row: 4,
    says: "nothing",
    from: 0,
    until: Infinity,
    trouble: ({ actor: { job }, nth, port, what, name }) => {
      const call = `${port} ${what} ${name}`;
      for (const how of HOW) calls.push({ job, nth, how, call });
      return null;
    },
  };
  const simulation = await Simulation.open(world, { seed: 1, platforms, injections: [watching] });
  simulation.moveTo(at);
  for (const job of JOBS) await simulation.fire([tickOf(job, at)]);
  return calls;
}

/**
 * Runs the jobs with a failure at one point, then once more without it. Returns the state at the
 * end, which must be the same as without the failure.
 *
 * @param point null for no failure
 */
export async function endAfter(
  world: World,
  platforms: readonly Platform[],
  at: number,
  point: CrashPoint | null,
): Promise<CrashEnd> {
  let isDone = point === null;
  const injection: Injection = {
    row: 4,
    says: "a failure at one call",
    from: 0,
    until: Infinity,
    trouble: ({ actor, nth }) => {
      if (isDone || point === null || actor.job !== point.job || nth !== point.nth) return null;
      isDone = true;
      if (point.how === "loses the reply")
        return { kind: "lose reply", error: awsError("Timeout") };
      return { kind: "die", when: point.how === "dies before" ? "before" : "after" };
    },
  };
  const simulation = await Simulation.open(world, { seed: 1, platforms, injections: [injection] });
  simulation.moveTo(at);
  for (const job of JOBS) await simulation.fire([tickOf(job, at)]);
  const later = at + 15 * 60_000;
  simulation.moveTo(later);
  for (const job of JOBS) await simulation.fire([tickOf(job, later)]);
  const { published, memory } = simulation.cloud;
  const keys = published.map(({ dedupeKey }) => dedupeKey);
  const waiting = [...memory.items.values()].filter(({ pk }) => pk === "outbox").map(textOf);
  return {
    verdicts: [...(await verdictsOf(simulation))].map((one) => one.join(": ")).toSorted(),
    alerts: (await alertsIn(simulation))
      .flatMap(({ kind, state, members }) =>
        members.map(({ recordId }) => `${kind} ${state} ${recordId}`),
      )
      .toSorted(),
    waiting,
    digests: [...summariesIn(simulation)].map(
      ([date, { totals }]) => `${date} ${JSON.stringify(totals)}`,
    ),
    isReached: isDone,
    twice: keys.length - new Set(keys).size,
    /** Whether the failure was at a publish or its sent mark: only there may it be sent twice. */
    mayRepeat:
      point !== null && /notifier publish|table put sent\||table remove outbox\|/.test(point.call),
  };
}

export type CrashEnd = {
  readonly verdicts: readonly string[];
  /** The open alerts and their records. */
  readonly alerts: readonly string[];
  readonly waiting: readonly string[];
  readonly digests: readonly string[];
  readonly isReached: boolean;
  readonly twice: number;
  readonly mayRepeat: boolean;
};

const HOW = ["dies before", "dies after", "loses the reply"] as const;
const JOBS: readonly Job[] = ["pull-storefront", "pull-erp", "watch", "digest"];
