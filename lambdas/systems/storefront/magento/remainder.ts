import type { Amount } from "../../../refund/money/amount.ts";
import { Money } from "../../../refund/money/money.ts";
import type { MemoFacts } from "./facts.ts";
import type { Figures, Side } from "./figures.ts";

/**
 * The cents of tax that the last credit memo of an order takes because earlier memos rounded them
 * away: its tax minus the rounded share of the order's tax. Null where there is none, or where it is
 * not the last memo.
 *
 * Source: Magento, Model/Order/Creditmemo/Total/Tax.php: a memo that is not the last takes
 * round(tax left / quantity left × quantity), and the last one takes all that is left.
 */
export function taxRemainderOf(
  { order }: MemoFacts,
  { rows, currency }: Figures,
  side: Side,
): Amount | null {
  const items = new Map(order.items.map((item) => [item.item_id, item]));
  let remainder = Money.zero(currency);
  for (const { item, tax } of rows) {
    const sold = items.get(item.order_item_id ?? "");
    const whole = side === "order" ? sold?.tax_amount : sold?.base_tax_amount;
    const [quantity, ordered] = [Number(item.qty ?? "0"), Number(sold?.qty_ordered ?? "0")];
    const refunded = Number(sold?.qty_refunded ?? "0");
    if (whole === null || whole === undefined || quantity === 0 || ordered === 0) return null;
    // Of a row that was refunded at once, the tax is the row's own.
    if (quantity === ordered) continue;
    if (refunded !== ordered) return null;
    const share = Money.of(whole, currency).times(quantity).dividedBy(ordered).rounded("half-up");
    remainder = remainder.plus(tax.minus(share));
  }
  return remainder.isZero() ? null : remainder.toString();
}
