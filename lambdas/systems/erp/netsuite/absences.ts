import type { Log } from "../../../log.ts";
import { identifiersIn } from "../../http/identifiers.ts";
import {
  type Column,
  DELETED_COLUMNS,
  headerColumns,
  LINE_COLUMNS,
  LINK_COLUMNS,
  sourceColumns,
} from "./query.ts";

/**
 * What this account, or the role that reads it, does not have.
 *
 * NetSuite answers 400 and names a field that is missing or a record that the role cannot read. At
 * the first pull, what can be done without is left out from then on and logged once by name. What
 * was there at the first pull must not vanish later without a word, because documents would be read
 * with fewer facts: a later refusal is a {@link NetsuiteRefused}, until the brand file names the
 * field as absent.
 */
export class Absences {
  readonly referenceFields: readonly string[];
  readonly #absent: Set<string>;
  readonly #declared: ReadonlySet<string>;
  readonly #columns: Record<QueryKind, readonly Column[]>;
  readonly #log: Log;
  #mayLearn: boolean;

  constructor(options: {
    readonly log: Log;
    readonly referenceFields: readonly string[];
    /** Fields and records that the brand file says are absent. */
    readonly declared: readonly string[];
  }) {
    const { log, referenceFields, declared } = options;
    this.#log = log;
    this.referenceFields = referenceFields;
    this.#columns = {
      headers: headerColumns({ referenceFields }),
      lines: LINE_COLUMNS,
      links: LINK_COLUMNS,
      sources: sourceColumns({ referenceFields }),
      pairs: [],
      periods: [],
      deleted: DELETED_COLUMNS,
    };
    this.#declared = new Set(declared.flatMap((name) => this.#namedBy(name)));
    this.#absent = new Set(this.#declared);
    this.#mayLearn = true;
  }

  readonly has = (name: string): boolean => !this.#absent.has(name);

  /** What was absent at the first pull is all that may be absent now. */
  know(absent: readonly string[]): void {
    for (const name of absent) this.#absent.add(name);
    this.#mayLearn = false;
  }

  absent(): readonly string[] {
    return [...this.#absent].toSorted();
  }

  /** The records that the role cannot read, without those that the brand file names. */
  absentRecords(): readonly string[] {
    const records = Object.values(RECORDS_OF).flat();
    return [...new Set(records)].filter(
      (name) => this.#absent.has(name) && !this.#declared.has(name),
    );
  }

  /** Whether this question can be asked at all. */
  hasRecord(kind: QueryKind): boolean {
    return this.has(OPTIONAL_RECORD[kind] ?? "");
  }

  /** The optional columns of this question that are still asked for. */
  optional(kind: QueryKind): readonly string[] {
    return this.#columns[kind].flatMap(({ as, optional }) =>
      optional === true && this.has(as) ? [as] : [],
    );
  }

  /** The question as it would be without these columns. */
  without(columns: readonly string[], text: () => string): string {
    const present = columns.filter((column) => this.has(column));
    for (const column of present) this.#absent.add(column);
    try {
      return text();
    } finally {
      for (const column of present) this.#absent.delete(column);
    }
  }

  /** Takes note of what the refusal names; throws when it names nothing that can be left out. */
  learn(refusal: Refusal, kind: QueryKind): void {
    const columns = this.#columns[kind].filter(
      ({ as, optional }) => optional === true && this.has(as),
    );
    for (const name of namesIn(refusal.text)) {
      const lost = columns.filter((column) => isNamed(column, name, refusal.text));
      if (lost.length > 0)
        return this.leaveOut(
          lost.map(({ as }) => as),
          name,
          kind,
          refusal,
        );
    }
    const record = OPTIONAL_RECORD[kind];
    const records = RECORDS_OF[kind] ?? [];
    const isAboutIt = namesIn(refusal.text).some((name) => records.includes(name));
    if (record !== undefined && isAboutIt) return this.leaveOut([record], record, kind, refusal);
    throw new NetsuiteRefused(refusal, kind);
  }

  leaveOut(columns: readonly string[], named: string, kind: QueryKind, refusal: Refusal): void {
    if (!this.#mayLearn) throw new NetsuiteRefused(refusal, kind, named);
    for (const column of columns) this.#absent.add(column);
    this.#log({
      level: "warn",
      code: "NETSUITE_FIELD_ABSENT",
      sentence: `NetSuite has no ${named} for this role: what it tells stays unknown`,
      facts: { named, leftOut: columns.join(" ") },
    });
  }

  #namedBy(name: string): string[] {
    const columns = Object.values(this.#columns).flat();
    const found = columns
      .filter((column) => column.optional === true && isNamed(column, name, `field '${name}'`))
      .map(({ as }) => as);
    return found.length > 0 ? found : [name];
  }
}

