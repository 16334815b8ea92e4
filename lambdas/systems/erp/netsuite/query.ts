import type { DocumentScope } from "../../../refund/policy.ts";
import type { Window } from "../../source.ts";
import type { Row } from "./page.ts";

/**
 * Builds the SuiteQL queries for NetSuite.
 *
 * Change times are compared in UTC to the second: a comparison by date would miss changes after the
 * account's midnight. A second, less exact condition, one day earlier, lets NetSuite use its index
 * in any time zone of the session. Pages are cut by key (change time in the session's zone, id),
 * never by offset. Values can only be written into the text of the query, so each value is checked
 * against a pattern first.
 */
export function changedHeaders(window: Window, after: Key | null, account: Account): string {
  const since = new Date(Date.parse(window.since) - REPEATED_HOUR_MS);
  const exact = "SYS_EXTRACT_UTC(t.lastmodifieddate)";
  const conditions = [
    `t.type IN (${TYPES})`,
    `t.lastmodifieddate >= ${asDate(sqlTime(new Date(since.getTime() - DAY_MS)))}`,
    `${exact} >= ${asTimestamp(sqlTime(since))}`,
    `${exact} <= ${asTimestamp(sqlTime(new Date(window.until)))}`,
    ...ofCompanies(account),
    ...(after === null ? [] : [keyset("t.lastmodifieddate", "t.id", after)]),
  ];
  return `${headers(account)} WHERE ${conditions.join(" AND ")} ORDER BY t.lastmodifieddate, t.id`;
}

export function headersById(ids: readonly string[], after: Row | null, account: Account): string {
  const next = beyond("t", ["id"], after);
  return `${headers(account)} WHERE t.type IN (${TYPES}) AND t.id IN (${idList(ids)})${next} ORDER BY t.id`;
}

/** The lines after the row `after`, without the line of the total and without cost of goods. */
export function linesOf(ids: readonly string[], after: Row | null, { has }: Account): string {
  return (
    `SELECT ${selected(LINE_COLUMNS, has)} FROM transactionline tl` +
    ` WHERE tl.transaction IN (${idList(ids)}) AND tl.mainline = 'F'` +
    `${has("iscogs") ? " AND tl.iscogs = 'F'" : ""}${beyond("tl", ["transaction", "id"], after)} ORDER BY tl.transaction, tl.id`
  );
}

/** The rows after the row `after`: one for each pair of lines that connects two documents. */
export function linksOf(ids: readonly string[], after: Row | null, { has }: Account): string {
  const list = idList(ids);
  const order = ["nextdoc", "nextline", "previousdoc", "previousline"];
  return (
    `SELECT ${selected(LINK_COLUMNS, has)} FROM previoustransactionlinelink l` +
    ` WHERE (l.nextdoc IN (${list}) OR l.previousdoc IN (${list}))${beyond("l", order, after)}` +
    ` ORDER BY ${order.map((column) => `l.${column}`).join(", ")}`
  );
}

/** The orders, invoices and returns that a credit was made from or applied to. */
export function sourcesById(ids: readonly string[], after: Row | null, account: Account): string {
  return (
    `SELECT ${selected(sourceColumns(account), account.has)} FROM transaction t` +
    " JOIN transactionline ml ON ml.transaction = t.id AND ml.mainline = 'T'" +
    ` WHERE t.id IN (${idList(ids)})${beyond("t", ["id"], after)} ORDER BY t.id`
  );
}

/**
 * Credit memos with the same customer and amount as these payouts. They show which memo a payout
 * settles when the role may not read the links.
 */
export function creditsLike(
  payouts: readonly string[],
  after: Row | null,
  { has }: Account,
): string {
  const total = has("foreigntotal") ? "foreigntotal" : "total";
  const currency = has("currency_code") ? " AND t.currency = p.currency" : "";
  return (
    "SELECT p.id AS payout, t.id AS credit FROM transaction p JOIN transaction t" +
    ` ON t.type = 'CustCred' AND t.entity = p.entity AND ABS(t.${total}) = ABS(p.${total})${currency}` +
    ` WHERE p.id IN (${idList(payouts)})${beyondPair(after)} ORDER BY p.id, t.id`
  );
}

