import type { Figure } from "../figure.ts";
import type { PairComparison } from "./compared-pairs.ts";
import { figureOf } from "./figures.ts";
import type { JudgedException } from "./judged-life.ts";
import type { Pair } from "./observed-pair.ts";
import { ERPS, STOREFRONTS } from "../../local/platforms.ts";

/** The pair that `--pair STOREFRONT:ERP` names; null without it. */
export function pairIn(words: readonly string[]): Pair | null {
  const at = words.indexOf("--pair");
  if (at < 0) return null;
  const [storefront = "", erp = ""] = (words[at + 1] ?? "").split(":");
  if (Object.hasOwn(STOREFRONTS, storefront) && Object.hasOwn(ERPS, erp)) {
    return { storefront, erp };
  }
  const known = [Object.keys(STOREFRONTS).join("|"), Object.keys(ERPS).join("|")].join(":");
  throw new Error(`--pair: wanted ${known}, got ${JSON.stringify(words[at + 1] ?? "")}`);
}

/** How many exceptions with a known cause got the right one. */
export class CauseTally {
  #right = 0;
  #decided = 0;

  add(exceptions: readonly JudgedException[]): void {
    for (const { truth, cause } of exceptions) {
      if (truth === null || truth.cause === null || cause === "undetermined") continue;
      this.#decided += 1;
      if (cause === truth.cause) this.#right += 1;
    }
  }

  /** 0 to 1. */
  get share(): number {
    return this.#decided === 0 ? 1 : this.#right / this.#decided;
  }
}

/** Prints what differs between this pair and the first one, and returns the figures. */
export function pairFigures(
  { storefront, erp }: Pair,
  { equal, same, different, reasons }: PairComparison,
  causes: { readonly first: CauseTally; readonly other: CauseTally },
): Figure[] {
  for (const line of different) process.stdout.write(`differs: ${line}\n`);
  for (const [reason, count] of [...reasons].toSorted(
    ([, one], [, other]) => other.records - one.records,
  )) {
    process.stdout.write(
      `facts differ in ${reason}: ${count.records} records, ${count.same} with the same verdict\n`,
    );
  }
  const figure = figureOf(`${storefront}:${erp}`);
  const gap = causes.first.share - causes.other.share;
  return [
    figure("records with equal facts", equal, "records", "none set", () => true),
    figure("of them with the same status and kinds", same / equal, "share", "1", (is) => is === 1),
    figure(
      "cause right, less than on the first pair",
      gap,
      "share",
      "at most 0.02",
      (is) => is <= 0.02,
    ),
  ];
}