export type QueryKind = "headers" | "lines" | "links" | "sources" | "pairs" | "periods" | "deleted";

/** NetSuite's own sentence and code, and the question that it is about. */
export type Refusal = {
  readonly text: string;
  readonly code: string | null;
  readonly question: string;
};

/** Names in the order in which the refusal gives them, lower case: fields and records alike. */
function namesIn(refusal: string): string[] {
  const quoted = /['"`]([\w.]{2,60})['"`]|\b((?:t|tl|l|ml|src|ap|d|cur)\.[a-z_]{2,60})\b/gi;
  return [...refusal.matchAll(quoted)].map(([, one, two]) => (one ?? two ?? "").toLowerCase());
}

/** "t.memo", "memo", and for a display name the record that it is looked up in. */
function isNamed({ as, sql, needs }: Column, name: string, refusal: string): boolean {
  // "Record 'currency'" is a permission that lacks, "Field 'currency'" a feature that is off.
  if (needs?.includes(name) === true) return /\bfield\b/i.test(refusal);
  const field = /(?<owner>\w+)\.(?<field>\w+)\)?$/.exec(sql)?.groups;
  if (field === undefined) return false;
  if (PEOPLE.has(name)) return as.endsWith("by_name");
  return name.includes(".")
    ? name === `${field["owner"]}.${field["field"]}`
    : name === field["field"];
}

const PEOPLE: ReadonlySet<string> = new Set(["employee", "entity", "customer", "contact"]);

/** Whole questions that a pull can do without. */
const OPTIONAL_RECORD: Partial<Record<QueryKind, string>> = {
  links: "previoustransactionlinelink",
  sources: "sources",
  pairs: "pairs",
  periods: "accountingperiod",
  deleted: "deletedrecord",
};

/** The records that a refusal must name for the whole question to be left out. */
const RECORDS_OF: Partial<Record<QueryKind, readonly string[]>> = {
  links: ["previoustransactionlinelink"],
  sources: ["transaction", "transactionline"],
  pairs: ["transaction", "entity"],
  periods: ["accountingperiod"],
  deleted: ["deletedrecord"],
};

/** NetSuite understood the question and will not answer it: a permission or a field is missing. */
export class NetsuiteRefused extends Error {
  override readonly name = "NetsuiteRefused";
  constructor({ text, code, question }: Refusal, kind: QueryKind, vanished?: string) {
    const named = namesIn(text).find((name) => PERMISSION.has(name));
    const check =
      vanished !== undefined
        ? `${vanished} was there at the first pull: give the role its permission back, or name it in erp.absentFields of the brand file if it is gone for good`
        : named === undefined
          ? "check the role's permissions: SuiteAnalytics Workbook, REST Web Services, Find Transaction"
          : `check that the role has the permission ${PERMISSION.get(named)}`;
    const about = identifiersIn(text, question).join(", ");
    super(
      `NetSuite refused the ${kind} query (${code ?? "no code"}${about === "" ? "" : `; it names ${about}`}): ${check}`,
    );
  }
}

const PERMISSION: ReadonlyMap<string, string> = new Map([
  ["transaction", "Find Transaction, and Credit Memo, Cash Refund and Customer Refund (view)"],
  ["transactionline", "Find Transaction, and Credit Memo, Cash Refund and Customer Refund (view)"],
  ["currency", "Currency (view)"],
]);
