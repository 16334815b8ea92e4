import { PATTERNS } from "../../lambdas/refund/diagnosis/patterns/diagnosis.ts";
import type { Figure } from "../figure.ts";
import type { Scoreboard } from "./scoreboard.ts";

/** The figures of a scenario with their goals. */
export function figuresOf(name: string, board: Scoreboard): Figure[] {
  const told = board.causes.total();
  const decided = told - board.causes.said("undetermined");
  const figure = figureOf(name);
  const common = [
    figure("wrong links", board.wrongLinks, "links", "0", (value) => value === 0),
    figure("false cohorts", board.falseCohorts, "cohorts", "0", (value) => value === 0),
    figure("false alarms", board.falseAlarms, "exceptions", "0", (value) => value === 0),
    ...(board.setApart === 0
      ? []
      : [
          figure(
            `hidden of ${board.setApart} set apart as another business's`,
            board.hidden,
            "exceptions",
            "0",
            (value) => value === 0,
          ),
        ]),
  ];
  if (told === 0) return common;
  const macro = macroF1(board);
  return [
    figure(
      "cause right of what is decided",
      board.causes.right() / decided,
      "share",
      "at least 0.95",
      (v) => v >= 0.95,
    ),
    figure("decided", decided / told, "share", "at least 0.85", (v) => v >= 0.85),
    ...(macro === null
      ? []
      : [figure("pattern macro-F1", macro, "F1", "at least 0.9", (v) => v >= 0.9)]),
    ...common,
  ];
}

/** The mean over the patterns that occur in the lives. */
function macroF1({ patterns }: Scoreboard): number | null {
  const all = PATTERNS.flatMap((pattern) => patterns.f1(pattern) ?? []);
  return all.length === 0 ? null : all.reduce((sum, one) => sum + one, 0) / all.length;
}

/** The share of right verdicts among those stated at about 90 %; a higher share is a miss too. */
export function calibrationFigures(name: string, { nearNinety }: Scoreboard): Figure[] {
  const { said, right } = nearNinety;
  const value = said === 0 ? 0 : right / said;
  return [figureOf(name)("stated 0.85 to 0.95, right", value, "share", "0.85 to 0.95", isHonest)];
}

function isHonest(share: number): boolean {
  return share >= 0.85 && share <= 0.95;
}

export function figureOf(scenario: string) {
  return (
    what: string,
    value: number,
    unit: string,
    goal: string,
    isMet: (value: number) => boolean,
  ): Figure => ({
    name: `${scenario}: ${what}`,
    value: Math.round(value * 1000) / 1000,
    unit,
    goal,
    met: isMet(value),
  });
}
