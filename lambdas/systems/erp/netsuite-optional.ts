import type { Log } from "../../log.ts";
import { type Column, HEADER_COLUMNS, LINE_COLUMNS, LINK_COLUMNS } from "./netsuite-suiteql.ts";

/**
 * What this account, or the role that reads it, does not have.
 *
 * NetSuite answers 400 and names a field that is missing or a record that the role cannot read.
 * What can be done without is left out from then on, logged once by name, and is unknown in every
 * document; anything else is a {@link NetsuiteRefused} that says what to check.
 */
export class Absences {
  readonly #absent = new Set<string>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  readonly has = (name: string): boolean => !this.#absent.has(name);

  /** Whether this question can be asked at all. */
  hasRecord(kind: QueryKind): boolean {
    return this.has(OPTIONAL_RECORD[kind] ?? "");
  }

  /** Takes note of what the refusal names; throws when it names nothing that can be left out. */
  learn(refusal: string, kind: QueryKind): void {
    const named = namesIn(refusal);
    const columns = COLUMNS[kind].filter(({ as, optional }) => optional === true && this.has(as));
    for (const name of named) {
      const lost = columns.filter((column) => isNamed(column, name));
      if (lost.length > 0)
        return this.#leaveOut(
          lost.map(({ as }) => as),
          name,
        );
    }
    const record = OPTIONAL_RECORD[kind];
    if (record !== undefined) return this.#leaveOut([record], record);
    throw new NetsuiteRefused(refusal, kind);
  }

  #leaveOut(columns: readonly string[], named: string): void {
    for (const column of columns) this.#absent.add(column);
    this.#log({
      level: "warn",
      code: "NETSUITE_FIELD_ABSENT",
      sentence: `NetSuite has no ${named} for this role: what it tells stays unknown`,
      facts: { named, leftOut: columns.join(" ") },
    });
  }
}

export type QueryKind = "headers" | "lines" | "links" | "sources" | "periods" | "deleted";

/** Names in the order in which the refusal gives them, lower case: fields and records alike. */
function namesIn(refusal: string): string[] {
  const quoted = /['"`]([A-Za-z_.]{2,60})['"`]|\b((?:t|tl|l|ml|src|ap|d|cur)\.[a-z_]{2,60})\b/gi;
  return [...refusal.matchAll(quoted)].map(([, one, two]) => (one ?? two ?? "").toLowerCase());
}

/** "t.memo", "memo", and for a display name the record that it is looked up in. */
function isNamed({ as, sql }: Column, name: string): boolean {
  const field = /(?<owner>\w+)\.(?<field>\w+)\)?$/.exec(sql)?.groups;
  if (field === undefined) return false;
  if (PEOPLE.has(name)) return as.endsWith("by_name");
  return name.includes(".")
    ? name === `${field["owner"]}.${field["field"]}`
    : name === field["field"];
}

const PEOPLE: ReadonlySet<string> = new Set(["employee", "entity", "customer", "contact"]);

const COLUMNS: Record<QueryKind, readonly Column[]> = {
  headers: HEADER_COLUMNS,
  lines: LINE_COLUMNS,
  links: LINK_COLUMNS,
  sources: [],
  periods: [],
  deleted: [],
};

/** Whole questions that a pull can do without. */
const OPTIONAL_RECORD: Partial<Record<QueryKind, string>> = {
  links: "previoustransactionlinelink",
  sources: "sources",
  periods: "accountingperiod",
  deleted: "deletedrecord",
};

/** NetSuite understood the question and will not answer it: a permission or a field is missing. */
export class NetsuiteRefused extends Error {
  override readonly name = "NetsuiteRefused";
  constructor(refusal: string, kind: QueryKind) {
    const named = namesIn(refusal).find((name) => PERMISSION.has(name));
    const check =
      named === undefined
        ? "check the role's permissions: SuiteAnalytics Workbook, REST Web Services, Find Transaction"
        : `check that the role has the permission ${PERMISSION.get(named)}`;
    super(`NetSuite refused the ${kind} query: ${JSON.stringify(refusal.slice(0, 300))}; ${check}`);
  }
}

const PERMISSION: ReadonlyMap<string, string> = new Map([
  ["transaction", "Find Transaction, and Credit Memo, Cash Refund and Customer Refund (view)"],
  ["transactionline", "Find Transaction, and Credit Memo, Cash Refund and Customer Refund (view)"],
  ["currency", "Currency (view)"],
]);
