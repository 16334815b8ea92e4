import { horizon } from "../../lambdas/ledger/store/source-state.ts";
import type { Checker } from "../checker.ts";
import { expectedVerdicts } from "../oracle.ts";
import { stateOf } from "../stored.ts";
import { currentRecords } from "../verdicts.ts";
import { iso } from "../world.ts";

/**
 * I5: status, age, mismatch and exposure depend only on the newest versions of both sides. A
 * database computes them again in SQL, from the histories of the sources, and must agree.
 */
export function pureVerdict(): Checker {
  return {
    name: "I5 pure verdict",
    atEnd: async (simulation) => {
      const { world, brand } = simulation;
      const [storefront, erp] = [
        await stateOf(simulation, "storefront"),
        await stateOf(simulation, "erp"),
      ];
      const at = horizon([storefront, erp], iso(simulation.clock.ms));
      const expected = await expectedVerdicts(world, {
        at: Date.parse(at),
        staleAfterHours: Number.parseInt(brand.thresholds.staleAfter, 10),
      });
      const records = await currentRecords(simulation);
      return expected.flatMap(({ refundId, status, documentId, difference, exposure }) => {
        const record = records.get(`refund:${refundId}`);
        const amount = record?.mismatches.find(({ kind }) => kind === "amount");
        const here = [
          record?.status ?? "not there",
          record?.documents.find(({ state }) => state !== "deleted" && state !== "voided")
            ?.documentId ?? "",
          (amount?.difference ?? "0").replace(/^(-?)0+(?=\d)/, "$1"),
          record?.exposure ?? "",
        ].map(plainNumber);
        const there = [status, documentId ?? "", difference, exposure].map(plainNumber);
        return here.join(" ") === there.join(" ")
          ? []
          : [`refund ${refundId} is ${here.join(" ")}, but SQL says ${there.join(" ")}`];
      });
    },
  };
}

/** "12.50" and "12.5" are the same number. */
function plainNumber(text: string): string {
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, "") : text;
}
