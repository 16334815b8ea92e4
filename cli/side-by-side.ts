import type {
  Charge,
  ErpDocument,
  StorefrontRefund,
} from "../lambdas/refund/observation/observation.ts";
import { isNetOnly } from "../lambdas/refund/observation/live-documents.ts";
import { clockStart } from "../lambdas/refund/observation/refund-figures.ts";
import { Money } from "../lambdas/refund/money/money.ts";
import type { SyncRecord } from "../lambdas/refund/record/sync-record.ts";
import { localTime, spokenDuration } from "../lambdas/reports/figures.ts";
import { wrap } from "../lambdas/reports/wrap.ts";

/** Both sides of a record in two columns. A row that is empty on both sides is left out. */
export function sideBySide(
  { refund, documents, gapMs }: SyncRecord,
  names: { readonly storefront: string; readonly erp: string; readonly timeZone: string },
): string[] {
  const of = (read: (document: ErpDocument) => string | null): string =>
    [...new Set(documents.flatMap((document) => read(document) ?? []))].join(" + ");
  const time = (at: string): string => localTime(at, names.timeZone);
  const gap = gapMs === null ? "" : gapWords(gapMs, refund, documents);
  const { components, currency, settled } = refund ?? {};
  const rows: readonly Row[] = [
    ["", names.storefront, names.erp],
    ["record", refund === null ? "none" : refundName(refund), of(nameOf) || "none"],
    [
      "when",
      refund === null ? "" : time(refund.processedAt),
      documents.length === 0 ? "" : `${of(({ createdAt }) => time(createdAt))}${gap}`,
    ],
    ["total", settled === undefined ? "" : `${currency ?? ""} ${settled}`, totalsOf(documents)],
    ["pending", nothing(refund?.pending) ?? "", ""],
    ["items", computed(components?.items ?? "", refund), ""],
    ["tax", components?.tax ?? "", sumOf(documents, ({ tax }) => tax)],
    ["shipping", nothing(components?.shipping) ?? "", sumOf(documents, (one) => one.shipping)],
    ["discount", nothing(components?.discount) ?? "", sumOf(documents, (one) => one.discount)],
    ["charges", chargesOf(components?.charges ?? []), ""],
    ["adjustment", nothing(components?.adjustment) ?? "", ""],
    ["lines", refund === null ? "" : refundLines(refund), documentLines(documents)],
    ["channel", refund === null ? "" : channelOf(refund), ""],
    ["paid by", refund === null ? "" : paymentsOf(refund), ""],
    [
      "state",
      "",
      of(({ state, stateReason: why }) => (why === undefined ? state : `${state}: ${why}`)),
    ],
    ["made by", refund === null ? "" : makerOf(refund), of(({ createdBy }) => actor(createdBy))],
    ["changed", refund === null ? "" : changed(refund, time), of((one) => changedBy(one, time))],
    ["references", refund?.orderNumber ?? "", referencesOf(documents)],
    ["booked", "", of(({ bookedOn, period }) => [bookedOn, period ?? ""].join(" ").trim())],
  ];
  return rows.filter(([, left, right]) => left !== "" || right !== "").flatMap(inColumns);
}

type Row = readonly [label: string, left: string, right: string];

function inColumns([label, left, right]: Row): string[] {
  const lefts = wrap(left, COLUMN);
  const rights = wrap(right, COLUMN);
  return Array.from({ length: Math.max(1, lefts.length, rights.length) }, (_, index) =>
    [
      (index === 0 ? label : "").padEnd(LABEL),
      (lefts[index] ?? "").padEnd(COLUMN + 1),
      rights[index] ?? "",
    ]
      .join("")
      .trimEnd(),
  );
}

/** A claim stands for an order whose status says that it was refunded. */
function refundName({ refundId, refundNumber, marks, orderNumber }: StorefrontRefund): string {
  if (marks.includes("no_refund_record")) return `no refund; the status of ${orderNumber} says so`;
  return refundNumber === undefined
    ? `refund ${refundId}`
    : `refund ${refundNumber} (id ${refundId})`;
}

function chargesOf(charges: readonly Charge[]): string {
  return charges.map(({ kind, amount }) => `${kind.replaceAll("_", " ")} ${amount}`).join(", ");
}

function nameOf({ kind, documentNumber, documentId }: ErpDocument): string {
  const name = kind.replaceAll("_", " ");
  return documentNumber === null || documentNumber === documentId
    ? `${name} ${documentId}`
    : `${name} ${documentNumber} (id ${documentId})`;
}

