import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { summarySchema } from "../../lambdas/refund/summary/summary.ts";
import type { Summary } from "../../lambdas/refund/summary/summary.ts";
import { playDemo } from "../../local/demo.ts";
import { ERPS, STOREFRONTS } from "../../local/platforms.ts";
import { readOptions } from "../options.ts";
import { UsageError } from "../usage-error.ts";

/** The whole system on this machine, ending with the last digest. */
export async function runDemo(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, ["state", "days", "seed", "storefront", "erp"]);
  const platforms = { storefront: values.storefront ?? "shopify", erp: values.erp ?? "netsuite" };
  for (const [name, known] of [
    ["storefront", STOREFRONTS],
    ["erp", ERPS],
  ] as const) {
    if (Object.hasOwn(known, platforms[name])) continue;
    const names = Object.keys(known).join(", ");
    throw new UsageError(`--${name} must be one of ${names}; ${platforms[name]} is not simulated`);
  }
  const state = resolve(values.state ?? join(".refund-watch", "demo"));
  const { failures, cycles } = await playDemo({
    state,
    days: wholeNumber(values.days ?? "30", "days"),
    seed: wholeNumber(values.seed ?? "1", "seed"),
    ...platforms,
    say,
  });
  const { folder, summary } = lastDigest(state);
  say("");
  for (const line of summaryLines(summary, cycles)) say(line);
  say("");
  say(`Digest:   ${join(folder, "digest.html")}`);
  say(`Messages: ${join(state, "outbox.ndjson")}`);
  for (const { job, error } of failures) process.stderr.write(`${job} failed: ${error}\n`);
  return failures.length === 0 ? 0 : 1;
}

function lastDigest(state: string): { folder: string; summary: Summary } {
  const files = readdirSync(join(state, "s3"), { recursive: true, encoding: "utf8" });
  const last = files
    .filter((file) => file.endsWith("summary.json"))
    .toSorted()
    .at(-1);
  if (last === undefined) throw new Error(`no digest was written below ${join(state, "s3")}`);
  const file = join(state, "s3", last);
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  return { folder: dirname(file), summary: summarySchema.parse(value) };
}

function summaryLines(
  { date, totals, currency, byMismatch, cohorts, otherBusinesses: others }: Summary,
  cycles: number,
): string[] {
  const kinds = Object.entries(byMismatch).map(([kind, count]) => `${count} ${kind}`);
  const money = (amount: string): string => `${amount} ${currency}`;
  return [
    `After ${cycles} cycles, the digest of ${date}:`,
    `  ${totals.refunds} refunds of the day, ${money(totals.refundedAmount)}: ${totals.matched} matched, ${totals.pending} pending`,
    `  ${totals.exceptions - others.count} open exceptions, ${money(totals.exposure)} at risk; ${totals.opened} opened and ${totals.resolved} resolved that day`,
    ...(others.count === 0
      ? []
      : [
          `  ${others.count} more documents are probably another business's (${money(others.amount)})`,
        ]),
    `  by kind: ${kinds.length === 0 ? "none" : kinds.join(", ")}`,
    ...cohorts.slice(0, 5).map(({ segment, count, population, cause, pattern }) => {
      const where = Object.entries(segment).map(([key, value]) => `${key} ${value}`);
      return `  ${count} of ${population} with ${where.join(", ") || "any segment"}: ${cause}${pattern === null ? "" : `, ${pattern}`}`;
    }),
  ];
}

function wholeNumber(text: string, name: string): number {
  const number = Number(text);
  if (!/^\d{1,4}$/.test(text) || number < 1) {
    throw new UsageError(
      `--${name} must be a whole number from 1 to 9999, got ${JSON.stringify(text)}`,
    );
  }
  return number;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