export function periodsById(ids: readonly string[], after: Row | null): string {
  return (
    "SELECT ap.id, TO_CHAR(ap.startdate, 'YYYY-MM-DD') AS startdate," +
    " TO_CHAR(ap.enddate, 'YYYY-MM-DD') AS enddate FROM accountingperiod ap" +
    ` WHERE ap.id IN (${idList(ids)})${beyond("ap", ["id"], after)} ORDER BY ap.id`
  );
}

/** Deleted records: no other query shows that a document was deleted. */
export function deletedSince(window: Window, after: Key | null, { has }: Account): string {
  const since = new Date(Date.parse(window.since) - REPEATED_HOUR_MS);
  const exact = "SYS_EXTRACT_UTC(d.deleteddate)";
  const conditions = [
    `d.deleteddate >= ${asDate(sqlTime(new Date(since.getTime() - DAY_MS)))}`,
    `${exact} >= ${asTimestamp(sqlTime(since))}`,
    `${exact} <= ${asTimestamp(sqlTime(new Date(window.until)))}`,
    ...(after === null ? [] : [keyset("d.deleteddate", "d.recordid", after)]),
  ];
  return `${deleted(has)} WHERE ${conditions.join(" AND ")} ORDER BY d.deleteddate, d.recordid`;
}

export function deletedById(ids: readonly string[], after: Row | null, { has }: Account): string {
  const next = beyond("d", ["recordid"], after);
  return `${deleted(has)} WHERE d.recordid IN (${idList(ids)})${next} ORDER BY d.recordid`;
}

/** NetSuite never moves a posted transaction to another subsidiary, so no edit is lost by this. */
function ofCompanies({ scope }: Account): readonly string[] {
  const { companies } = scope;
  return companies.length === 0 ? [] : [`ml.subsidiary IN (${idList(companies)})`];
}

/** Every field of these transactions, with the fields that the account has added. */
export function allFieldsOf(ids: readonly string[]): string {
  return `SELECT * FROM transaction t WHERE t.id IN (${idList(ids)}) ORDER BY t.id`;
}

/** The subsidiaries that the role may read. */
export function subsidiaries(after: Row | null): string {
  return `SELECT s.id, s.name FROM subsidiary s WHERE s.id > ${id(after?.["id"] ?? "0")} ORDER BY s.id`;
}

/** What the queries may contain for this account and role. */
export type Account = {
  /** Whether a column or record is there. */
  readonly has: (name: string) => boolean;
  /** Body fields of the brand file in which a connector writes the storefront's ids. */
  readonly referenceFields: readonly string[];
  /** Body fields of the brand file with the payment's id at the processor. */
  readonly paymentFields: readonly string[];
  readonly scope: DocumentScope;
};

/** Where a page ended: time in the session's zone as `YYYY-MM-DD HH24:MI:SS`, and id. */
export type Key = { readonly at: string; readonly id: string };

/** A column of a query. An optional one is left out after the account has refused it. */
export type Column = {
  readonly as: string;
  readonly sql: string;
  readonly optional?: true;
  /** The SQL that replaces the column where it is absent. */
  readonly otherwise?: string;
  /** The column is only a condition: its value is not in the answer. */
  readonly condition?: true;
  /** Fields that the column depends on, with the names that a refusal uses. */
  readonly needs?: readonly string[];
};

const HEADER_COLUMNS: readonly Column[] = [
  { as: "id", sql: "t.id" },
  { as: "type", sql: "t.type" },
  { as: "tranid", sql: "t.tranid", optional: true },
  { as: "externalid", sql: "t.externalid", optional: true },
  { as: "otherrefnum", sql: "t.otherrefnum", optional: true },
  { as: "memo", sql: "t.memo", optional: true },
  { as: "trandate", sql: "TO_CHAR(t.trandate, 'YYYY-MM-DD')" },
  { as: "created_utc", sql: utcText("t.createddate") },
  { as: "modified_utc", sql: utcText("t.lastmodifieddate") },
  { as: "cursor_ts", sql: "TO_CHAR(t.lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS')" },
  { as: "status", sql: "t.status", optional: true },
  { as: "status_text", sql: "BUILTIN.DF(t.status)", optional: true },
  { as: "voided", sql: "t.voided", optional: true },
  { as: "posting", sql: "t.posting", optional: true },
  { as: "postingperiod", sql: "t.postingperiod", optional: true },
  { as: "period_name", sql: "BUILTIN.DF(t.postingperiod)", optional: true },
  // An account without the feature of multiple currencies has neither of these two.
  { as: "currency_code", sql: "cur.symbol", optional: true, needs: ["currency", "t.currency"] },
  { as: "foreigntotal", sql: "t.foreigntotal", optional: true, otherwise: "t.total" },
  { as: "source", sql: "t.source", optional: true },
  { as: "createdby", sql: "t.createdby", optional: true },
  { as: "createdby_name", sql: "BUILTIN.DF(t.createdby)", optional: true },
  { as: "lastmodifiedby", sql: "t.lastmodifiedby", optional: true },
  { as: "modifiedby_name", sql: "BUILTIN.DF(t.lastmodifiedby)", optional: true },
  { as: "createdfrom", sql: "ml.createdfrom", optional: true },
  { as: "src_type", sql: "src.type", optional: true },
  { as: "src_tranid", sql: "src.tranid", optional: true },
  { as: "src_otherrefnum", sql: "src.otherrefnum", optional: true },
  { as: "src_externalid", sql: "src.externalid", optional: true },
];

