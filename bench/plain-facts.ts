import { localDay } from "../lambdas/refund/time/local-day.ts";
import { msOf } from "../lambdas/refund/time/instant.ts";
import { refundIdsOf } from "../lambdas/refund/observation/refund-id.ts";
import { isPlainDocument, isPlainRefund } from "../lambdas/refund/tie-out/fast-path/eligible.ts";
import { clockStart, isNothing, knownSince } from "../lambdas/refund/observation/refund-figures.ts";
import type { Policy } from "../lambdas/refund/policy.ts";
import { longNumbers, wholeNumbers } from "./columns.ts";
import type { DocumentPage, RefundPage } from "./page-schema.ts";

/**
 * What a clean match needs of one side, in columns of whole numbers: a million rows are a hundred
 * megabytes outside the heap. A row that does not fit in (an odd state, reference or amount) is only
 * remembered by its order and where it was read, and left to the rules.
 */
export class PlainFacts {
  readonly order = longNumbers();
  /** The refund's id; for a document the one it names; 0 for none, -1 where the row is not plain. */
  readonly id = longNumbers();
  readonly units = wholeNumbers();
  /** For a document one more than it states, 0 where it states none: what is not written takes no memory. */
  readonly tax = wholeNumbers();
  readonly shipping = wholeNumbers();
  readonly sku = wholeNumbers();
  /** Currency and accounting month in one. */
  readonly books = wholeNumbers();
  /** From when the ERP is expected to know; for a document, when it was made. */
  readonly at = longNumbers();
  /** How much later the refund itself was known. */
  readonly after = wholeNumbers();
  /** Where its line begins in its block. */
  readonly place = wholeNumbers();
  /** Refund ids named by documents that name no order: their refunds are not in step by themselves. */
  readonly namedAlone = new Set<number>();
  count = 0;
  readonly #firstRows: number[] = [];

  /** What comes now was read from the next block. */
  beginBlock(): void {
    this.#firstRows.push(this.count);
  }

  blockOf(row: number): number {
    return this.#firstRows.findLastIndex((first) => first <= row);
  }

  addRefund(refund: RefundPage, order: number, place: number, names: Names, policy: Policy): void {
    const row = this.#row(order, place);
    const id = wholeOf(refund.refundId);
    const units = unitsOf(refund.settled);
    const tax = unitsOf(refund.components.tax);
    const shipping = unitsOf(refund.components.shipping);
    if (!isPlainRefund(refund) || id < 0 || units < 0 || tax < 0 || shipping < 0) return;
    const start = msOf(clockStart(refund));
    const after = Math.max(0, msOf(knownSince(refund)) - start);
    if (after > MOST) return;
    this.units.put(row, units);
    const apart = isNothing(refund.components.shippingTax);
    if (tax > 0 || !apart) this.tax.put(row, apart ? tax : NOT_COMPARABLE);
    if (shipping > 0 || !apart) this.shipping.put(row, apart ? shipping : NOT_COMPARABLE);
    this.sku.put(row, skuOf(refund.lines, names));
    this.books.put(
      row,
      booksOf(localMonth(refund.processedAt, policy.timeZone), refund.currency, names),
    );
    this.at.put(row, start);
    if (after > 0) this.after.put(row, after);
    this.id.put(row, id);
  }

  addDocument(document: DocumentPage, order: number, place: number, names: Names): void {
    const row = this.#row(order, place);
    if (order === 0) for (const id of refundIdsOf(document)) this.namedAlone.add(wholeOf(id));
    const named = namedId(document);
    const units = unitsOf(document.total);
    if (!isPlainDocument(document) || named < 0 || units < 0) return;
    const goods = document.lines?.filter(({ kind }) => !TOLD_APART.has(kind)) ?? [];
    if (goods.some(({ kind }) => kind !== "item")) return;
    const month = bookedMonth(document);
    if (month < 0) return;
    this.units.put(row, units);
    if (document.tax !== null) this.tax.put(row, unitsOf(document.tax) + 1);
    if (document.shipping !== null) this.shipping.put(row, unitsOf(document.shipping) + 1);
    this.sku.put(row, goods.length === 0 ? NO_GOODS : skuOf(goods, names));
    this.books.put(row, booksOf(month, document.currency, names));
    this.at.put(row, msOf(document.createdAt));
    this.id.put(row, named);
  }

  #row(order: number, place: number): number {
    const row = this.count++;
    this.order.put(row, order);
    this.place.put(row, place);
    this.id.put(row, -1);
    return row;
  }
}

/** Short names (currencies, SKUs) as numbers. */
export class Names {
  readonly #numbers = new Map<string, number>();
  of(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#numbers.size + 1);
    return this.#numbers.size;
  }
}

export const UNSTATED = 0;
export const NO_GOODS = -2;
const NOT_COMPARABLE = -3;
const MOST = 2 ** 31 - 1;
const TOLD_APART: ReadonlySet<string> = new Set(["tax", "shipping", "discount"]);

/** A whole number without leading zeros, or -1. */
export function wholeOf(text: string): number {
  if (text.length === 0 || text.length > 15 || text.charCodeAt(0) === 48) return -1;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The amount without its point; -1 for one that the column cannot hold, which is then left to the rules. */
function unitsOf(amount: string): number {
  let value = 0;
  for (let at = 0; at < amount.length; at++) {
    const digit = amount.charCodeAt(at) - 48;
    if (digit === -2) continue;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value > MOST ? -1 : value;
}

function namedId({ references }: DocumentPage): number {
  let named = 0;
  for (const { field, text } of references) {
    if (field === "order" || field === "number") continue;
    if (field !== "external_id" || named !== 0) return -1;
    named = wholeOf(text.startsWith(GLOBAL) ? text.slice(GLOBAL.length) : text);
  }
  return named;
}

function skuOf(lines: readonly { readonly sku: string | null }[], names: Names): number {
  const [first] = lines;
  if (first === undefined || first.sku === null) return NOT_COMPARABLE;
  const { sku } = first;
  return lines.every((line) => line.sku === sku) ? names.of(sku) : NOT_COMPARABLE;
}

function bookedMonth({ periodDates, bookedOn }: DocumentPage): number {
  if (periodDates === null) return monthOf(bookedOn);
  const { from, to } = periodDates;
  const whole = from.endsWith("-01") && from.slice(0, 7) === to.slice(0, 7) && to.slice(8) >= "28";
  return whole ? monthOf(from) : -1;
}

function booksOf(month: number, currency: string, names: Names): number {
  return month * 512 + names.of(currency);
}

/** In the middle of a month the month is the same in every zone. */
function localMonth(at: string, timeZone: string): number {
  const day = at.slice(8, 10);
  return monthOf(day > "01" && day < "28" ? at : localDay(at, timeZone));
}

function monthOf(day: string): number {
  return (
    (wholeOf(day.slice(0, 4)) - 2_000) * 12 + (day.charCodeAt(5) - 48) * 10 + day.charCodeAt(6) - 48
  );
}

const GLOBAL = "gid://shopify/Refund/";
