import { Money } from "../../../refund/money/money.ts";
import type { ErpDocument } from "../../../refund/observation/observation.ts";
import { erpDocument, type Payout } from "./document.ts";
import { type Header, type Link, readAmount } from "./row.ts";

/**
 * The links between NetSuite's documents: which payouts settle a credit memo, and which orders,
 * invoices and returns it was made from. NetSuite keeps one row for each pair of lines.
 */
export class Links {
  /** By pair of lines: two queries may return the same pair, but its amount must count once. */
  readonly #pairs = new Map<string, Link>();

  add(rows: readonly Link[]): void {
    for (const row of rows) {
      const { previousdoc, previousline, nextdoc, nextline } = row;
      this.#pairs.set([previousdoc, previousline, nextdoc, nextline].join(" "), row);
    }
  }

  /** A payout that was made directly from a credit memo may name the memo in `createdfrom`. */
  addMadeFrom({ id, type, createdfrom, src_type }: Header): void {
    if (type !== "CustRfnd" || src_type !== "CustCred" || createdfrom === null) return;
    this.addPaidBy(createdfrom, id);
  }

  addPaidBy(credit: string, payout: string): void {
    if (this.creditsOf(payout).includes(credit)) return;
    const previous = { previousdoc: credit, previousline: null, previoustype: "CustCred" };
    const next = { nextdoc: payout, nextline: null, nexttype: "CustRfnd" };
    this.add([{ ...previous, ...next, foreignamount: null }]);
  }

  creditsOf(payout: string): string[] {
    return this.#others(payout, (type) => type === "CustCred", BOTH_DIRECTIONS);
  }

  payoutsOf(credit: string): string[] {
    return this.#others(credit, (type) => type === "CustRfnd", BOTH_DIRECTIONS);
  }

  originsOf(document: string): string[] {
    return this.#others(document, (type) => ORIGINS.has(type), BACKWARD_ONLY);
  }

  /**
   * The settlement of this credit memo: the sum of its payouts, with the id of the newest one.
   * A payout that waits for approval settles nothing yet. If all payouts are void or rejected, the
   * settlement is zero, not null: a credit that never had a payout is evaluated in another way.
   */
  payout(credit: Header, payouts: readonly Header[]): Payout | null {
    if (payouts.length === 0) return null;
    const modifiedAt =
      payouts
        .map(({ modified_utc }) => modified_utc)
        .toSorted()
        .at(-1) ?? "";
    const payments = payouts.flatMap((payout) => payout.payments);
    const paid = payouts.filter(isPaid).toSorted((one, other) => byId(one.id, other.id));
    const newest = paid.at(-1);
    if (newest === undefined) {
      const cancelled = payouts
        .filter(isCancelled)
        .toSorted((one, other) => byId(one.id, other.id));
      const last = cancelled.length === payouts.length ? cancelled.at(-1) : undefined;
      if (last === undefined) return { settlement: null, modifiedAt, payments };
      const nothing = Money.zero(credit.currency_code).toString();
      return { settlement: { documentId: last.id, amount: nothing }, modifiedAt, payments };
    }
    const amounts = paid.map((payout) => this.#amount(credit, payout));
    const amount = Money.sum(amounts, credit.currency_code).toString();
    const olderIds = paid.slice(0, -1).map(({ id }) => id);
    const older = olderIds.length === 0 ? {} : { olderIds };
    const at = newest.created_utc;
    return { settlement: { documentId: newest.id, amount, ...older, at }, modifiedAt, payments };
  }

  /** The sum over the pairs of lines; the payout's own total where the links have no amount. */
  #amount(credit: Header, payout: Header): Money {
    const { currency_code: currency } = credit;
    const amounts = [...this.#pairs.values()]
      .filter(({ previousdoc, nextdoc }) =>
        [previousdoc, nextdoc].every((id) => id === credit.id || id === payout.id),
      )
      .flatMap(({ foreignamount }) => (foreignamount === null ? [] : [foreignamount]))
      .map((amount) => Money.of(readAmount("link: foreignamount", amount, currency), currency));
    if (amounts.length > 0)
      return Money.sum(
        amounts.map((amount) => amount.absolute()),
        currency,
      );
    return Money.of(readAmount("foreigntotal", payout.foreigntotal, currency), currency).absolute();
  }

  #others(id: string, isWanted: (type: string) => boolean, direction: "both" | "back"): string[] {
    const found = [...this.#pairs.values()].flatMap((row) => {
      if (row.nextdoc === id && isWanted(row.previoustype)) return [row.previousdoc];
      const isForward = direction === "both" && row.previousdoc === id && isWanted(row.nexttype);
      return isForward ? [row.nextdoc] : [];
    });
    return [...new Set(found)].toSorted(byId);
  }
}

function isPaid(header: Header): boolean {
  const state = stateOf(header);
  return state === "applied" || state === "open" || state === "unknown";
}

function isCancelled(header: Header): boolean {
  const state = stateOf(header);
  return state === "voided" || state === "rejected";
}

function stateOf(header: Header): ErpDocument["state"] {
  const { state } = erpDocument({
    header,
    lines: null,
    origins: [],
    payout: null,
    periods: new Map(),
    integrationUsers: [],
    sourceKnown: false,
  });
  return state;
}

function byId(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}

const ORIGINS: ReadonlySet<string> = new Set([
  "SalesOrd",
  "CustInvc",
  "CashSale",
  "RtnAuth",
  "CustDep",
]);
const BOTH_DIRECTIONS = "both";
const BACKWARD_ONLY = "back";
