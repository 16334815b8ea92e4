import { EXCEPTION_STATUSES } from "../../lambdas/refund/record/sync-record.ts";
import type { ErpDocument } from "../../lambdas/refund/observation/observation.ts";
import { generateLife } from "../../local/life/generate.ts";
import type { LifeOptions } from "../../local/life/options.ts";
import { observe } from "./observed-life.ts";
import { policyOfLife, tieOutLife, withHabits } from "./tied-life.ts";

/** How many correct bookings were spoiled in each way, and how many of them became exceptions. */
export type PlantedEnds = Readonly<Record<End, { planted: number; found: number }>>;
type End = (typeof END_NAMES)[number];

/**
 * Spoils matched bookings at the end of a life: the document is deleted or voided in the ERP, its
 * payout differs from what the refund's tenders paid, or it is never paid out. Every one of them is
 * an exception.
 */
export function plantEnds(options: LifeOptions): PlantedEnds {
  const life = generateLife(options);
  const rules = policyOfLife(life);
  const observed = observe(life, life.to);
  const right = tieOutLife(observed, rules, life.to).filter(
    ({ status, refund, documents }) =>
      status === "matched" &&
      refund !== null &&
      documents.length === 1 &&
      // A document or a payout that may still come is no exception yet.
      Date.parse(refund.processedAt) < Date.parse(life.to) - 6 * DAY_MS,
  );
  const ends = new Map<string, End>();
  for (const [index, { documents }] of right.entries()) {
    const [document] = documents;
    if (document === undefined || index % EVERY !== 0) continue;
    const end = END_NAMES[(index / EVERY) % END_NAMES.length] ?? "deleted";
    const isPaid = document.settlement !== null && !/^0+(\.0+)?$/.test(document.settlement.amount);
    ends.set(document.documentId, isPaid || end === "voided" ? end : "deleted");
  }
  const documents = observed.documents.map((document) => {
    const end = ends.get(document.documentId);
    return end === undefined ? document : spoilt(document, end, life.to);
  });
  const count: Record<End, { planted: number; found: number }> = {
    deleted: { planted: 0, found: 0 },
    voided: { planted: 0, found: 0 },
    "paid too little": { planted: 0, found: 0 },
    "paid too much": { planted: 0, found: 0 },
    "paid twice": { planted: 0, found: 0 },
    "never paid out": { planted: 0, found: 0 },
  };
  const spoiled = { ...observed, documents };
  const policy = withHabits(rules, spoiled, life.to);
  const open = new Set(
    tieOutLife(spoiled, policy, life.to)
      .filter(({ status }) => EXCEPTION_STATUSES.has(status))
      .flatMap((record) => record.documents.map(({ documentId }) => documentId)),
  );
  for (const [id, end] of ends) {
    count[end].planted += 1;
    if (open.has(id)) count[end].found += 1;
  }
  return count;
}

function spoilt(document: ErpDocument, end: End, at: string): ErpDocument {
  const { settlement } = document;
  if (end === "voided") return { ...document, state: "voided", modifiedAt: at };
  if (end === "deleted" || settlement === null) {
    return { ...document, state: "deleted", modifiedAt: at };
  }
  if (end === "never paid out") return { ...document, state: "open", settlement: null };
  const cents = BigInt(settlement.amount.replace(".", ""));
  const paid = {
    "paid too little": cents - 1n,
    "paid too much": cents * 10n,
    "paid twice": cents * 2n,
  }[end];
  const digits = settlement.amount.split(".")[1]?.length ?? 0;
  return {
    ...document,
    settlement: { ...settlement, amount: withPoint(paid, digits) },
    modifiedAt: at,
  };
}

function withPoint(units: bigint, digits: number): string {
  const text = units.toString().padStart(digits + 1, "0");
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

const DAY_MS = 86_400_000;
const EVERY = 7;
export const END_NAMES = [
  "deleted",
  "voided",
  "paid too little",
  "paid too much",
  "paid twice",
  "never paid out",
] as const;
