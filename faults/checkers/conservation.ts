import { TZDate } from "@date-fns/tz";

import { EXCEPTION_STATUSES } from "../../lambdas/refund/record/sync-record.ts";
import type { Checker } from "../checker.ts";
import { fileIn, summariesIn } from "../stored.ts";
import type { Simulation } from "../simulation.ts";
import { minor, Truth } from "../truth.ts";
import { currentRecords } from "../verdicts.ts";

/**
 * I4: every fetched record is counted; the money of each refund is in exactly one record; the
 * digest, its table and its totals agree in minor units.
 */
export function conservation(): Checker {
  const checkedCount = new WeakMap<Simulation, number>();
  const told = new WeakMap<Simulation, Set<string>>();
  return {
    name: "I4 conservation",
    afterTick: async (simulation) => {
      const from = checkedCount.get(simulation) ?? 0;
      checkedCount.set(simulation, simulation.pulls.length);
      const left = await leftOut(simulation, told);
      const unaccounted = simulation.pulls.slice(from).flatMap(({ actor, report }) => {
        const { fetched, added, edited, unchanged, repeated, skipped, unreadable } = report;
        const sum = added + edited + unchanged + repeated + skipped + unreadable;
        return sum === fetched
          ? []
          : [`${actor.name} fetched ${fetched}, but counts ${sum}: ${JSON.stringify(report)}`];
      });
      return [...left, ...unaccounted];
    },
    atEnd: async (simulation) => [...(await moneyOf(simulation)), ...digestsOf(simulation)],
  };
}

/** Compares the newest digest, if it is new, with the table and with the shop's own history. */
async function leftOut(
  simulation: Simulation,
  told: WeakMap<Simulation, Set<string>>,
): Promise<string[]> {
  const [date, summary] = [...summariesIn(simulation)].at(-1) ?? [];
  if (date === undefined || summary === undefined) return [];
  const known = told.get(simulation) ?? new Set<string>();
  told.set(simulation, known);
  const edition = `${date} ${summary.generatedAt}`;
  if (known.has(edition)) return [];
  known.add(edition);
  // A digest cannot contain what a pull changed after the digest had read the table.
  if (simulation.pulls.some(({ at }) => at >= Date.parse(summary.generatedAt))) return [];
  const { window, completeness, totals, currency, exceptions } = summary;
  const listed = new Set(
    exceptions.flatMap(({ refundId, erpDocumentIds }) => [
      `refund:${refundId ?? ""}`,
      // Also with a refund: the digest pairs a document by circumstance that is stored alone.
      ...erpDocumentIds.map((id) => `document:${id}`),
    ]),
  );
  const problems = [...(await currentRecords(simulation)).values()].flatMap((record) => {
    const isOpen = EXCEPTION_STATUSES.has(record.status) && (record.openedAt ?? "") < window.to;
    return isOpen && !listed.has(record.id)
      ? [`${record.id} is ${record.status}, but not in the digest of ${date}`]
      : [];
  });
  const isWhole = completeness.every(({ completeThrough }) => (completeThrough ?? "") >= window.to);
  const isTrue = simulation.injections.every(
    ({ hides, lagMs, answer }) =>
      hides === undefined && lagMs === undefined && answer === undefined,
  );
  if (!isWhole || !isTrue) return problems;
  const truth = new Truth(simulation.world);
  const sum = [...truth.refundsAt(Date.parse(window.to)).values()]
    .filter(({ refund }) => within(refund.processedAt, window))
    .reduce((total, seen) => total + truth.settledOf(seen), 0n);
  const said = minor(totals.refundedAmount, simulation.world.digits);
  if (said !== sum)
    problems.push(`${date}: the digest says ${said} ${currency}, but the shop settled ${sum}`);
  return problems;
}

function within(at: string, { from, to }: { readonly from: string; readonly to: string }): boolean {
  return Date.parse(at) >= Date.parse(from) && Date.parse(at) < Date.parse(to);
}

async function moneyOf(simulation: Simulation): Promise<string[]> {
  const { clock, world } = simulation;
  const truth = new Truth(world);
  const told = await currentRecords(simulation);
  const problems: string[] = [];
  for (const [id, seen] of truth.refundsAt(clock.ms)) {
    const own = [...told.values()].filter(({ refund }) => refund?.refundId === id);
    const settled = truth.settledOf(seen);
    const [record] = own;
    if (own.length !== 1) problems.push(`refund ${id} is in ${own.length} records`);
    else if (minor(record?.refund?.settled ?? "0", world.digits) !== settled)
      problems.push(`refund ${id} is ${settled} in the shop and ${record?.refund?.settled} here`);
  }
  return problems;
}

function digestsOf(simulation: Simulation): string[] {
  const { digits } = simulation.world;
  return [...summariesIn(simulation)].flatMap(([date, summary]) => {
    const problems: string[] = [];
    const { exceptions, totals, currency } = summary;
    const own = exceptions.filter((row) => row.currency === currency);
    const exposure = own.reduce((sum, row) => sum + minor(row.exposure, digits), 0n);
    if (exposure !== minor(totals.exposure, digits))
      problems.push(`${date}: total exposure ${totals.exposure}, sum of exceptions ${exposure}`);
    if (totals.exceptions !== exceptions.length)
      problems.push(`${date}: total ${totals.exceptions} exceptions, ${exceptions.length} listed`);
    const prefix = `digests/${date.replaceAll("-", "/")}`;
    const [header = "", ...lines] = fileIn(simulation, `${prefix}/exceptions.csv`).split("\r\n");
    const rows = lines.slice(0, -1);
    if (rows.length !== exceptions.length)
      problems.push(`${date}: ${rows.length} rows of CSV, ${exceptions.length} exceptions`);
    const column = cells(header).indexOf("exposure");
    const inTable = rows.map((row) => cells(row)[column] ?? "").toSorted();
    const inSummary = exceptions.map((row) => row.exposure).toSorted();
    if (inTable.join(" ") !== inSummary.join(" "))
      problems.push(
        `${date}: the table has ${inTable.join(" ")}, the summary ${inSummary.join(" ")}`,
      );
    const aged = summary.aging.reduce((sum, { count }) => sum + count, 0);
    if (aged !== exceptions.length)
      problems.push(`${date}: ${aged} exceptions in the ages, ${exceptions.length} listed`);
    const atAges = summary.aging.reduce((sum, one) => sum + minor(one.exposure, digits), 0n);
    if (atAges !== minor(totals.exposure, digits))
      problems.push(`${date}: total exposure ${totals.exposure}, sum of the ages ${atAges}`);
    return [...problems, ...daysOf(simulation, date, summary.window)];
  });
}

/** The window of a digest is exactly one day in the brand's time zone. */
function daysOf(
  { world, injections }: Simulation,
  date: string,
  { from, to }: { readonly from: string; readonly to: string },
): string[] {
  if (injections.some(({ row }) => row === 42)) return [];
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const midnight = (of: number): string =>
    new Date(new TZDate(year, month - 1, of, world.zone).getTime()).toISOString();
  return from === midnight(day) && to === midnight(day + 1)
    ? []
    : [`the digest of ${date} covers ${from} to ${to}, in ${world.zone}`];
}

/** The cells of a row of CSV, without their quotes. */
function cells(row: string): string[] {
  return [...`,${row}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}
