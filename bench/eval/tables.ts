import { PATTERNS } from "../../lambdas/refund/diagnosis/patterns/diagnosis.ts";
import { NONE } from "./scoreboard.ts";
import type { Confusion, Scoreboard } from "./scoreboard.ts";

/** All counts of a scenario as text: confusion, F1, kinds, calibration, links, cohorts. */
export function tablesOf(name: string, board: Scoreboard): string {
  return [
    `== ${name}: ${board.lives} lives, ${board.exceptions} exceptions`,
    confusionTable("cause", board.causes),
    confusionTable("pattern", board.patterns),
    `F1      ${PATTERNS.flatMap((pattern) => f1Of(board.patterns, pattern)).join("  ")}`,
    `kinds   ${[...board.kinds]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, seen]) => kindOf(kind, seen))
      .join("\n        ")}`,
    `stated  ${[...board.calibration]
      .toSorted(([a], [b]) => a - b)
      .map(([, seen]) => statedOf(seen))
      .join("  ")}`,
    `links   ${board.links}, wrong ${board.wrongLinks}, missed ${board.missedLinks}`,
    `cohorts ${board.cohorts}, false ${board.falseCohorts}, decided ${board.decidedCohorts}, of these right ${board.rightCohorts}`,
    "",
  ].join("\n");
}

function confusionTable(title: string, confusion: Confusion): string {
  const names = confusion.names();
  const said = names.map((name) => name.slice(0, WIDTH - 1).padStart(WIDTH)).join("");
  const rows = names
    .filter((so) => confusion.so(so) > 0)
    .map((so) => {
      const cells = names.map((name) => String(confusion.at(so, name) || ".").padStart(WIDTH));
      return `  ${so.padEnd(20)}${cells.join("")}`;
    });
  return [`${title.padEnd(22)}${said}   (said)`, ...rows].join("\n");
}

function f1Of(patterns: Confusion, name: string): string[] {
  const f1 = patterns.f1(name);
  return f1 === null || name === NONE ? [] : [`${name} ${f1.toFixed(2)}`];
}

function kindOf(
  kind: string,
  { found, invented, overlooked }: { found: number; invented: number; overlooked: number },
): string {
  return `${kind.padEnd(28)} recall ${ratio(found, found + overlooked)}  precision ${ratio(found, found + invented)}  (${found} found, ${invented} invented, ${overlooked} overlooked)`;
}

function statedOf({
  said,
  right,
  stated,
}: {
  said: number;
  right: number;
  stated: number;
}): string {
  return `${ratio(stated, said)}: ${ratio(right, said)} of ${said}`;
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? "-" : (part / whole).toFixed(3);
}

const WIDTH = 14;
