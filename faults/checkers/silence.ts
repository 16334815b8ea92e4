import { METRIC_DIMENSIONS, METRIC_NAMESPACE } from "../../lambdas/names.ts";
import type { AlarmBoard, Datum } from "../../local/cloud/alarms.ts";
import type { Checker } from "../checker.ts";
import type { Simulation } from "../simulation.ts";
import { stateOf } from "../stored.ts";

/**
 * I7: if a source was not read to its end, or the watch or the digest did not finish, an alarm of
 * the template is in the state ALARM. The alarm sees only the metrics of the handlers; this checker
 * compares it with the stored state of the sources.
 */
export function silence(board: AlarmBoard): Checker {
  const moved = new WeakMap<Simulation, Map<string, { value: string; at: number }>>();
  const id = (part: string): string => board.ids.find((one) => one.includes(part)) ?? part;
  return {
    name: "I7 alarm on silence",
    afterTick: async (simulation) => {
      const { clock, ended, world } = simulation;
      const seen = moved.get(simulation) ?? new Map<string, { value: string; at: number }>();
      moved.set(simulation, seen);
      const data = dataOf(simulation);
      const problems: string[] = [];
      const since = (name: string, value: string): number => {
        const known = seen.get(name);
        if (known === undefined || known.value !== value) seen.set(name, { value, at: clock.ms });
        return clock.ms - (seen.get(name)?.at ?? clock.ms);
      };
      for (const source of ["storefront", "erp"] as const) {
        const { completeThrough } = await stateOf(simulation, source);
        const quiet = since(source, completeThrough ?? "");
        const state = board.stateAt(id(`${source}NotRead`), data, clock.ms);
        if (quiet > LOUD_AFTER_MS && state !== "ALARM")
          problems.push(
            `the ${source} has been complete through ${completeThrough ?? "never"} for ${hours(quiet)} h, but no alarm is raised`,
          );
      }
      const watched = ended.findLast(({ actor, how }) => actor.job === "watch" && how === "done");
      const idle = clock.ms - (watched?.at ?? world.from);
      if (idle > LOUD_AFTER_MS && board.stateAt(id("WatchNotDone"), data, clock.ms) !== "ALARM")
        problems.push(`no watch has succeeded for ${hours(idle)} h, but no alarm is raised`);
      const lastDigest = ended.findLast(
        ({ actor, how }) => actor.job === "digest" && how === "done",
      );
      const digestIdle = clock.ms - (lastDigest?.at ?? world.from);
      if (
        digestIdle > 28 * 3_600_000 &&
        board.stateAt(id("DigestNotDone"), data, clock.ms) !== "ALARM"
      )
        problems.push(`no digest has succeeded for ${hours(digestIdle)} h, but no alarm is raised`);
      return problems;
    },
  };
}

function dataOf({ metrics, brand }: Simulation): readonly Datum[] {
  return metrics.map(({ name, value, at, source }) => ({
    namespace: METRIC_NAMESPACE,
    metric: name,
    dimensions: {
      [METRIC_DIMENSIONS.brand]: brand.brand,
      ...(source !== undefined && { [METRIC_DIMENSIONS.source]: source }),
    },
    value,
    at,
  }));
}

function hours(ms: number): string {
  return (ms / 3_600_000).toFixed(1);
}

/** Eight periods of a quarter of an hour, and the current one. */
const LOUD_AFTER_MS = 9 * 15 * 60_000;
