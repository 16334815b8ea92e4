import type { FaultKind } from "../injection.ts";
import { HOUR, MINUTE, stretch } from "./draw.ts";

/** What a scheduler that delivers at least once, sooner or later, may do. */
export const schedulerFaults: readonly FaultKind[] = [
  {
    row: 1,
    draw: (random, world) => {
      const copies = random.int(2, 5);
      const apart = random.chance(0.5);
      return {
        row: 1,
        says: `each event ${copies} times, ${apart ? "one after the other" : "at once"}`,
        ...stretch(random, world, { shortest: 2 * HOUR, longest: 8 * HOUR }),
        ticks: (tick) =>
          Array.from({ length: copies }, (_, copy) => ({
            ...tick,
            at: tick.at + (apart ? copy * 20_000 : 0),
          })),
      };
    },
  },
  {
    row: 2,
    draw: (random, world) => {
      const job = random.pick(["pull-storefront", "pull-erp", "watch", "digest", null] as const);
      return {
        row: 2,
        says: `no event arrives${job === null ? "" : ` for ${job}`}`,
        ...stretch(random, world, { shortest: 3 * HOUR, longest: 12 * HOUR }),
        ticks: (tick) => (job === null || tick.job === job ? [] : [tick]),
      };
    },
  },
  {
    row: 3,
    draw: (random, world) => ({
      row: 3,
      says: "events come late and in another order, one a day late",
      ...stretch(random, world, { shortest: 2 * HOUR, longest: 8 * HOUR }),
      ticks: (tick) => [
        random.chance(0.05)
          ? { ...tick, at: tick.at + 24 * HOUR }
          : { ...tick, at: tick.at + random.int(0, 100) * MINUTE },
      ],
    }),
  },
  {
    row: 6,
    draw: (random, world) => {
      const skew = random.int(11, 40) * MINUTE;
      return {
        row: 6,
        says: `two runs at once, the clock of the second ${skew / MINUTE} minutes ahead of the first's lease`,
        ...stretch(random, world, { shortest: 2 * HOUR, longest: 6 * HOUR }),
        ticks: (tick) => [
          tick,
          {
            ...tick,
            now: new Date(Date.parse(tick.now) + skew).toISOString(),
            run: `${tick.run} skewed`,
          },
        ],
      };
    },
  },
  {
    row: 18,
    draw: (random, world) => {
      const skew = random.pick([-24 * HOUR, -5 * MINUTE, 5 * MINUTE, 50 * MINUTE, 24 * HOUR]);
      return {
        row: 18,
        says: `events whose "now" is wrong by ${skew / MINUTE} minutes`,
        ...stretch(random, world, { shortest: HOUR, longest: 3 * HOUR }),
        ticks: (tick) => [{ ...tick, now: new Date(Date.parse(tick.now) + skew).toISOString() }],
      };
    },
  },
];
