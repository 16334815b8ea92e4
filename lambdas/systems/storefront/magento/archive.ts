import { namesTicket } from "../../redact.ts";

/**
 * The part of an answer that may be stored: only the fields that the product reads. An order has the
 * buyer's name and addresses; of a comment only its length is kept, and whether it names a ticket.
 */
export function archived(json: unknown): string {
  return JSON.stringify(kept(json));
}

function kept(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kept);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => KEPT.has(name));
  return Object.fromEntries(
    entries.map(([name, item]) => [
      name,
      name === "comment"
        ? withoutText(item)
        : name === "coupon_code"
          ? withoutCode(item)
          : kept(item),
    ]),
  );
}

function withoutText(comment: unknown): unknown {
  if (typeof comment !== "string" || comment.trim() === "") return "";
  const ticket = namesTicket(comment) ? ", names a reference" : "";
  return `[comment of ${comment.trim().length} characters${ticket}]`;
}

/** A coupon may be made for one buyer and have the name in it. */
function withoutCode(code: unknown): unknown {
  return typeof code === "string" && code !== "" ? "[coupon]" : null;
}

const KEPT: ReadonlySet<string> = new Set(
  (
    "items total_count entity_id order_id increment_id store_id state created_at updated_at " +
    "order_currency_code base_currency_code grand_total base_grand_total subtotal base_subtotal " +
    "tax_amount base_tax_amount shipping_amount base_shipping_amount shipping_tax_amount " +
    "base_shipping_tax_amount discount_amount base_discount_amount " +
    "discount_tax_compensation_amount base_discount_tax_compensation_amount " +
    "shipping_discount_tax_compensation_amount base_shipping_discount_tax_compensation_amnt " +
    "adjustment base_adjustment adjustment_positive base_adjustment_positive adjustment_negative " +
    "base_adjustment_negative transaction_id comments comment " +
    "extension_attributes customer_balance_amount base_customer_balance_amount gift_cards_amount " +
    "base_gift_cards_amount gw_price gw_base_price gw_items_price gw_items_base_price " +
    "gw_card_price gw_card_base_price order_item_id sku qty price base_price row_total " +
    "base_row_total weee_tax_applied_row_amount base_weee_tax_applied_row_amnt store_name " +
    "coupon_code edit_increment relation_parent_id total_refunded payment method item_id " +
    "parent_item_id product_type qty_ordered qty_invoiced qty_refunded " +
    "customer_balance_total_refunded txn_id txn_type date_requested status id code"
  ).split(" "),
);
