import type { Checker } from "../checker.ts";
import { fileIn, summariesIn } from "../stored.ts";
import type { Simulation } from "../simulation.ts";
import { minor, Truth } from "../truth.ts";
import { recordsTold } from "../verdicts.ts";

/**
 * I4: what was fetched is accounted for; each refund's money stands in exactly one record; the
 * digest, its table and its totals say the same, in minor units.
 */
export function conservation(): Checker {
  const looked = new WeakMap<Simulation, number>();
  return {
    name: "I4 conservation",
    afterTick: (simulation) => {
      const from = looked.get(simulation) ?? 0;
      looked.set(simulation, simulation.pulls.length);
      return simulation.pulls.slice(from).flatMap(({ actor, report }) => {
        const { fetched, added, edited, unchanged, repeated, skipped, unreadable } = report;
        const sum = added + edited + unchanged + repeated + skipped + unreadable;
        return sum === fetched
          ? []
          : [
              `${actor.name} fetched ${fetched}, and accounts for ${sum}: ${JSON.stringify(report)}`,
            ];
      });
    },
    atEnd: async (simulation) => [...(await moneyOf(simulation)), ...digestsOf(simulation)],
  };
}

async function moneyOf(simulation: Simulation): Promise<string[]> {
  const { clock, world } = simulation;
  const truth = new Truth(world);
  const told = await recordsTold(simulation);
  const problems: string[] = [];
  for (const [id, seen] of truth.refundsAt(clock.ms)) {
    const own = [...told.values()].filter(({ refund }) => refund?.refundId === id);
    const settled = truth.settledOf(seen);
    const [record] = own;
    if (own.length !== 1) problems.push(`refund ${id} stands in ${own.length} records`);
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
      problems.push(`${date}: exposure ${totals.exposure}, its exceptions have ${exposure}`);
    if (totals.exceptions !== exceptions.length)
      problems.push(`${date}: ${totals.exceptions} exceptions said, ${exceptions.length} listed`);
    const prefix = `digests/${date.replaceAll("-", "/")}`;
    const rows = fileIn(simulation, `${prefix}/exceptions.csv`).split("\r\n").length - 2;
    if (rows !== exceptions.length)
      problems.push(`${date}: ${rows} rows of CSV, ${exceptions.length} exceptions`);
    const aged = summary.aging.reduce((sum, { count }) => sum + count, 0);
    if (aged !== exceptions.length)
      problems.push(`${date}: ages of ${aged}, ${exceptions.length} exceptions`);
    return problems;
  });
}
