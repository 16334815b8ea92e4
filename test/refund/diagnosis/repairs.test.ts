import { describe, expect, it } from "vitest";

import { recordIntervention } from "../../../lambdas/refund/diagnosis/repairs/check-in.ts";
import {
  lastReported,
  repairProgress,
} from "../../../lambdas/refund/diagnosis/repairs/repair-progress.ts";
import type { Repaired } from "../../../lambdas/refund/diagnosis/repairs/repair-progress.ts";
import { each, matched, missing, refund } from "./refund-in-step.ts";
import { rollUps } from "./rolled-up.ts";

const ON = "2026-11-14";
const costs = { minutesPerException: 20, hourlyRate: "45.00", currency: "USD" };

function repairsAt(today: string, fails: (n: number, late: boolean) => boolean): Repaired[] {
  const rollups = rollUps(
    each(400, (n, at) => {
      const of = refund(n, { processedAt: at, retailLocation: "Store 3", channel: "pos" });
      return fails(n, at >= `${ON}T05:00`) ? missing(of) : matched(of);
    }),
  );
  const repair = (on: string, note: string) => ({
    intervention: recordIntervention({
      cohort: "register_bypass|location=Store 3",
      segment: { location: "Store 3" },
      failure: "missing",
      on,
      rollups,
    }),
    note,
  });
  const repairs = [repair(ON, "the form is mandatory"), repair("2026-11-12", "a reminder")];
  return repairProgress({ repairs, rollups, today, costs });
}

const worked = (n: number, late: boolean): boolean => (late ? n % 50 === 0 : n % 4 === 0);

describe("a repair that somebody recorded", () => {
  it("is too early to tell until thirty days have passed, however good it looks", () => {
    const [early] = repairsAt("2026-12-13", worked);
    expect(early).toMatchObject({ verdict: "too early", dueOn: "2026-12-14", saved: null });
    expect(early?.sentence).toContain("Too early to tell: the check-in is on 2026-12-14.");
    expect(repairsAt("2026-12-14", worked)[0]?.verdict).toBe("it fell");
  });

  it("says what it saved once the fall is proven, and sends back to step 1 otherwise", () => {
    expect(repairsAt("2026-12-14", worked)[0]?.saved?.minutes).toBeGreaterThan(200);
    const failed = repairsAt("2026-12-14", (n) => n % 4 === 0)[0];
    expect(failed).toMatchObject({ verdict: "back to step 1", saved: null });
  });

  it("is told of by its newest repair, from its day on and for sixty days", () => {
    expect(repairsAt("2026-12-14", worked).map(({ note }) => note)).toEqual([
      "the form is mandatory",
    ]);
    expect(repairsAt("2026-11-13", worked).map(({ note }) => note)).toEqual(["a reminder"]);
    expect(lastReported(ON)).toBe("2027-01-13");
    expect(repairsAt("2027-01-12", worked)).toHaveLength(1);
    expect(repairsAt("2027-01-13", worked)).toEqual([]);
  });
});
