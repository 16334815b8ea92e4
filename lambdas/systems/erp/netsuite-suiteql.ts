import type { Window } from "../source.ts";
import type { Row } from "./netsuite-page.ts";

/**
 * The questions that NetSuite is asked, as SuiteQL text.
 *
 * Change times are compared in UTC to the second: a date alone loses what changed after the
 * account's midnight. The coarse bound a day earlier lets NetSuite use its index in any zone of the
 * session. Pages are cut by key (change time in the session's zone, id), never by offset. Values can
 * only be written into the text, so each passes a pattern first.
 */
export function changedHeaders(window: Window, after: Key | null, has: Has): string {
  const since = new Date(Date.parse(window.since) - REPEATED_HOUR_MS);
  const exact = "SYS_EXTRACT_UTC(t.lastmodifieddate)";
  const conditions = [
    `t.type IN (${TYPES})`,
    `t.lastmodifieddate >= ${asDate(sqlTime(new Date(since.getTime() - DAY_MS)))}`,
    `${exact} >= ${asTimestamp(sqlTime(since))}`,
    `${exact} <= ${asTimestamp(sqlTime(new Date(window.until)))}`,
    ...(after === null ? [] : [keyset("t.lastmodifieddate", "t.id", after)]),
  ];
  return `${headers(has)} WHERE ${conditions.join(" AND ")} ORDER BY t.lastmodifieddate, t.id`;
}

export function headersById(ids: readonly string[], after: Row | null, has: Has): string {
  const next = beyond("t", ["id"], after);
  return `${headers(has)} WHERE t.type IN (${TYPES}) AND t.id IN (${idList(ids)})${next} ORDER BY t.id`;
}

/** Lines that are neither the document's own total nor cost of goods, those after a row. */
export function linesOf(ids: readonly string[], after: Row | null, has: Has): string {
  return (
    `SELECT ${selected(LINE_COLUMNS, has)} FROM transactionline tl` +
    ` WHERE tl.transaction IN (${idList(ids)}) AND tl.mainline = 'F' AND tl.iscogs = 'F'` +
    `${beyond("tl", ["transaction", "id"], after)} ORDER BY tl.transaction, tl.id`
  );
}

/** One row for each pair of lines that connects two documents, those after a row. */
export function linksOf(ids: readonly string[], after: Row | null, has: Has): string {
  const list = idList(ids);
  const order = ["nextdoc", "nextline", "previousdoc", "previousline"];
  return (
    `SELECT ${selected(LINK_COLUMNS, has)} FROM previoustransactionlinelink l` +
    ` WHERE (l.nextdoc IN (${list}) OR l.previousdoc IN (${list}))${beyond("l", order, after)}` +
    ` ORDER BY ${order.map((column) => `l.${column}`).join(", ")}`
  );
}

/** The orders, invoices and returns that a credit was made from or applied to. */
export function sourcesById(ids: readonly string[], after: Row | null, has: Has): string {
  return (
    `SELECT ${selected(SOURCE_COLUMNS, has)} FROM transaction t` +
    ` WHERE t.id IN (${idList(ids)})${beyond("t", ["id"], after)} ORDER BY t.id`
  );
}

export function periodsById(ids: readonly string[], after: Row | null): string {
  return (
    "SELECT ap.id, TO_CHAR(ap.startdate, 'YYYY-MM-DD') AS startdate," +
    " TO_CHAR(ap.enddate, 'YYYY-MM-DD') AS enddate FROM accountingperiod ap" +
    ` WHERE ap.id IN (${idList(ids)})${beyond("ap", ["id"], after)} ORDER BY ap.id`
  );
}

