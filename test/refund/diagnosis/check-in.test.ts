import { describe, expect, it } from "vitest";
import {
  checkIn,
  interventionSchema,
  recordIntervention,
} from "../../../lambdas/refund/diagnosis/repairs/check-in.ts";
import { costOf, savedBy } from "../../../lambdas/refund/diagnosis/repairs/cost.ts";
import { mappingAudit } from "../../../lambdas/refund/diagnosis/repairs/mapping-audit.ts";
import { rollUps } from "./rolled-up.ts";
import { each, matched, missing, refund, unreferenced } from "./refund-in-step.ts";

const REPAIRED = "2026-11-14";

describe("the 30-day check-in", () => {
  it("says that the rate fell when it fell by more than chance", () => {
    const rollups = lifeOf((n, late) => (late ? n % 50 === 0 : n % 4 === 0));
    const intervention = recordIntervention({ ...repair, rollups });
    const found = checkIn(intervention, rollups);
    expect(found.verdict).toBe("it fell");
    expect(found.change.high).toBeLessThan(0);
    expect(found.sentence).toMatch(/^\d+ of \d+ = 2\d\.\d % before/);
  });

  it("sends them back to step 1 when it did not", () => {
    const rollups = lifeOf((n) => n % 4 === 0);
    expect(checkIn(recordIntervention({ ...repair, rollups }), rollups).verdict).toBe(
      "back to step 1",
    );
  });

  it("waits for refunds enough", () => {
    const rollups = lifeOf((n) => n % 4 === 0);
    const first = rollups.filter(({ day }) => day <= "2026-11-13");
    expect(checkIn(recordIntervention({ ...repair, rollups }), first).verdict).toBe("too early");
  });

  it("keeps what was recorded through storage", () => {
    const recorded = recordIntervention({ ...repair, rollups: lifeOf((n) => n % 4 === 0) });
    expect(interventionSchema.parse(JSON.parse(JSON.stringify(recorded)))).toEqual(recorded);
  });
});

it("finds the days between which a mapping broke, and none where it never was whole", () => {
  const broke = rollUps(
    each(300, (n, at) =>
      (at >= "2026-11-14T05:00" ? unreferenced : matched)(refund(n, { processedAt: at })),
    ),
  );
  const field = (rollups: typeof broke) =>
    mappingAudit(rollups, "web, card_gateway").find((one) => one.field === "order id")?.broke;
  expect(field(broke)).toMatchObject({ from: "2026-11-14", to: "2026-11-14" });
  const never = rollUps(
    each(300, (n, at) => (n % 3 === 0 ? unreferenced : matched)(refund(n, { processedAt: at }))),
  );
  expect(field(never)).toBeNull();
});

it("costs an exception by the brand's own assumptions", () => {
  const assumed = { minutesPerException: 20, hourlyRate: "45.00", currency: "USD" };
  expect(costOf({ count: 9, exposure: "310.00" }, assumed)).toEqual({
    minutes: 180,
    work: "135.00",
    atRisk: "310.00",
  });
  const rates = { before: { hits: 20, tries: 100 }, after: { hits: 5, tries: 100 } };
  expect(savedBy(rates, assumed)).toMatchObject({ minutes: 300, work: "225.00" });
});

const repair = {
  cohort: "register_bypass|location=Store 3",
  segment: { location: "Store 3" },
  failure: "missing",
  on: REPAIRED,
} as const;

function lifeOf(fails: (n: number, late: boolean) => boolean): ReturnType<typeof rollUps> {
  return rollUps(
    each(400, (n, at) => {
      const of = refund(n, { processedAt: at, retailLocation: "Store 3", channel: "pos" });
      return fails(n, at >= `${REPAIRED}T05:00`) ? missing(of) : matched(of);
    }),
  );
}
