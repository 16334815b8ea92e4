import type { FormulaName } from "./difference-formula.ts";
import type { RecordFacts } from "./record-facts.ts";
import { amountOf } from "../../money/minor-units.ts";

/** The formula and its amount in the words of finance; null where none gives the difference. */
export function formulaInWords({ formula, difference }: RecordFacts): string | null {
  if (formula === null || difference === null) return null;
  const { units, currency } = difference;
  return `The difference of ${amountOf(units, currency)} ${currency} is explained to the cent if ${FORMULA_WORDS[formula]}.`;
}

export const FORMULA_WORDS: Readonly<Record<FormulaName, string>> = {
  failed_payment_booked: "a payment that failed is booked too",
  discount_ignored: "the discount on the returned goods is ignored",
  discount_and_its_tax_ignored: "the discount on the returned goods and its tax are ignored",
  shipping_left_out: "the refunded shipping is left out",
  shipping_net_left_out: "the refunded shipping is left out and its tax is kept",
  shipping_tax_left_out: "the tax on shipping is left out",
  tax_left_out: "the tax is left out",
  goods_tax_left_out: "the tax on the goods is left out",
  tax_added_twice: "the tax is added twice",
  duties_left_out: "the duties are left out",
  adjustment_left_out: "the adjustment is left out",
  other_currency_field: "the amount is read from the other currency's field",
  line_left_out: "one returned line is left out",
  payment_left_out: "one of the payments is left out",
};
