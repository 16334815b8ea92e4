import { TZDate } from "@date-fns/tz";

import { Random } from "../local/life/random.ts";
import type { Checker } from "./checker.ts";
import type { Injection } from "./injection.ts";
import type { Platform } from "./platform.ts";
import { Simulation, tickOf } from "./simulation.ts";
import type { Tick } from "./stage.ts";
import { worldOf } from "./world.ts";
import type { World } from "./world.ts";

export type Outcome = {
  readonly seed: number;
  readonly injected: readonly string[];
  /** The violations, each with its checker and the virtual instant. */
  readonly problems: readonly string[];
  readonly calls: number;
  /** Messages published twice under one key because a reply was lost. */
  readonly twice: number;
  readonly simulation: Simulation;
};

export type Scheduled = {
  readonly seed: number;
  readonly platforms: readonly Platform[];
  readonly checkers: readonly Checker[];
  /** Draws the faults for this world. */
  readonly draw: (world: World, random: Random) => readonly Injection[];
};

/**
 * Runs one schedule: a world of a day and a half with faults, then days without faults, in which
 * the product must recover. Every checker is called after every call, and once at the end.
 */
export async function runSchedule({
  seed,
  platforms,
  checkers,
  draw,
}: Scheduled): Promise<Outcome> {
  const drawn = worldOf(seed);
  const fitted = platforms.reduce((life, platform) => platform.fit?.(life) ?? life, drawn.life);
  const plain = { ...drawn, life: fitted };
  const random = new Random(seed, "faults");
  const injections = draw(plain, random);
  const world = injections.reduce(
    (one, { history }) => (history === undefined ? one : { ...one, life: history(one.life) }),
    plain,
  );
  const simulation = await Simulation.open(world, { seed, platforms, injections });
  const problems: string[] = [];
  const note = (checker: Checker, found: readonly string[]): void => {
    const at = new Date(simulation.clock.ms).toISOString();
    problems.push(...found.map((problem) => `${checker.name}: ${problem} (at ${at})`));
  };
  const queue = ticksOf(world, random).flatMap((tick) => injected(tick, injections));
  queue.sort((one, other) => one.at - other.at);
  for (let tick = queue.shift(); tick !== undefined; tick = queue.shift()) {
    simulation.moveTo(tick.at);
    const together = [tick];
    while (queue[0] !== undefined && queue[0].at === tick.at) together.push(queue.shift() ?? tick);
    const ended = await simulation.fire(together);
    for (const end of ended) {
      const called = together.find(
        ({ job, now }) => job === end.actor.job && now === end.actor.now,
      );
      if (end.how === "done" || called === undefined || called.retries >= RETRIES) continue;
      // Lambda calls a function that failed once more, with the same event.
      const again = { ...called, at: simulation.clock.ms + 60_000, retries: called.retries + 1 };
      queue.unshift(again);
      queue.sort((one, other) => one.at - other.at);
    }
    for (const checker of checkers) note(checker, (await checker.afterTick?.(simulation)) ?? []);
    if (problems.length > MOST_PROBLEMS) break;
  }
  for (const checker of checkers) note(checker, (await checker.atEnd?.(simulation)) ?? []);
  const { published } = simulation.cloud;
  return {
    seed,
    injected: injections.map(
      ({ row, says, from, until }) =>
        `${row} ${says}, from ${new Date(from).toISOString()} to ${new Date(until).toISOString()}`,
    ),
    problems: [...new Set(problems)],
    calls: simulation.ended.length,
    twice: published.length - new Set(published.map(({ dedupeKey }) => dedupeKey)).size,
    simulation,
  };
}

/**
 * The scheduler's ticks: every quarter of an hour for some hours, and less often at other times. At
 * the end they are rare, because nothing happens any more. The digest runs at the brand's hour.
 */
function ticksOf(world: World, random: Random): Tick[] {
  const ticks: Tick[] = [];
  const dense = world.from + random.int(2, 20) * HOUR;
  let at = world.from;
  const end = world.to + 5 * 24 * HOUR;
  while (at < end) {
    const step = stepAt(at, world, dense);
    ticks.push(tickOf("pull-storefront", at), tickOf("pull-erp", at + 2 * MINUTE));
    ticks.push(tickOf("watch", at + 7 * MINUTE));
    const digest = digestWithin(at, at + step, world.zone);
    if (digest !== null) ticks.push(tickOf("digest", digest));
    at += step;
  }
  return ticks;
}

function stepAt(at: number, world: World, dense: number): number {
  if (at >= dense && at < dense + 3 * HOUR) return 15 * MINUTE;
  if (at < world.to + 2 * HOUR) return 75 * MINUTE;
  return at < world.to + 30 * HOUR ? 4 * HOUR : 8 * HOUR;
}

/** Seven o'clock in the brand's time zone, if it is in this period; null otherwise. */
function digestWithin(from: number, to: number, zone: string): number | null {
  for (const ms of [from, to]) {
    const day = new TZDate(ms, zone);
    const at = new TZDate(day.getFullYear(), day.getMonth(), day.getDate(), 7, zone).getTime();
    if (at >= from && at < to) return at;
  }
  return null;
}

function injected(tick: Tick, injections: readonly Injection[]): readonly Tick[] {
  const acting = injections.find(
    ({ ticks, from, until }) => ticks !== undefined && from <= tick.at && tick.at < until,
  );
  return acting?.ticks?.(tick) ?? [tick];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RETRIES = 1;
const MOST_PROBLEMS = 20;
