import { remakeDay } from "../../lambdas/ledger/day-files.ts";
import type { Checker } from "../checker.ts";
import { summariesIn } from "../stored.ts";

/**
 * I12: each digest, and each verdict in it, can be made again byte for byte from the stored data,
 * although the world has changed since then.
 */
export function rePerformable(): Checker {
  return {
    name: "I12 re-performable",
    atEnd: async (simulation) => {
      const problems: string[] = [];
      for (const date of summariesIn(simulation).keys()) {
        const { why, differs } = await remakeDay(simulation.cloud.memory.objects, date);
        if (why !== null) problems.push(`the digest of ${date} cannot be made again: ${why}`);
        if (differs.length > 0)
          problems.push(`the digest of ${date}, made again, differs in ${differs.join(", ")}`);
      }
      return problems;
    },
  };
}
