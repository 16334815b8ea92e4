import { printable } from "../lambdas/reports/printable.ts";

/** Prints lines for people. External text in them cannot move the cursor or colour the screen. */
export function say(text: string): void {
  const lines = text.split("\n").map((line) => printable(line, LONGEST_LINE));
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** JSON escapes control characters by itself. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

const LONGEST_LINE = 2_000;
