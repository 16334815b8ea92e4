import type { Checker } from "../checker.ts";
import { fileIn, stateOf, summariesIn } from "../stored.ts";
import type { Simulation } from "../simulation.ts";

/** I8: a digest says until when each source is complete, and says PARTIAL for an incomplete one. */
export function freshness(): Checker {
  const checkedEditions = new WeakMap<Simulation, Set<string>>();
  return {
    name: "I8 honest freshness",
    afterTick: async (simulation) => {
      const known = checkedEditions.get(simulation) ?? new Set<string>();
      checkedEditions.set(simulation, known);
      const problems: string[] = [];
      for (const [date, { completeness, window, generatedAt }] of summariesIn(simulation)) {
        const edition = `${date} ${generatedAt}`;
        if (known.has(edition)) continue;
        known.add(edition);
        const text = fileIn(simulation, `digests/${date.replaceAll("-", "/")}/digest.txt`);
        for (const source of ["storefront", "erp"] as const) {
          const said = completeness.find((one) => one.source === source)?.completeThrough ?? null;
          const { completeThrough } = await stateOf(simulation, source);
          if (said !== null && (completeThrough === null || said > completeThrough))
            problems.push(
              `the digest of ${date} says that the ${source} is complete through ${said}, but it is complete through ${completeThrough ?? "nothing"}`,
            );
          if ((said === null || said < window.to) && !/PARTIAL|never read completely/.test(text))
            problems.push(
              `the ${source} was complete through ${said ?? "nothing"} when the digest of ${date} was made, but the digest does not say PARTIAL`,
            );
        }
      }
      return problems;
    },
  };
}
