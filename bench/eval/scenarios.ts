import { FAULT_NAMES, ROUNDING_RULES } from "../../local/life/options.ts";
import type { FaultName, LifeOptions } from "../../local/life/options.ts";

/**
 * The lives of the evaluation, grouped by their special property. No seed was used for the fit of
 * the verdict (101 to 130): the seeds of each scenario begin at another thousand.
 */
export function scenarios(quick: boolean): readonly Scenario[] {
  const many = (full: number, few: number): number[] =>
    Array.from({ length: quick ? few : full }, (_, index) => index);
  const faults = quick ? FAULT_NAMES.slice(0, 0) : FAULT_NAMES;
  return [
    {
      name: "no faults",
      looks: 8,
      lives: many(12, 2).map((n) => ({
        ...LIFE,
        seed: 21_000 + n,
        faults: "none",
        taxRule: n % 2 === 0 ? "exclusive" : "inclusive",
        erpFirst: n % 5 === 4,
        multiCurrency: n % 3 === 2,
      })),
    },
    { name: "typical", looks: 8, lives: many(14, 3).map((n) => ({ ...LIFE, seed: 22_000 + n })) },
    {
      name: "all together, strong",
      looks: 4,
      lives: many(6, 1).map((n) => ({ ...LIFE, seed: 23_000 + n, faults: STRONG })),
    },
    {
      name: "each alone, strong",
      looks: 2,
      lives: faults.flatMap((fault, index) =>
        many(2, 0).map((n) => alone(fault, STRONG[fault], 24_000 + index * 10 + n)),
      ),
    },
    {
      name: "each alone, faint (1 %)",
      looks: 2,
      lives: faults.flatMap((fault, index) =>
        many(2, 0).map((n) => alone(fault, 0.01, 25_000 + index * 10 + n)),
      ),
    },
    {
      name: "unknown features",
      looks: 2,
      lives: many(HIDDEN.length, 1).map((n) => ({
        ...LIFE,
        seed: 26_000 + n,
        hideFeatures: HIDDEN[n] ?? [],
      })),
    },
    {
      name: "first week",
      looks: 2,
      lives: many(10, 1).map((n) => ({ ...LIFE, days: 7, seed: 27_000 + n })),
    },
    {
      name: "down for six hours",
      looks: 5,
      everyHours: 3,
      lives: many(6, 1).map((n) => ({ ...LIFE, seed: 28_000 + n, integrationDown: DOWN })),
    },
    {
      name: "ERP first",
      looks: 2,
      lives: many(6, 1).map((n) => ({ ...LIFE, seed: 29_000 + n, erpFirst: true })),
    },
    {
      name: "several currencies",
      looks: 2,
      lives: many(6, 1).map((n) => ({ ...LIFE, seed: 30_000 + n, multiCurrency: true })),
    },
    {
      name: "another shop on the account",
      looks: 2,
      lives: many(6, 1).map((n) => ({ ...LIFE, seed: 33_000 + n, otherShop: true })),
    },
    {
      name: "other ways to book",
      looks: 2,
      lives: many(6, 1).map((n) => ({ ...LIFE, seed: 34_000 + n, moreRoads: true })),
    },
  ];
}

export type Scenario = {
  readonly name: string;
  readonly lives: readonly LifeOptions[];
  /** The number of evaluations; the last one is at the end of the life. */
  readonly looks: number;
  /** 27 by default. */
  readonly everyHours?: number;
};

/** Lives in which the ERP rounds by one known rule; each rule with tax excluded and included. */
export function roundingLives(quick: boolean): readonly LifeOptions[] {
  return ROUNDING_RULES.flatMap((roundingRule, index) =>
    (["exclusive", "inclusive"] as const).flatMap((taxRule) =>
      (quick ? [] : [0, 1]).map((n) => ({
        ...LIFE,
        seed: 31_000 + index * 10 + n,
        taxRule,
        roundingRule,
        faults: { rounding_drift: 0.1 },
      })),
    ),
  );
}

/** Lives of two months whose fault is repaired after one, and the same lives without the repair. */
export function repairedLives(quick: boolean): readonly RepairedLife[] {
  const repaired = quick ? REPAIRED.slice(0, 1) : REPAIRED;
  return repaired.flatMap(([fault, share], index) =>
    [true, false].map((isFixed) => {
      const life = { ...LIFE, days: 60, seed: 32_000 + index, faults: { [fault]: share } };
      return {
        fault,
        on: FIXED_AT,
        isFixed,
        life: isFixed ? { ...life, fixAt: { at: FIXED_AT, fault } } : life,
      };
    }),
  );
}

export type RepairedLife = {
  readonly fault: FaultName;
  readonly on: string;
  readonly isFixed: boolean;
  readonly life: LifeOptions;
};

function alone(fault: FaultName, share: number, seed: number): LifeOptions {
  const multiCurrency = fault === "currency_conversion";
  return { ...LIFE, seed, faults: { [fault]: share }, multiCurrency };
}

export const LIFE = { from: "2026-03-02T00:00:00.000Z", days: 30, ordersPerDay: 400 } as const;
const FIXED_AT = "2026-04-01T00:00:00.000Z";
/** On the last day of the life, so that evaluations are during it and after it. */
const DOWN = { from: "2026-03-31T14:00:00.000Z", to: "2026-03-31T20:00:00.000Z" };

/** Shares of the eligible refunds, not of all refunds: some refunds are eligible for few faults. */
const STRONG: Readonly<Record<FaultName, number>> = {
  register_bypass: 0.15,
  verbal_approval: 0.2,
  cross_team_handoff: 0.15,
  store_credit_loop: 0.4,
  dropped_calls: 0.03,
  partial_sync: 0.03,
  field_mapping: 0.02,
  promo_mismatch: 0.08,
  rounding_drift: 0.1,
  currency_conversion: 0.2,
  tax_dropped: 0.02,
  shipping_dropped: 0.1,
  hidden_balance: 0.02,
  wrong_period: 0.5,
  duplicate: 0.02,
  voided: 0.02,
  edited_after_posting: 0.02,
  async_confirmation: 0.02,
  async_gap: 0.03,
};

const HIDDEN: readonly NonNullable<LifeOptions["hideFeatures"]>[] = [
  ["staff"],
  ["app"],
  ["note"],
  ["location"],
  ["return"],
  ["erpAuthor"],
  ["erpLines"],
  ["staff", "app", "note", "location", "return", "retailLocation", "erpAuthor", "erpLines"],
];

const REPAIRED: readonly (readonly [FaultName, number])[] = [
  ["register_bypass", 0.15],
  ["verbal_approval", 0.2],
  ["cross_team_handoff", 0.2],
  ["partial_sync", 0.04],
  ["promo_mismatch", 0.1],
  ["rounding_drift", 0.1],
];
