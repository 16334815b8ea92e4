import type { Difference } from "./difference.ts";
import { minorUnits } from "../../money/minor-units.ts";
import type { RefundTransaction, StorefrontRefund } from "../../observation/observation.ts";

/**
 * The formulas that may explain a difference. Each leaves one amount out of this refund, or adds
 * one, and gives the difference that results. A formula that gives no difference is not listed.
 */
export function formulasFor(refund: StorefrontRefund, currency: string): readonly Formula[] {
  const components =
    currency === refund.currency ? refund.components : refund.presentment?.components;
  if (components === undefined) return [];
  const part = {
    // A part that is not stated gives no formula.
    items: minorUnits(components.items ?? "0"),
    tax: minorUnits(components.tax),
    shipping: minorUnits(components.shipping ?? "0"),
    shippingTax: minorUnits(components.shippingTax ?? "0"),
    duties: minorUnits(components.duties),
    adjustment: minorUnits(components.adjustment),
    discount: minorUnits(components.discount ?? "0"),
  };
  const taxOnDiscount =
    part.items === 0 || refund.taxesIncluded
      ? 0
      : Math.round((part.discount * part.tax) / part.items);
  const shippingTaxOnTop = refund.taxesIncluded ? 0 : part.shippingTax;
  const taxes = refund.taxesIncluded ? 0 : part.tax + part.shippingTax;
  const all: Formula[] = [
    { name: "failed_payment_booked", units: failedPayments(refund, currency), slack: 0 },
    { name: "discount_ignored", units: part.discount, slack: 0 },
    { name: "discount_and_its_tax_ignored", units: part.discount + taxOnDiscount, slack: 2 },
    { name: "shipping_left_out", units: -(part.shipping + shippingTaxOnTop), slack: 0 },
    { name: "shipping_net_left_out", units: -part.shipping, slack: 0 },
    { name: "shipping_tax_left_out", units: -part.shippingTax, slack: 0 },
    { name: "tax_left_out", units: -taxes, slack: 0 },
    { name: "goods_tax_left_out", units: -part.tax, slack: 0 },
    { name: "tax_added_twice", units: part.tax + part.shippingTax, slack: 0 },
    { name: "duties_left_out", units: -part.duties, slack: 0 },
    { name: "adjustment_left_out", units: part.adjustment, slack: 0 },
    { name: "other_currency_field", units: otherCurrency(refund, currency), slack: 0 },
    ...oneLineLost(refund, currency),
    ...onePaymentLost(refund, currency),
  ];
  // No formula is exact where an amount is too large to calculate with.
  return all.filter(({ units }) => units !== 0 && Number.isSafeInteger(units));
}

/** The formula that gives this difference to the cent; null when none does. */
export function formulaOf(refund: StorefrontRefund, difference: Difference): FormulaName | null {
  if (difference.units === 0) return null;
  const found = formulasFor(refund, difference.currency).find(
    ({ units, slack }) =>
      Math.abs(difference.units - units) <= slack &&
      Math.sign(units) === Math.sign(difference.units),
  );
  return found?.name ?? null;
}

const FORMULA_NAMES = [
  "failed_payment_booked",
  "discount_ignored",
  "discount_and_its_tax_ignored",
  "shipping_left_out",
  "shipping_net_left_out",
  "shipping_tax_left_out",
  "tax_left_out",
  "goods_tax_left_out",
  "tax_added_twice",
  "duties_left_out",
  "adjustment_left_out",
  "other_currency_field",
  "line_left_out",
  "payment_left_out",
] as const;
export type FormulaName = (typeof FORMULA_NAMES)[number];

export type Formula = {
  readonly name: FormulaName;
  /** ERP − storefront, minor units */
  readonly units: number;
  /** How far the difference may be from `units` because of the ERP's own rounding. */
  readonly slack: number;
};

function otherCurrency(refund: StorefrontRefund, currency: string): number {
  if (refund.presentment === null) return 0;
  const shop = minorUnits(refund.settled);
  const buyer = minorUnits(refund.presentment.settled);
  return currency === refund.currency ? buyer - shop : shop - buyer;
}

/** The money of the payments that failed, in minor units. */
function failedPayments(refund: StorefrontRefund, currency: string): number {
  return refund.transactions
    .filter(({ status }) => status === "failure")
    .reduce((sum, payment) => sum + unitsOf(payment, refund, currency), 0);
}

function onePaymentLost(refund: StorefrontRefund, currency: string): Formula[] {
  const made = refund.transactions.filter(({ status }) => status === "success");
  if (made.length < 2) return [];
  return made.map((payment) => ({
    name: "payment_left_out" as const,
    units: -unitsOf(payment, refund, currency),
    slack: 0,
  }));
}

/** 0 where the storefront does not state the payment in this currency. */
function unitsOf(
  { amount, presentmentAmount }: RefundTransaction,
  { currency: shop }: StorefrontRefund,
  currency: string,
): number {
  return minorUnits((currency === shop ? amount : presentmentAmount) ?? "0");
}

function oneLineLost(
  { lines, taxesIncluded, currency: shop }: StorefrontRefund,
  currency: string,
): Formula[] {
  if (lines.length < 2 || currency !== shop) return [];
  return lines.map(({ amount, tax }) => ({
    name: "line_left_out" as const,
    units: -(minorUnits(amount ?? "0") + (taxesIncluded ? 0 : minorUnits(tax ?? "0"))),
    slack: 0,
  }));
}
