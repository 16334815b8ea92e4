import type { FaultKind } from "../injection.ts";
import { HOUR, MINUTE, sometimes, stretch } from "./draw.ts";

/** What may happen to a process. */
export const processFaults: readonly FaultKind[] = [
  {
    row: 4,
    draw: (random, world) => {
      const dies = sometimes(random, random.pick([0.01, 0.03, 0.1]));
      return {
        row: 4,
        says: "processes die before and after a call",
        ...stretch(random, world, { shortest: 2 * HOUR, longest: 10 * HOUR }),
        trouble: () =>
          dies() ? { kind: "die", when: random.chance(0.5) ? "before" : "after" } : null,
      };
    },
  },
  {
    row: 5,
    draw: (random, world) => {
      const pauses = sometimes(random, 0.004);
      return {
        row: 5,
        says: "a process is paused for longer than its lease, then continues",
        ...stretch(random, world, { shortest: 3 * HOUR, longest: 10 * HOUR }),
        trouble: ({ actor }) =>
          actor.pausedUntil === 0 && pauses()
            ? { kind: "pause", ms: random.int(11, 90) * MINUTE }
            : null,
      };
    },
  },
  {
    row: 7,
    draw: (random, world) => {
      const ms = random.int(2, 20) * 1_000;
      return {
        row: 7,
        says: `each answer takes ${ms / 1_000} seconds, and each call of the cloud ${ms / 20} ms`,
        ...stretch(random, world, { shortest: 2 * HOUR, longest: 6 * HOUR }),
        // With small pages, some runs do not have enough time to read everything.
        pageSize: random.pick([1, 2, 6]),
        trouble: ({ port }) => ({ kind: "slow", ms: port === "http" ? ms : ms / 20 }),
      };
    },
  },
];