export const SEGMENTS = [
  "class",
  "class_name",
  "department",
  "department_name",
  "location",
  "location_name",
] as const;
const SEGMENT_COLUMNS: readonly Column[] = [
  { as: "class", sql: "ml.class", optional: true },
  { as: "class_name", sql: "BUILTIN.DF(ml.class)", optional: true },
  { as: "department", sql: "ml.department", optional: true },
  { as: "department_name", sql: "BUILTIN.DF(ml.department)", optional: true },
  { as: "location", sql: "ml.location", optional: true },
  { as: "location_name", sql: "BUILTIN.DF(ml.location)", optional: true },
];

export const LINE_COLUMNS: readonly Column[] = [
  { as: "transaction", sql: "tl.transaction" },
  { as: "id", sql: "tl.id" },
  { as: "itemtype", sql: "tl.itemtype", optional: true },
  { as: "item_name", sql: "BUILTIN.DF(tl.item)", optional: true },
  { as: "taxline", sql: "tl.taxline", optional: true },
  { as: "transactiondiscount", sql: "tl.transactiondiscount", optional: true },
  { as: "quantity", sql: "tl.quantity", optional: true },
  { as: "foreignamount", sql: "tl.foreignamount", optional: true, otherwise: "tl.netamount" },
  // An account without inventory has no cost of goods.
  { as: "iscogs", sql: "tl.iscogs", optional: true, condition: true },
];

export const LINK_COLUMNS: readonly Column[] = [
  { as: "previousdoc", sql: "l.previousdoc" },
  { as: "previousline", sql: "l.previousline" },
  { as: "previoustype", sql: "l.previoustype" },
  { as: "nextdoc", sql: "l.nextdoc" },
  { as: "nextline", sql: "l.nextline" },
  { as: "nexttype", sql: "l.nexttype" },
  { as: "foreignamount", sql: "l.foreignamount", optional: true },
];

const SOURCE_COLUMNS: readonly Column[] = [
  { as: "id", sql: "t.id" },
  { as: "tranid", sql: "t.tranid", optional: true },
  { as: "otherrefnum", sql: "t.otherrefnum", optional: true },
  { as: "externalid", sql: "t.externalid", optional: true },
  { as: "createdfrom", sql: "ml.createdfrom", optional: true },
];

export const DELETED_COLUMNS: readonly Column[] = [
  { as: "recordid", sql: "d.recordid" },
  { as: "type", sql: "d.type" },
  { as: "deleted_utc", sql: utcText("d.deleteddate") },
  { as: "cursor_ts", sql: "TO_CHAR(d.deleteddate, 'YYYY-MM-DD HH24:MI:SS')" },
  { as: "deletedby", sql: "d.deletedby", optional: true },
];

/** The names of all columns but those that the brand file adds. */
export const KNOWN_COLUMNS: readonly string[] = [
  ...[HEADER_COLUMNS, SEGMENT_COLUMNS, LINE_COLUMNS, LINK_COLUMNS, SOURCE_COLUMNS, DELETED_COLUMNS]
    .flat()
    .map(({ as }) => as),
  "subsidiary",
  "payout",
  "credit",
  "startdate",
  "enddate",
  "name",
];

