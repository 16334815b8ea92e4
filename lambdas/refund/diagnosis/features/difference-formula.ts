import { differenceOf } from "./difference.ts";
import type { Difference } from "./difference.ts";
import { minorUnits } from "../../money/minor-units.ts";
import type { StorefrontRefund } from "../../observation/observation.ts";
import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * What the ERP would have booked had it left one thing out, or taken one in: for each such slip, the
 * difference it would make to this refund. A slip that would make none is not listed.
 */
export function formulasFor(refund: StorefrontRefund, currency: string): readonly Formula[] {
  const components =
    currency === refund.currency ? refund.components : refund.presentment?.components;
  if (components === undefined) return [];
  const part = {
    items: minorUnits(components.items),
    tax: minorUnits(components.tax),
    shipping: minorUnits(components.shipping),
    shippingTax: minorUnits(components.shippingTax),
    duties: minorUnits(components.duties),
    adjustment: minorUnits(components.adjustment),
    discount: minorUnits(components.discount),
  };
  const taxOnDiscount =
    part.items === 0 || refund.taxesIncluded
      ? 0
      : Math.round((part.discount * part.tax) / part.items);
  const shippingTaxOnTop = refund.taxesIncluded ? 0 : part.shippingTax;
  const taxes = refund.taxesIncluded ? 0 : part.tax + part.shippingTax;
  const all: Formula[] = [
    { slip: "discount_ignored", units: part.discount, slack: 0 },
    { slip: "discount_and_its_tax_ignored", units: part.discount + taxOnDiscount, slack: 2 },
    { slip: "shipping_left_out", units: -(part.shipping + shippingTaxOnTop), slack: 0 },
    { slip: "shipping_net_left_out", units: -part.shipping, slack: 0 },
    { slip: "shipping_tax_left_out", units: -part.shippingTax, slack: 0 },
    { slip: "tax_left_out", units: -taxes, slack: 0 },
    { slip: "goods_tax_left_out", units: -part.tax, slack: 0 },
    { slip: "tax_added_twice", units: part.tax + part.shippingTax, slack: 0 },
    { slip: "duties_left_out", units: -part.duties, slack: 0 },
    { slip: "adjustment_left_out", units: part.adjustment, slack: 0 },
    { slip: "other_currency_field", units: otherCurrency(refund, currency), slack: 0 },
    ...oneLineLost(refund, currency),
  ];
  // What is too large to calculate with shows no slip.
  return all.filter(({ units }) => units !== 0 && Number.isSafeInteger(units));
}

/** The slip that this record's difference shows to the cent; null when none does. */
export function formulaOf(record: SyncRecord): Shown | null {
  const difference = differenceOf(record);
  if (difference === null || difference.units === 0 || record.refund === null) return null;
  const shown = formulasFor(record.refund, difference.currency).find(
    ({ units, slack }) =>
      Math.abs(difference.units - units) <= slack &&
      Math.sign(units) === Math.sign(difference.units),
  );
  return shown === undefined ? null : { slip: shown.slip, difference };
}

const FORMULA_NAMES = [
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
] as const;
export type FormulaName = (typeof FORMULA_NAMES)[number];

export type Formula = {
  readonly slip: FormulaName;
  /** ERP − storefront, minor units */
  readonly units: number;
  /** How far the ERP's own rounding may carry it from `units`. */
  readonly slack: number;
};
export type Shown = { readonly slip: FormulaName; readonly difference: Difference };

function otherCurrency(refund: StorefrontRefund, currency: string): number {
  if (refund.presentment === null) return 0;
  const shop = minorUnits(refund.settled);
  const buyer = minorUnits(refund.presentment.settled);
  return currency === refund.currency ? buyer - shop : shop - buyer;
}

function oneLineLost(
  { lines, taxesIncluded, currency: shop }: StorefrontRefund,
  currency: string,
): Formula[] {
  if (lines.length < 2 || currency !== shop) return [];
  return lines.map(({ amount, tax }) => ({
    slip: "line_left_out" as const,
    units: -(minorUnits(amount) + (taxesIncluded ? 0 : minorUnits(tax))),
    slack: 0,
  }));
}