/** What was deleted: such documents just vanish from every other answer. */
export function deletedSince(window: Window, after: Key | null): string {
  const since = new Date(Date.parse(window.since) - REPEATED_HOUR_MS);
  const exact = "SYS_EXTRACT_UTC(d.deleteddate)";
  const conditions = [
    `d.deleteddate >= ${asDate(sqlTime(new Date(since.getTime() - DAY_MS)))}`,
    `${exact} >= ${asTimestamp(sqlTime(since))}`,
    `${exact} <= ${asTimestamp(sqlTime(new Date(window.until)))}`,
    ...(after === null ? [] : [keyset("d.deleteddate", "d.recordid", after)]),
  ];
  return `${DELETED} WHERE ${conditions.join(" AND ")} ORDER BY d.deleteddate, d.recordid`;
}

export function deletedById(ids: readonly string[], after: Row | null): string {
  const next = beyond("d", ["recordid"], after);
  return `${DELETED} WHERE d.recordid IN (${idList(ids)})${next} ORDER BY d.recordid`;
}

/** Whether a column or record is there to ask for. */
export type Has = (name: string) => boolean;

/** Where a page ended: time in the session's zone as `YYYY-MM-DD HH24:MI:SS`, and id. */
export type Key = { readonly at: string; readonly id: string };

/** A column that is asked for; an optional one is left out once the account says it has none. */
export type Column = {
  readonly as: string;
  readonly sql: string;
  readonly optional?: true;
};

export const HEADER_COLUMNS: readonly Column[] = [
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
  { as: "currency_code", sql: "cur.symbol" },
  { as: "foreigntotal", sql: "t.foreigntotal" },
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

export const LINE_COLUMNS: readonly Column[] = [
  { as: "transaction", sql: "tl.transaction" },
  { as: "id", sql: "tl.id" },
  { as: "itemtype", sql: "tl.itemtype", optional: true },
  { as: "item_name", sql: "BUILTIN.DF(tl.item)", optional: true },
  { as: "taxline", sql: "tl.taxline", optional: true },
  { as: "transactiondiscount", sql: "tl.transactiondiscount", optional: true },
  { as: "quantity", sql: "tl.quantity", optional: true },
  { as: "foreignamount", sql: "tl.foreignamount" },
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
];

function headers(has: Has): string {
  const source = has("createdfrom") ? " LEFT JOIN transaction src ON src.id = ml.createdfrom" : "";
  const known = (as: string): boolean => has(as) && (source !== "" || !as.startsWith("src_"));
  return (
    `SELECT ${selected(HEADER_COLUMNS, known)} FROM transaction t` +
    ` JOIN transactionline ml ON ml.transaction = t.id AND ml.mainline = 'T'${source}` +
    " LEFT JOIN currency cur ON cur.id = t.currency"
  );
}

function selected(columns: readonly Column[], has: Has): string {
  return columns
    .filter(({ as, optional }) => optional !== true || has(as))
    .map(({ as, sql }) => (sql.endsWith(`.${as}`) ? sql : `${sql} AS ${as}`))
    .join(", ");
}

function keyset(time: string, key: string, after: Key): string {
  const at = asDate(matching(LOCAL_TIME, after.at, "a time of the session"));
  return `((${time} > ${at}) OR (${time} = ${at} AND ${key} > ${id(after.id)}))`;
}

/** Rows behind this one in the order of these columns, all of them internal ids. */
function beyond(alias: string, columns: readonly string[], after: Row | null): string {
  if (after === null) return "";
  const [first = "", ...rest] = columns;
  const column = `${alias}.${first}`;
  const value = id(after[first] ?? "");
  if (rest.length === 0) return ` AND ${column} > ${value}`;
  return ` AND (${column} > ${value} OR (${column} = ${value}${beyond(alias, rest, after)}))`;
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
const DELETED =
  `SELECT d.recordid, d.type, ${utcText("d.deleteddate")} AS deleted_utc,` +
  " TO_CHAR(d.deleteddate, 'YYYY-MM-DD HH24:MI:SS') AS cursor_ts FROM deletedrecord d";

export const ID = /^-?\d{1,18}$/;
export const LOCAL_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

const DAY_MS = 86_400_000;
/** The hour that autumn repeats can hide rows from a key in local time: so it is always read again. */
const REPEATED_HOUR_MS = 2 * 3_600_000;
