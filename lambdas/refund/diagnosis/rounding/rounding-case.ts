import { sum } from "../../collections/sum.ts";
import * as z from "zod";
import { settledIn } from "../features/difference.ts";
import type { RecordFacts } from "../features/record-facts.ts";
import { minorUnits } from "../../money/minor-units.ts";
import type { Components, RefundLine, StorefrontRefund } from "../../observation/observation.ts";
import { bookedDiscounts } from "./booked-discounts.ts";

/**
 * The data that are needed to recompute one refund under another rounding rule, in minor units.
 * They are compact, because every daily roll-up keeps some refunds that drift and some that do not.
 */
export type RoundingCase = z.infer<typeof roundingCaseSchema>;

const units = z.int();

export const roundingCaseSchema = z.object({
  id: z.string(),
  currency: z.string(),
  taxesIncluded: z.boolean(),
  /** Quantity, unit price (null: not given), discount, amount after discount, tax. */
  lines: z.array(z.tuple([z.number(), units.nullable(), units, units, units])),
  /** In the shop's currency, like the lines. */
  shipping: units,
  shippingTax: units,
  settled: units,
  /** The total that the ERP booked for it, and the tax in this total (null: not given). */
  booked: units,
  bookedTax: units.nullable(),
  /** The cents of tax that the last refund of an order took; absent where there are none. */
  remainder: units.optional(),
  /**
   * Only for a refund that differs by more than rounding, and only in its discount: the order that
   * the discount was given on, and the discount that the ERP took off each returned line.
   */
  otherShare: z.object({ order: z.string(), discounts: z.array(units) }).optional(),
  /** What was settled in the shop's currency, when the ERP booked in the buyer's currency. */
  otherCurrency: z.object({ currency: z.string(), settled: units }).nullable(),
});

/**
 * Null for a refund that rounding cannot explain: it has no document or is part of a batch, it
 * differs by too much in more than the discount, or an amount is too large to calculate with.
 */
export function roundingCaseOf({ record, difference }: RecordFacts): RoundingCase | null {
  const { refund, documents } = record;
  if (refund === null || difference === null || refund.lines.length > MOST_LINES) return null;
  if (refund.lines.some(({ quantity }) => !Number.isInteger(quantity) || quantity < 1)) return null;
  const { currency, expected, actual, units: gap } = difference;
  if (!statesLines(refund)) return null;
  const inShop = currency === refund.currency;
  const isFar = Math.abs(gap) > drift(refund);
  const taken = isFar ? bookedDiscounts(refund, documents, gap) : null;
  if (isFar && taken === null) return null;
  const taxes = documents.map(({ tax }) => tax);
  const roundingCase: RoundingCase = {
    id: record.id,
    currency,
    taxesIncluded: refund.taxesIncluded,
    lines: refund.lines.map(compact),
    // In the shop's currency, because the storefront gives the lines only in that currency.
    ...shippingOf(refund.components),
    settled: expected,
    booked: actual,
    bookedTax: taxes.includes(null) ? null : sum(taxes.map((tax) => minorUnits(tax ?? "0"))),
    ...(inShop &&
      refund.taxRemainder !== undefined && { remainder: minorUnits(refund.taxRemainder) }),
    ...(taken === null ? {} : { otherShare: { order: refund.orderId, discounts: taken } }),
    otherCurrency: inShop
      ? null
      : { currency: refund.currency, settled: settledIn(refund, refund.currency) ?? 0 },
  };
  return isExact(roundingCase) ? roundingCase : null;
}

/** Whether the storefront states the amounts of each line, and of the shipping with its tax. */
function statesLines({ lines, components }: StorefrontRefund): boolean {
  const { shipping, shippingTax } = components;
  if (shipping === null || (shippingTax === null && /[1-9]/.test(shipping))) return false;
  return lines.every(
    ({ amount, tax, discount }) => amount !== null && tax !== null && discount !== null,
  );
}

function isExact({ lines, shipping, shippingTax, bookedTax, ...rest }: RoundingCase): boolean {
  const { otherShare, otherCurrency } = rest;
  const all = [shipping, shippingTax, bookedTax, otherCurrency?.settled, ...lines.flat()];
  return [...all, ...(otherShare?.discounts ?? [])].every(
    (one) => one === null || one === undefined || Number.isSafeInteger(one),
  );
}

/** The largest difference from rounding alone: one unit for each rounded value, and one more. */
export function drift({ lines, components }: StorefrontRefund): number {
  const shipping = /[1-9]/.test(components.shipping ?? "0") ? 2 : 0;
  // A rounded unit price or unit discount can be wrong by half a minor unit for each piece sold.
  const goods = sum(lines.map(({ quantity }) => Math.max(2, 1 + Math.ceil(quantity / 2))));
  return Math.max(2, goods + shipping + 1);
}

function compact({
  quantity,
  unitPrice,
  discount,
  amount,
  tax,
}: RefundLine): RoundingCase["lines"][number] {
  return [
    quantity,
    unitPrice === null ? null : minorUnits(unitPrice),
    minorUnits(discount ?? "0"),
    minorUnits(amount ?? "0"),
    minorUnits(tax ?? "0"),
  ];
}

function shippingOf({ shipping, shippingTax }: Components): {
  shipping: number;
  shippingTax: number;
} {
  return { shipping: minorUnits(shipping ?? "0"), shippingTax: minorUnits(shippingTax ?? "0") };
}

const MOST_LINES = 20;
