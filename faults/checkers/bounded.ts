import type { Checker } from "../checker.ts";
import { stateOf } from "../stored.ts";
import type { Simulation } from "../simulation.ts";

/** I9: each run reads something or reports why not, stops early enough, and no backlog remains. */
export function bounded(): Checker {
  const checkedCount = new WeakMap<Simulation, number>();
  return {
    name: "I9 bounded and live",
    afterTick: (simulation) => {
      const from = checkedCount.get(simulation) ?? 0;
      checkedCount.set(simulation, simulation.ended.length);
      return simulation.ended.slice(from).flatMap((end) => {
        const spare = end.actor.deadline - end.at;
        if (end.actor.ranOut) return [`${end.actor.name} ran until Lambda ended it`];
        const late =
          end.how === "done" && spare < 30_000 && end.actor.pausedUntil === 0
            ? [`${end.actor.name} ended ${spare} ms before Lambda would have ended it`]
            : [];
        const pulled = simulation.pulls.find(({ actor }) => actor === end.actor);
        if (pulled === undefined) return late;
        const { complete, refused, trouble, fetched, isBehind } = pulled.report;
        const idle =
          complete || refused !== null || trouble !== null || fetched > 0 || isBehind
            ? []
            : [`${end.actor.name} read nothing and does not report why`];
        return [...late, ...idle];
      });
    },
    atEnd: async (simulation) => {
      const problems: string[] = [];
      for (const source of ["storefront", "erp"] as const) {
        const state = await stateOf(simulation, source);
        for (const kind of ["underway", "backlog", "deep"] as const) {
          if (state[kind] !== null)
            problems.push(`the ${source} still has its ${kind} window open`);
        }
        if (state.trouble !== null)
          problems.push(`the ${source} is still in doubt: ${state.trouble}`);
      }
      return problems;
    },
  };
}
