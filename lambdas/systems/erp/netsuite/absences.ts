import type { Log } from "../../../log.ts";
import type { DocumentScope } from "../../../refund/policy.ts";
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
 * The fields and records that this account, or the role that reads it, does not have.
 *
 * NetSuite answers 400 and names a missing field or a record that the role cannot read. At the
 * first pull, an optional field or record is left out of all later queries and logged once by name.
 * After the first pull, a field must not disappear unnoticed, because documents would be read with
 * fewer facts: then a refusal is a {@link NetsuiteRefused}, until the brand file names the field as
 * absent.
 */
export class Absences {
  readonly referenceFields: readonly string[];
  readonly paymentFields: readonly string[];
  readonly scope: DocumentScope;
  readonly #absent: Set<string>;
  readonly #declared: ReadonlySet<string>;
  readonly #columns: Record<QueryKind, readonly Column[]>;
  readonly #log: Log;
  #mayLearn: boolean;

  constructor(options: {
    readonly log: Log;
    readonly referenceFields: readonly string[];
    readonly paymentFields: readonly string[];
    readonly scope: DocumentScope;
    /** Fields and records that the brand file says are absent. */
    readonly declared: readonly string[];
  }) {
    const { log, referenceFields, paymentFields, scope, declared } = options;
    this.#log = log;
    this.scope = scope;
    this.referenceFields = referenceFields;
    this.paymentFields = paymentFields;
    this.#columns = {
      headers: headerColumns({ referenceFields, paymentFields, scope }),
      lines: LINE_COLUMNS,
      links: LINK_COLUMNS,
      sources: sourceColumns({ referenceFields }),
      pairs: [],
      periods: [],
      companies: [],
      deleted: DELETED_COLUMNS,
    };
    this.#declared = new Set(declared.flatMap((name) => this.#namedBy(name)));
    this.#absent = new Set(this.#declared);
    this.#mayLearn = true;
  }

  readonly has = (name: string): boolean => !this.#absent.has(name);

  /** From now on, only what was absent at the first pull may be absent. */
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

  /** Whether the account has the record that this kind of query needs. */
  hasRecord(kind: QueryKind): boolean {
    return this.has(OPTIONAL_RECORD[kind] ?? "");
  }

  /** The optional columns that this kind of query still contains. */
  optional(kind: QueryKind): readonly string[] {
    return this.#columns[kind].flatMap(({ as, optional }) =>
      optional === true && this.has(as) ? [as] : [],
    );
  }

  /** The text of the query without these columns. */
  without(columns: readonly string[], text: () => string): string {
    const present = columns.filter((column) => this.has(column));
    for (const column of present) this.#absent.add(column);
    try {
      return text();
    } finally {
      for (const column of present) this.#absent.delete(column);
    }
  }

  /** Leaves out what the refusal names; throws when it names nothing that is optional. */
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
      sentence: `NetSuite has no ${named} for this role: its values stay unknown`,
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

export type QueryKind =
  | "headers"
  | "lines"
  | "links"
  | "sources"
  | "pairs"
  | "periods"
  | "companies"
  | "deleted";

/** NetSuite's own error text and code, and the query that it refused. */
export type Refusal = {
  readonly text: string;
  readonly code: string | null;
  readonly question: string;
};

/** The names of fields and records in a refusal, in the order of the text, in lower case. */
function namesIn(refusal: string): string[] {
  const quoted = /['"`]([\w.]{2,60})['"`]|\b((?:t|tl|l|ml|src|ap|d|cur)\.[a-z_]{2,60})\b/gi;
  return [...refusal.matchAll(quoted)].map(([, one, two]) => (one ?? two ?? "").toLowerCase());
}

/** Matches "t.memo" and "memo"; for a display name also the record that NetSuite reads it from. */
function isNamed({ as, sql, needs }: Column, name: string, refusal: string): boolean {
  // "Record 'currency'" means a missing permission, "Field 'currency'" a feature that is off.
  if (needs?.includes(name) === true) return /\bfield\b/i.test(refusal);
  const field = /(?<owner>\w+)\.(?<field>\w+)\)?$/.exec(sql)?.groups;
  if (field === undefined) return false;
  if (PEOPLE.has(name)) return as.endsWith("by_name");
  return name.includes(".")
    ? name === `${field["owner"]}.${field["field"]}`
    : name === field["field"];
}

const PEOPLE: ReadonlySet<string> = new Set(["employee", "entity", "customer", "contact"]);

/** Kinds of query that a pull can leave out as a whole. */
const OPTIONAL_RECORD: Partial<Record<QueryKind, string>> = {
  links: "previoustransactionlinelink",
  sources: "sources",
  pairs: "pairs",
  periods: "accountingperiod",
  companies: "subsidiary",
  deleted: "deletedrecord",
};

/** A refusal must name one of these records, or the query is not left out. */
const RECORDS_OF: Partial<Record<QueryKind, readonly string[]>> = {
  links: ["previoustransactionlinelink"],
  sources: ["transaction", "transactionline"],
  pairs: ["transaction", "entity"],
  periods: ["accountingperiod"],
  companies: ["subsidiary"],
  deleted: ["deletedrecord"],
};

/** NetSuite understood the query and refused it: a permission or a field is missing. */
export class NetsuiteRefused extends Error {
  override readonly name = "NetsuiteRefused";
  constructor({ text, code, question }: Refusal, kind: QueryKind, vanished?: string) {
    const about = identifiersIn(text, question).join(", ");
    super(
      `NetSuite refused the ${kind} query (${code ?? "no code"}${about === "" ? "" : `; it names ${about}`}): ${adviceFor(text, vanished)}`,
    );
  }
}

function adviceFor(refusal: string, vanished: string | undefined): string {
  if (vanished !== undefined) {
    return `${vanished} was present at the first pull: give the role its permission back, or add ${vanished} to erp.absentFields of the brand file if NetSuite no longer has it`;
  }
  const names = namesIn(refusal);
  if (names.some((name) => name === "subsidiary" || name === "ml.subsidiary")) {
    return "this account has no subsidiaries, or the role cannot read them: remove erp.scope.companies from the brand file, or give the role access to its subsidiaries";
  }
  const named = names.find((name) => PERMISSION.has(name));
  return named === undefined
    ? "check the role's permissions: SuiteAnalytics Workbook, REST Web Services, Find Transaction"
    : `check that the role has the permission ${PERMISSION.get(named)}`;
}

const PERMISSION: ReadonlyMap<string, string> = new Map([
  ["transaction", "Find Transaction, and Credit Memo, Cash Refund and Customer Refund (view)"],
  ["transactionline", "Find Transaction, and Credit Memo, Cash Refund and Customer Refund (view)"],
  ["currency", "Currency (view)"],
]);
