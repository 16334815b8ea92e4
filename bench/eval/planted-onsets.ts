import { onsetOf } from "../../lambdas/refund/statistics/change-point.ts";
import type { DayCount } from "../../lambdas/refund/statistics/change-point.ts";
import { Random } from "../../local/life/random.ts";
import type { Figure } from "../figure.ts";
import { figureOf } from "./figures.ts";

/**
 * Plants rises of a failure rate of several sizes, looks every day, and counts how often the 90 %
 * range holds the true day, after how many days the rise is told, and how often a rise is told of a
 * rate that never rose.
 */
export function onsetFigures(quick: boolean): readonly Figure[] {
  const figure = figureOf("onset");
  const each = quick ? 20 : 80;
  let told = 0;
  let held = 0;
  let quiet = 0;
  const figures: Figure[] = [];
  for (const [index, size] of SIZES.entries()) {
    const waits: number[] = [];
    for (let n = 0; n < each; n += 1) {
      const dice = new Random(36_000 + index * 1_000 + n, "onset");
      const on = dice.int(8, 25);
      const days = planted(size, on, dice);
      const end = onsetOf(days);
      if (end !== null) {
        told += 1;
        const day = dayName(on);
        if (end.from <= day && day <= end.to) held += 1;
      }
      const first = days.findIndex((_, at) => at >= on && onsetOf(days.slice(0, at + 1)) !== null);
      if (first !== -1) waits.push(first - on + 1);
      if (onsetOf(planted({ ...size, after: size.before }, on, dice)) !== null) quiet += 1;
    }
    const inOrder = waits.toSorted((a, b) => a - b);
    const middle = inOrder[Math.floor(each / 2)];
    const { perDay, before, after } = size;
    const what = `days until ${before * 100} % to ${after * 100} % of ${perDay} a day is told`;
    figures.push(figure(what, middle ?? DAYS, "days", "none set", () => true));
  }
  return [
    figure("range holds the day", held / told, "share", "0.88 to 0.97", (value) => value >= 0.88),
    figure("planted and told at the end", told, "rises", "none set", () => true),
    figure(`told of ${SIZES.length * each} steady rates`, quiet, "rises", "0", (v) => v === 0),
    ...figures,
  ];
}

type Size = { readonly perDay: number; readonly before: number; readonly after: number };

function planted({ perDay, before, after }: Size, on: number, dice: Random): DayCount[] {
  return Array.from({ length: DAYS }, (_, index) => {
    const tries = Math.round(perDay * dice.between(0.6, 1.4));
    let hits = 0;
    for (let n = 0; n < tries; n += 1) if (dice.chance(index < on ? before : after)) hits += 1;
    return { day: dayName(index), hits, tries };
  });
}

function dayName(index: number): string {
  return new Date(Date.UTC(2026, 2, 1 + index)).toISOString().slice(0, 10);
}

const DAYS = 30;
const SIZES: readonly Size[] = [
  { perDay: 3, before: 0.006, after: 0.3 },
  { perDay: 8, before: 0.006, after: 0.1 },
  { perDay: 8, before: 0.006, after: 0.3 },
  { perDay: 30, before: 0.01, after: 0.08 },
  { perDay: 100, before: 0.005, after: 0.03 },
];