/** The columns of a header, with the brand's own fields of the document and of its source. */
export function headerColumns({
  referenceFields,
  paymentFields,
  scope,
}: Pick<Account, "referenceFields" | "paymentFields" | "scope">): Column[] {
  const own = referenceFields.flatMap((field): Column[] => [
    { as: field, sql: `t.${field}`, optional: true },
    { as: `src_${field}`, sql: `src.${field}`, optional: true },
  ]);
  const payments = paymentFields
    .filter((field) => !referenceFields.includes(field))
    .map((field): Column => ({ as: field, sql: `t.${field}`, optional: true }));
  // A scope by company needs the company of every document: without the column the pull must stop.
  const company: Column = { as: "subsidiary", sql: "ml.subsidiary" };
  return [
    ...HEADER_COLUMNS,
    scope.companies.length > 0 ? company : { ...company, optional: true },
    ...(scope.channels.length > 0 ? SEGMENT_COLUMNS : []),
    ...own,
    ...payments,
  ];
}

export function sourceColumns({ referenceFields }: Pick<Account, "referenceFields">): Column[] {
  const own = referenceFields.map((field): Column => ({
    as: field,
    sql: `t.${field}`,
    optional: true,
  }));
  return [...SOURCE_COLUMNS, ...own];
}

function headers(account: Account): string {
  const { has } = account;
  const source = has("createdfrom") ? " LEFT JOIN transaction src ON src.id = ml.createdfrom" : "";
  const currency = has("currency_code") ? " LEFT JOIN currency cur ON cur.id = t.currency" : "";
  const known = (as: string): boolean => has(as) && (source !== "" || !as.startsWith("src_"));
  return (
    `SELECT ${selected(headerColumns(account), known)} FROM transaction t` +
    ` JOIN transactionline ml ON ml.transaction = t.id AND ml.mainline = 'T'${source}${currency}`
  );
}

function deleted(has: Account["has"]): string {
  return `SELECT ${selected(DELETED_COLUMNS, has)} FROM deletedrecord d`;
}

function selected(columns: readonly Column[], has: Account["has"]): string {
  return columns
    .filter(({ condition }) => condition !== true)
    .flatMap(({ as, sql, optional, otherwise }) => {
      if (optional !== true || has(as)) return sql.endsWith(`.${as}`) ? sql : `${sql} AS ${as}`;
      return otherwise === undefined ? [] : `${otherwise} AS ${as}`;
    })
    .join(", ");
}

function keyset(time: string, key: string, after: Key): string {
  const at = asDate(matching(LOCAL_TIME, after.at, "a time of the session"));
  return `((${time} > ${at}) OR (${time} = ${at} AND ${key} > ${id(after.id)}))`;
}

/** The condition for rows after `after`, in the order of these columns (all are internal ids). */
function beyond(alias: string, columns: readonly string[], after: Row | null): string {
  if (after === null) return "";
  const [first = "", ...rest] = columns;
  const column = `${alias}.${first}`;
  const value = id(after[first] ?? "");
  if (rest.length === 0) return ` AND ${column} > ${value}`;
  return ` AND (${column} > ${value} OR (${column} = ${value}${beyond(alias, rest, after)}))`;
}

function beyondPair(after: Row | null): string {
  if (after === null) return "";
  const [payout, credit] = [id(after["payout"] ?? ""), id(after["credit"] ?? "")];
  return ` AND (p.id > ${payout} OR (p.id = ${payout} AND t.id > ${credit}))`;
}

function utcText(column: string): string {
  return `TO_CHAR(SYS_EXTRACT_UTC(${column}), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}

function asDate(time: string): string {
  return `TO_DATE('${time}', 'YYYY-MM-DD HH24:MI:SS')`;
}

function asTimestamp(time: string): string {
  return `TO_TIMESTAMP('${time}', 'YYYY-MM-DD HH24:MI:SS')`;
}

function sqlTime(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace("T", " ");
}

function idList(ids: readonly string[]): string {
  return ids.map(id).join(", ");
}

function id(text: string): string {
  return matching(ID, text, "an internal id");
}

function matching(pattern: RegExp, text: string, wanted: string): string {
  if (pattern.test(text)) return text;
  throw new Error(`a SuiteQL query: wanted ${wanted}, got ${JSON.stringify(text.slice(0, 40))}`);
}

const TYPES = "'CustCred', 'CashRfnd', 'CustRfnd'";
export const ID = /^-?\d{1,18}$/;
export const LOCAL_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

const DAY_MS = 86_400_000;
/**
 * In autumn one hour of local time occurs twice, and a key in local time can skip rows of that
 * hour. So each window starts two hours earlier.
 */
const REPEATED_HOUR_MS = 2 * 3_600_000;
