import { say } from "./say.ts";
import { paragraph } from "./screen.ts";

/** Prints one finding of a check, with its mark in the margin. */
export function report(mark: "ok" | "note" | "FAIL", sentence: string): void {
  const [first = "", ...rest] = paragraph(sentence, MARGIN);
  say([mark.padEnd(MARGIN) + first.trimStart(), ...rest].join("\n"));
}

const MARGIN = 5;
