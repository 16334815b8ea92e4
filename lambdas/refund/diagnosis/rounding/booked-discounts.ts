import { sum } from "../../collections/sum.ts";
import { minorUnits } from "../../money/minor-units.ts";
import type {
  DocumentLine,
  ErpDocument,
  RefundLine,
  StorefrontRefund,
} from "../../observation/observation.ts";

/**
 * The discount that the ERP took off each returned line, in minor units and in the order of the
 * refund's lines. It shows by which rule the order's discount was shared.
 *
 * Null unless the lines show the discount of each: every line is found by its SKU and quantity, its
 * discount is netted into it or stands on the line directly below, and these discounts explain the
 * whole difference of the totals (`gap`: ERP − storefront). Also null where the ERP took off no
 * discount at all: then it did not share the discount differently.
 */
export function bookedDiscounts(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  gap: number,
): number[] | null {
  const [document] = documents;
  if (document === undefined || documents.length > 1 || document.currency !== refund.currency)
    return null;
  const goods = goodsOf(document.lines ?? []);
  if (goods === null || goods.length !== refund.lines.length) return null;
  const left = [...goods];
  const taken: number[] = [];
  for (const line of refund.lines) {
    const at = left.findIndex(
      ({ sku, quantity }) => sku === line.sku && quantity === line.quantity,
    );
    const [found] = at < 0 ? [] : left.splice(at, 1);
    const { unitPrice, sku, amount, tax } = line;
    if (found === undefined || unitPrice === null || sku === null) return null;
    if (amount === null || tax === null) return null;
    taken.push(grossOf(line) - found.net - (refund.taxesIncluded ? minorUnits(tax) : 0));
  }
  const given = refund.lines.map((line) => grossOf(line) - minorUnits(line.amount ?? "0"));
  if (taken.every((units) => units === 0) || sum(given) - sum(taken) !== gap) return null;
  return taken.every((units, at) => (units === 0) === (given[at] === 0) && units >= 0)
    ? taken
    : null;
}

type Goods = { readonly sku: string | null; readonly quantity: number | null; net: number };

/** Items less the discount on the line below; null where one discount line is for several items. */
function goodsOf(lines: readonly DocumentLine[]): Goods[] | null {
  const goods: Goods[] = [];
  const items = lines.filter(({ kind }) => kind === "item").length;
  const discounts = lines.filter(({ kind }) => kind === "discount").length;
  let above: Goods | null = null;
  for (const { kind, sku, quantity, amount } of lines) {
    if (kind === "item") {
      above = { sku, quantity, net: minorUnits(amount) };
      goods.push(above);
    } else if (kind === "discount") {
      if (above === null || (discounts === 1 && items > 1)) return null;
      above.net += minorUnits(amount);
    } else {
      above = null;
    }
  }
  return goods;
}

/** The price of all units of the line, before discounts. */
function grossOf({ unitPrice, quantity }: RefundLine): number {
  return minorUnits(unitPrice ?? "0") * quantity;
}
