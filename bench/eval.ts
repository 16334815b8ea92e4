import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { generateLife } from "../local/life/generate.ts";
import type { Life } from "../local/life/life.ts";
import { calibrationFigures, figureOf, figuresOf } from "./eval/figures.ts";
import { examplesOf, fitVerdict } from "./eval/fit-verdict.ts";
import { addComparison, comparePairs, emptyComparison } from "./eval/compared-pairs.ts";
import { judgeLife, judgeObserved } from "./eval/judged-life.ts";
import { lifeOnPair, observePair } from "./eval/observed-pair.ts";
import { CauseTally, pairFigures, pairIn } from "./eval/pair-figures.ts";
import type { JudgedException } from "./eval/judged-life.ts";
import { delayFigures } from "./eval/delays-told.ts";
import { onsetFigures } from "./eval/planted-onsets.ts";
import { END_NAMES, plantEnds } from "./eval/planted-ends.ts";
import { nameRounding } from "./eval/named-rounding.ts";
import { checkInOn } from "./eval/repaired-life.ts";
import { LIFE, repairedLives, roundingLives, scenarios } from "./eval/scenarios.ts";
import type { Scenario } from "./eval/scenarios.ts";
import { Scoreboard } from "./eval/scoreboard.ts";
import { tablesOf } from "./eval/tables.ts";
import type { Figure } from "./figure.ts";

/**
 * Measures how often the diagnosis is right. Generated lives, which were not used for the fit, are
 * read as the product reads a brand, and the result is compared with the truth. `--json` writes the
 * figures to a file, `--quick` takes a minute, `--fit` fits the verdict's weights again and prints
 * only the weights. `--pair bigcommerce:sap` reads the lives on other platforms and compares every
 * record with the first pair, Shopify and NetSuite.
 */
const words = process.argv.slice(2);
/** A day and some hours, so that each evaluation is at another time of day. */
const LOOK_HOURS = 27;
const quick = words.includes("--quick");
const compared = emptyComparison();
const causes = { first: new CauseTally(), other: new CauseTally() };
const pair = pairIn(words);
if (words.includes("--fit")) printFit();
else printFigures(await evaluate());

async function evaluate(): Promise<Figure[]> {
  const all = new Scoreboard();
  const figures: Figure[] = [];
  for (const scenario of scenarios(quick)) {
    if (scenario.lives.length === 0) continue;
    const board = new Scoreboard();
    for (const options of scenario.lives) await scoreLife(options, scenario, [board, all]);
    process.stdout.write(`${tablesOf(scenario.name, board)}\n`);
    figures.push(...figuresOf(scenario.name, board));
  }
  process.stdout.write(`${tablesOf("all", all)}\n`);
  figures.push(...figuresOf("all", all), ...calibrationFigures("all", all));
  if (pair !== null) return [...figures, ...pairFigures(pair, compared, causes)];
  return [
    ...figures,
    ...plantedFigures(),
    ...delayFigures(quick),
    ...onsetFigures(quick),
    ...roundingFigures(),
    ...repairFigures(),
  ];
}

async function scoreLife(
  options: Scenario["lives"][number],
  { looks, everyHours = LOOK_HOURS }: Scenario,
  boards: readonly Scoreboard[],
): Promise<void> {
  const life = generateLife(options);
  const shown = pair === null ? life : lifeOnPair(life, pair);
  const last = new Map<string, JudgedException>();
  for (let back = looks - 1; back >= 0; back -= 1) {
    const now = lookAt(life, back * everyHours);
    const judged =
      pair === null
        ? judgeLife(life, now)
        : judgeObserved(shown, await observePair(life, now, pair), now);
    if (pair !== null && back === 0) {
      const first = judgeLife(life, now);
      addComparison(compared, comparePairs(first.records, judged.records));
      causes.first.add(first.exceptions);
      causes.other.add(judged.exceptions);
    }
    for (const one of judged.exceptions) last.set(one.record.id, one);
    if (back > 0) continue;
    for (const board of boards) board.countEnd(shown, judged);
  }
  for (const board of boards) board.countExceptions(last.values());
}

