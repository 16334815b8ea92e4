import { checkIn } from "./check-in.ts";
import type { CheckIn, Intervention } from "./check-in.ts";
import { savedBy } from "./cost.ts";
import type { Cost, CostAssumptions } from "./cost.ts";
import type { DailyRollup } from "../rollup/daily-rollup.ts";

/**
 * The result of each repair, the newest first: for thirty days it is too early to say, then the
 * result is whether the rate fell by more than chance. For a cohort that was repaired again, only
 * the newest repair is reported.
 */
export function repairProgress({ repairs, rollups, today, costs }: RepairsInput): Repaired[] {
  const newest = new Map(
    repairs
      .filter(({ intervention: { on } }) => on <= today && today < lastReported(on))
      .toSorted((a, b) => (a.intervention.on < b.intervention.on ? -1 : 1))
      .map((repair) => [repair.intervention.cohort, repair]),
  );
  return [...newest.values()].toReversed().map(({ intervention, note }) => {
    const found = checkIn(intervention, rollups, today);
    const saved = found.verdict === "it fell" ? savedBy(found, costs) : null;
    return { ...found, note, saved };
  });
}

/** A repair is reported until this day: by then it has worked, or it must be done again. */
export function lastReported(on: string): string {
  return new Date(Date.parse(on) + REPORTED_DAYS * DAY_MS).toISOString().slice(0, 10);
}

/** A repair as it was recorded, with the note of the person who made it. */
export type Repair = { readonly intervention: Intervention; readonly note: string };

export type RepairsInput = {
  readonly repairs: readonly Repair[];
  /** Every day since the oldest repair. */
  readonly rollups: readonly DailyRollup[];
  /** The brand's calendar date. */
  readonly today: string;
  readonly costs: CostAssumptions;
};

export type Repaired = CheckIn & {
  readonly note: string;
  /** What the refunds that did not fail would have cost; null while no fall is proven. */
  readonly saved: Cost | null;
};

const REPORTED_DAYS = 60;
const DAY_MS = 86_400_000;
