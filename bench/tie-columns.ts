import type { Policy } from "../lambdas/refund/policy.ts";
import { NO_GOODS, UNSTATED } from "./plain-facts.ts";
import type { PlainFacts } from "./plain-facts.ts";

/**
 * Ties out two sides in columns: an order with one refund and one document that agree in everything is
 * done with; every other row is left to the rules. The same conditions as `plainPair`, on numbers.
 */
export function tieColumns(refunds: PlainFacts, documents: PlainFacts, policy: Policy): Tied {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(refunds.count * 2 + 2)));
  const orders = refunds.order.first(refunds.count);
  const partner = new Int32Array(refunds.count).fill(NONE);
  for (let row = 0; row < refunds.count; row++) {
    const slot = slotOf(slots, orders, orders[row] ?? 0);
    const first = (slots[slot] ?? 0) - 1;
    if (first < 0) slots[slot] = row + 1;
    else partner[first] = CROWDED;
    if (first >= 0) partner[row] = CROWDED;
  }
  const left = new Uint8Array(documents.count);
  const booked = documents.order.first(documents.count);
  for (let row = 0; row < documents.count; row++) {
    const order = booked[row] ?? 0; // 0: it names none
    const first = order === 0 ? -1 : (slots[slotOf(slots, orders, order)] ?? 0) - 1;
    if (first >= 0 && partner[first] === NONE) partner[first] = row;
    else {
      left[row] = 1;
      const other = first < 0 ? NONE : (partner[first] ?? NONE);
      if (other >= 0) left[other] = 1;
      if (first >= 0) partner[first] = CROWDED;
    }
  }
  const agrees = agreement(refunds, documents, policy);
  let matched = 0;
  for (let row = 0; row < refunds.count; row++) {
    const other = partner[row] ?? NONE;
    if (other >= 0 && agrees(row, other)) matched += 1;
    else {
      if (other >= 0) left[other] = 1;
      partner[row] = CROWDED;
    }
  }
  return { matched, partner, left };
}

export type Tied = {
  readonly matched: number;
  /** For each refund the document that it is in step with; negative where the rules must look. */
  readonly partner: Int32Array;
  /** 1 for each document that the rules must look at. */
  readonly left: Uint8Array;
};

const NONE = -1;
const CROWDED = -2;

function agreement(
  refunds: PlainFacts,
  documents: PlainFacts,
  { staleAfterMs }: Policy,
): (refund: number, document: number) => boolean {
  const of = <Numbers>(
    column: (side: PlainFacts) => { first(count: number): Numbers },
  ): [Numbers, Numbers] => [
    column(refunds).first(refunds.count),
    column(documents).first(documents.count),
  ];
  const [ids, named] = of(({ id }) => id);
  const [settled, total] = of(({ units }) => units);
  const [starts, created] = of(({ at }) => at);
  const [known] = of(({ after }) => after);
  const [tax, bookedTax] = of(({ tax: column }) => column);
  const [shipping, bookedShipping] = of(({ shipping: column }) => column);
  const [sku, bookedSku] = of(({ sku: column }) => column);
  const [books, bookedIn] = of(({ books: column }) => column);
  return (refund, document) => {
    const id = ids[refund] ?? -1;
    const names = named[document] ?? -1;
    if (id < 0 || (names !== 0 && names !== id) || documents.namedAlone.has(id)) return false;
    if (settled[refund] !== total[document] || books[refund] !== bookedIn[document]) return false;
    const gap = (created[document] ?? 0) - (starts[refund] ?? 0);
    if (gap < 0 || gap <= (known[refund] ?? 0) || gap > staleAfterMs) return false;
    const taxed = bookedTax[document] ?? UNSTATED;
    if (taxed !== UNSTATED && taxed - 1 !== tax[refund]) return false;
    const shipped = bookedShipping[document] ?? UNSTATED;
    if (shipped !== UNSTATED && shipped - 1 !== shipping[refund]) return false;
    return bookedSku[document] === NO_GOODS || (bookedSku[document] ?? 0) === sku[refund];
  };
}

function slotOf(slots: Int32Array, orders: Float64Array, order: number): number {
  const mask = slots.length - 1;
  let slot = (Math.imul(order % 4_294_967_296, 0x9e3779b1) >>> 7) & mask;
  for (;;) {
    const row = slots[slot] ?? 0;
    if (row === 0 || orders[row - 1] === order) return slot;
    slot = (slot + 1) & mask;
  }
}