/** The instant `hours` before the end of the life. */
function lookAt({ to }: Life, hours: number): string {
  return new Date(Date.parse(to) - hours * 3_600_000).toISOString();
}

/** Deletions and wrong payouts, planted in correct bookings. */
function plantedFigures(): Figure[] {
  const seeds = quick ? [31_001] : [31_001, 31_002, 31_003, 31_004];
  const all = seeds.map((seed) => plantEnds({ ...LIFE, seed }));
  const figure = figureOf("planted");
  return END_NAMES.flatMap((end) => {
    const planted = all.reduce((sum, one) => sum + one[end].planted, 0);
    const found = all.reduce((sum, one) => sum + one[end].found, 0);
    process.stdout.write(`planted ${end}: ${found} of ${planted} found\n`);
    return planted === 0
      ? []
      : [figure(end, found / planted, "share", "1", (value) => value === 1)];
  });
}

function roundingFigures(): Figure[] {
  const named = roundingLives(quick)
    .map(nameRounding)
    .filter(({ canBeFound: canBeTold }) => canBeTold);
  if (named.length === 0) return [];
  const share = (of: (one: (typeof named)[number]) => boolean): number =>
    named.filter(of).length / named.length;
  const figure = figureOf("rounding rule");
  const alike = named.reduce((sum, one) => sum + one.alike, 0) / named.length;
  return [
    figure("lives", named.length, "lives", "more than 20", (value) => value > 20),
    figure(
      "named, alone or among equals",
      share((one) => one.named),
      "share",
      "at least 0.95",
      (value) => value >= 0.95,
    ),
    figure(
      "named first",
      share((one) => one.first),
      "share",
      "none set",
      () => true,
    ),
    figure("others said to be as good", alike, "rules", "none set", () => true),
  ];
}

function repairFigures(): Figure[] {
  const said = repairedLives(quick).map((one) => ({ ...one, verdict: checkInOn(one) }));
  const figure = figureOf("check-in");
  return [true, false].map((isFixed) => {
    const of = said.filter((one) => one.isFixed === isFixed);
    const wanted = isFixed ? "it fell" : "back to step 1";
    const right = of.filter(({ verdict }) => verdict === wanted).length;
    for (const { fault, verdict } of of) {
      process.stdout.write(
        `check-in ${fault}, ${isFixed ? "repaired" : "not repaired"}: ${verdict ?? "no cohort"}\n`,
      );
    }
    const what = isFixed ? "repaired and said so" : "not repaired and said so";
    return figure(what, right / of.length, "share", "1", (value) => value === 1);
  });
}

function printFigures(figures: readonly Figure[]): void {
  for (const { name, value, unit, goal, met } of figures) {
    process.stdout.write(
      `${name.padEnd(58)} ${String(value).padStart(8)} ${unit.padEnd(10)} goal ${goal}: ${met ? "met" : "MISSED"}\n`,
    );
  }
  if (!words.includes("--json")) return;
  const file = join(dirname(fileURLToPath(import.meta.url)), "eval.json");
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
}

function printFit(): void {
  const seeds = Array.from({ length: 30 }, (_, index) => 101 + index);
  const examples = seeds.flatMap((seed) => {
    const life = generateLife({ seed, from: "2026-03-01T00:00:00.000Z", days: 30 });
    return [0, 2, 4].flatMap((back) => examplesOf(life, lookAt(life, back * LOOK_HOURS)));
  });
  process.stdout.write(`${examples.length} labelled exceptions\n`);
  for (const [name, weight] of fitVerdict(examples)) {
    process.stdout.write(`${name.padEnd(24)} ${weight.toFixed(2)}\n`);
  }
}
