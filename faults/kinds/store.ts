import type { FaultKind, Injection } from "../injection.ts";
import type { Op } from "../stage.ts";
import { awsError, HOUR, MINUTE, sometimes, stretch } from "./draw.ts";

/** What DynamoDB, S3, SNS and Secrets Manager may do. */
export const storeFaults: readonly FaultKind[] = [
  {
    row: 28,
    draw: (random, world) => {
      const hot = random.pick(["order#", "source", "again#", "outbox", ""]);
      const refuses = sometimes(random, random.pick([0.05, 0.3, 1]));
      return {
        row: 28,
        says: hot === "" ? "the table is throttled" : `keys that begin with ${hot} are throttled`,
        ...stretch(random, world, { shortest: 10 * MINUTE, longest: 3 * HOUR }),
        trouble: (op) =>
          isTable(op) && op.name.startsWith(hot) && refuses()
            ? { kind: "refuse", error: awsError("ProvisionedThroughputExceededException") }
            : null,
      };
    },
  },
  {
    row: 30,
    draw: (random, world) => {
      const loses = sometimes(random, random.pick([0.02, 0.1]));
      return {
        row: 30,
        says: "writes to the table take effect, and the reply is lost",
        ...stretch(random, world, { shortest: 2 * HOUR, longest: 10 * HOUR }),
        trouble: (op) =>
          isTable(op) && op.writes && loses()
            ? { kind: "lose reply", error: awsError("TimeoutError", "the reply was lost") }
            : null,
      };
    },
  },
  {
    row: 31,
    draw: (random, world) => {
      const ms = random.int(1, 12) * MINUTE;
      return {
        row: 31,
        says: `reads that may be stale are ${ms / MINUTE} minutes old, the index too`,
        ...stretch(random, world, { shortest: 2 * HOUR, longest: 12 * HOUR }),
        staleMs: ms,
        trouble: (op) => (isTable(op) && !op.writes ? { kind: "stale", ms } : null),
      };
    },
  },
  {
    row: 32,
    draw: (random, world) => {
      const { from, until } = stretch(random, world, { shortest: 2 * HOUR, longest: 14 * HOUR });
      return {
        row: 32,
        says: "the table is restored to what it was",
        from,
        until,
        end: (simulation) => simulation.cloud.restoreTable(from),
        // The restored table has no sent marks of messages that were sent since then.
        mayRepeat: true,
      };
    },
  },
  {
    row: 33,
    draw: (random, world) => {
      const form = random.pick(["refuses all", "refuses one", "refuses some", "loses replies"]);
      const chance = sometimes(random, 0.4);
      let chosen: string | null = null;
      const trouble: Injection["trouble"] = (op) => {
        if (op.port !== "notifier") return null;
        if (form === "loses replies")
          return chance() ? { kind: "lose reply", error: awsError("TimeoutError") } : null;
        chosen ??= op.name;
        const isRefused =
          form === "refuses all" || (form === "refuses one" ? op.name === chosen : chance());
        return isRefused
          ? { kind: "refuse", error: awsError("KMSAccessDeniedException", "denied") }
          : null;
      };
      return {
        row: 33,
        says: `SNS ${form}`,
        ...stretch(random, world, { shortest: HOUR, longest: 8 * HOUR }),
        trouble,
      };
    },
  },
  {
    row: 38,
    draw: (random, world) => {
      const chance = sometimes(random, random.pick([0.1, 0.5, 1]));
      const prefix = random.pick(["raw/", "log/", "quarantine/", "digests/", "rollups/", ""]);
      const isLost = random.chance(0.4);
      return {
        row: 38,
        says: `S3 ${isLost ? "loses replies" : "fails"} for writes to ${prefix === "" ? "everything" : prefix}`,
        ...stretch(random, world, { shortest: HOUR, longest: 8 * HOUR }),
        trouble: (op) => {
          if (op.port !== "objects" || !op.writes || !op.name.startsWith(prefix) || !chance()) {
            return null;
          }
          return isLost
            ? { kind: "lose reply", error: awsError("TimeoutError") }
            : { kind: "refuse", error: awsError("AccessDenied") };
        },
      };
    },
  },
  {
    row: 39,
    draw: (random, world) => {
      const form = random.pick(["rotated", "missing", "malformed"]);
      return {
        row: 39,
        says: `a secret is ${form}`,
        ...stretch(random, world, { shortest: HOUR, longest: 4 * HOUR }),
        begin: ({ running }) => {
          if (form === "rotated") for (const one of running.values()) one.rotate();
        },
        secret: (value) => {
          if (form === "missing") throw awsError("ResourceNotFoundException", "no such secret");
          return form === "malformed" ? { acces_token: "x" } : value;
        },
      };
    },
  },
];

function isTable({ port }: Op): boolean {
  return port === "table";
}
