import { excessOver } from "../../statistics/excess-rate.ts";
import type { Excess, Prior } from "../../statistics/excess-rate.ts";
import { risksOf } from "./missing-risks.ts";
import type { Risk } from "./missing-risks.ts";
import type { WorkflowPath } from "../features/workflow-path.ts";

/**
 * How often refunds go missing, and for which reason: a base rate that every refund has (dropped
 * calls), and the rate that each risk of the workflow path adds, learned from all of the brand's
 * refunds.
 *
 * A risk group counts only for the losses that the other groups do not explain. The rate of a
 * subgroup (one place or one person) is shrunk towards the rate of its group while it has few
 * refunds.
 */
export function learnMissRates(tallies: readonly PathTally[]): MissRates {
  const cells = tallies.map(({ path, refunds, missing }) => ({
    refunds,
    missing,
    risks: risksOf(path),
  }));
  const groups = new Map<string, Excess>();
  const subgroups = new Map<string, Excess>();
  const rates: Rates = { base: startingBase(cells), groups, subgroups };
  const byGroup = grouped(cells, (risk) => risk.group);
  const bySubgroup = grouped(cells, (risk) => risk.subgroup);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [group, members] of byGroup) {
      const reason = members[0]?.risks.find((risk) => risk.group === group)?.reason ?? "people";
      groups.set(group, excessOver(againstOthers(members, rates, group), priorOf(reason)));
    }
    for (const [subgroup, members] of bySubgroup) {
      const group = members[0]?.risks.find((risk) => risk.subgroup === subgroup)?.group ?? "";
      if (group === subgroup) continue; // a group without subgroups
      const prior = { ...SUBGROUP_PRIOR, larger: groups.get(group) ?? null };
      subgroups.set(subgroup, excessOver(againstOthers(members, rates, group), prior));
    }
    rates.base = baseOf(cells, rates);
  }
  const showsMakers = tallies.length === 0 || tallies.some(({ path }) => path.role !== null);
  return { base: rates.base, showsMakers, addedBy: (path) => addedBy(rates, path) };
}

/** The rates that the risks of this path add to the base rate. */
function addedBy(rates: Rates, path: WorkflowPath): readonly AddedRisk[] {
  return risksOf(path).map(({ reason, pattern, group, subgroup }) => ({
    reason,
    pattern,
    group,
    subgroup,
    rate: rates.subgroups.get(subgroup)?.rate ?? rates.groups.get(group)?.rate ?? 0,
    seen: rates.subgroups.get(subgroup) ?? null,
    seenInGroup: rates.groups.get(group) ?? null,
  }));
}

export type MissRates = {
  /** The rate that every refund has. */
  readonly base: number;
  /** Whether the storefront shows of any refund who made it: staff, an app, or nobody. */
  readonly showsMakers: boolean;
  readonly addedBy: (path: WorkflowPath) => readonly AddedRisk[];
};

export type AddedRisk = Risk & {
  /** The share of the subgroup's refunds that are missing for this reason only. */
  readonly rate: number;
  readonly seen: Excess | null;
  readonly seenInGroup: Excess | null;
};

export type PathTally = {
  readonly path: WorkflowPath;
  readonly refunds: number;
  readonly missing: number;
};

type Cell = {
  readonly refunds: number;
  readonly missing: number;
  readonly risks: readonly Risk[];
};
type Rates = {
  base: number;
  readonly groups: Map<string, Excess>;
  readonly subgroups: Map<string, Excess>;
};

/** Refunds without a process risk show the base rate; without such refunds, the prior is used. */
function startingBase(cells: readonly Cell[]): number {
  const plain = cells.filter(({ risks }) =>
    risks.every(({ pattern, reason }) => pattern === null && reason !== "place"),
  );
  return (total(plain, "missing") + BASE.missing) / (total(plain, "refunds") + BASE.refunds);
}

function baseOf(cells: readonly Cell[], rates: Rates): number {
  let missing = BASE.missing;
  let refunds = BASE.refunds;
  for (const cell of cells) {
    const all = rates.base + added(cell, rates, null);
    missing += cell.missing * (all === 0 ? 1 : rates.base / all);
    refunds += cell.refunds;
  }
  return missing / refunds;
}

/** The counts of a group, with the misses that are expected from all reasons except its own. */
function againstOthers(members: readonly Cell[], rates: Rates, group: string): Observed {
  let expected = 0;
  for (const cell of members) expected += cell.refunds * (rates.base + added(cell, rates, group));
  return { missing: total(members, "missing"), refunds: total(members, "refunds"), expected };
}

type Observed = { readonly missing: number; readonly refunds: number; readonly expected: number };

function added({ risks }: Cell, rates: Rates, except: string | null): number {
  return risks
    .filter(({ group }) => group !== except)
    .reduce(
      (sum, { subgroup, group }) =>
        sum + ((rates.subgroups.get(subgroup) ?? rates.groups.get(group))?.rate ?? 0),
      0,
    );
}

function grouped(
  cells: readonly Cell[],
  keyOf: (risk: Cell["risks"][number]) => string,
): Map<string, Cell[]> {
  const groups = new Map<string, Cell[]>();
  const first = REASONS.flatMap((reason) => {
    const keys = cells.flatMap(({ risks }) => risks.filter((risk) => reason(risk)).map(keyOf));
    return [...new Set(keys)].toSorted();
  });
  for (const cell of cells) {
    for (const key of new Set(cell.risks.map(keyOf))) {
      const members = groups.get(key) ?? [];
      members.push(cell);
      groups.set(key, members);
    }
  }
  return new Map([...groups].toSorted(([a], [b]) => first.indexOf(a) - first.indexOf(b)));
}

function total(cells: readonly Cell[], what: "refunds" | "missing"): number {
  return cells.reduce((sum, cell) => sum + cell[what], 0);
}

/** Reasons with a pattern are learned first: the others explain only the remaining losses. */
const REASONS: readonly ((risk: Risk) => boolean)[] = [
  ({ pattern }) => pattern !== null,
  ({ reason }) => reason === "place",
  ({ reason }) => reason === "type",
  ({ reason }) => reason === "people",
];
const ROUNDS = 8;
function priorOf(reason: Risk["reason"]): Prior {
  if (reason === "people") return PEOPLE_PRIOR;
  return reason === "type" ? TYPE_PRIOR : GROUP_PRIOR;
}

/** Beta prior of the base rate: 3 of 1,000 refunds are lost, with the weight of 150 refunds. */
const BASE = { missing: 0.45, refunds: 150 };
/** `active`: the prior probability that a group, or a subgroup by itself, has its own miss rate. */
const GROUP_PRIOR: Prior = { active: 0.5, larger: null };
const PEOPLE_PRIOR: Prior = { active: 0.05, larger: null };
/** `all`: a mapping transfers every refund of a transaction type or none. */
const TYPE_PRIOR: Prior = { active: 0.02, larger: null, all: true };
const SUBGROUP_PRIOR = { active: 0.05 };