/** "GBP 216.00 + GBP 216.00 = GBP 432.00"; in several currencies without a sum. */
function totalsOf(documents: readonly ErpDocument[]): string {
  const [first, another] = documents;
  if (first === undefined) return "";
  const totals = documents.map((one) => totalOf(one)).join(" + ");
  if (another === undefined) return totals;
  const { currency } = first;
  if (documents.some((one) => one.currency !== currency)) return totals;
  return `${totals} = ${currency} ${sumIn(
    currency,
    documents.map(({ total }) => total),
  )}`;
}

function totalOf(document: ErpDocument): string {
  return `${document.currency} ${document.total}${isNetOnly(document) ? " net" : ""}`;
}

/** The amounts of several documents, with their sum where all of them state one. */
function sumOf(
  documents: readonly ErpDocument[],
  read: (document: ErpDocument) => string | null,
): string {
  const amounts = documents.flatMap((document) => read(document) ?? []);
  const [first, another] = amounts;
  const currency = documents[0]?.currency;
  if (another === undefined) return first ?? "";
  if (amounts.every((amount) => nothing(amount) === null)) return first ?? "";
  const isSum =
    amounts.length === documents.length && documents.every((one) => one.currency === currency);
  return `${amounts.join(" + ")}${isSum ? ` = ${sumIn(currency ?? "", amounts)}` : ""}`;
}

function sumIn(currency: string, amounts: readonly string[]): string {
  return Money.sum(
    amounts.map((amount) => Money.of(amount, currency)),
    currency,
  ).toString();
}

/** The storefront does not state it: it follows from the order's prices. */
function computed(amount: string, refund: StorefrontRefund | null): string {
  return refund?.partsComputed === true && amount !== "" ? `${amount} (computed)` : amount;
}

/** A document that was posted again is not late: the gap is that of the first one. */
function gapWords(
  ms: number,
  refund: StorefrontRefund | null,
  documents: readonly ErpDocument[],
): string {
  const made = Math.max(...documents.map(({ createdAt }) => Date.parse(createdAt)));
  const isAgain = refund !== null && made - Date.parse(clockStart(refund)) > ms + MINUTE_MS;
  const first = isAgain ? "first booked " : "";
  return ms < 0
    ? ` (${first}${spokenDuration(-ms)} before)`
    : ` (${first}after ${spokenDuration(ms)})`;
}

/** Null for an amount of zero, because most parts of most refunds are zero. */
function nothing(amount: string | null | undefined): string | null {
  return amount === undefined || amount === null || !/[1-9]/.test(amount) ? null : amount;
}

function refundLines({ lines }: StorefrontRefund): string {
  return few(
    lines.map(({ sku, quantity, amount }) => `${sku ?? "?"} x${quantity} ${amount ?? ""}`.trim()),
  );
}

function documentLines(documents: readonly ErpDocument[]): string {
  const lines = documents.flatMap((document) => document.lines ?? []);
  return few(lines.map(({ sku, kind, amount }) => `${sku ?? kind} ${amount}`));
}

function few(all: readonly string[]): string {
  const more = all.length > MOST_LINES ? `, ${all.length - MOST_LINES} more` : "";
  return `${all.slice(0, MOST_LINES).join(", ")}${more}`;
}

function channelOf({ channel, retailLocation }: StorefrontRefund): string {
  return [channel, retailLocation].filter((word) => word !== null).join(", ");
}

function paymentsOf({ transactions }: StorefrontRefund): string {
  const paid = transactions.flatMap(({ gateway, method }) => method ?? gateway ?? []);
  return [...new Set(paid)].join(", ");
}

function makerOf({ staff, staffKnown, app }: StorefrontRefund): string {
  const person =
    staff === null ? (staffKnown ? "no member of staff" : "staff not known") : `staff ${staff}`;
  return app === null ? person : `${person}, app ${app}`;
}

function actor({ id, kind }: ErpDocument["createdBy"]): string {
  if (id === null) return kind === "unknown" ? "not known" : kind;
  return kind === "human" ? `user ${id}` : `${kind} ${id}`;
}

function changed({ updatedAt, createdAt }: StorefrontRefund, time: (at: string) => string): string {
  return updatedAt === createdAt ? "" : time(updatedAt);
}

/** Who changed a document after it was made, and when. */
function changedBy(
  { modifiedAt, createdAt, modifiedBy }: ErpDocument,
  time: (at: string) => string,
): string | null {
  return modifiedAt === createdAt ? null : `${time(modifiedAt)} by ${actor(modifiedBy)}`;
}

function referencesOf(documents: readonly ErpDocument[]): string {
  const named = documents.flatMap(({ references }) => references.map(({ text }) => text));
  return documents.length === 0 ? "" : few([...new Set(named)]) || "no reference";
}

const MINUTE_MS = 60_000;
const LABEL = 11;
const COLUMN = 33;
const MOST_LINES = 4;
