import { namesTicket } from "../../redact.ts";

/**
 * The part of an answer that may be stored: only the fields that the product reads. An order has the
 * buyer's name, addresses and messages; a reason may name anybody, so only its length is kept, and
 * whether it names a ticket.
 */
export function archived(json: unknown): string {
  return JSON.stringify(kept(json));
}

function kept(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kept);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => KEPT.has(name));
  return Object.fromEntries(
    entries.map(([name, item]) => [name, name === "reason" ? withoutText(item) : kept(item)]),
  );
}

function withoutText(reason: unknown): unknown {
  if (typeof reason !== "string" || reason.trim() === "") return "";
  const ticket = namesTicket(reason) ? ", names a reference" : "";
  return `[reason of ${reason.trim().length} characters${ticket}]`;
}

const KEPT: ReadonlySet<string> = new Set(
  (
    "data meta pagination total id order_id user_id created reason total_amount total_tax " +
    "uses_merchant_override_values items item_type item_id quantity requested_amount adjustments payments " +
    "provider_id amount offline is_declined transaction_id status_id date_created date_modified " +
    "default_currency_code store_default_currency_code store_default_to_transactional_exchange_rate is_tax_inclusive_pricing total_inc_tax shipping_cost_ex_tax " +
    "shipping_cost_inc_tax shipping_cost_tax handling_cost_ex_tax handling_cost_inc_tax " +
    "handling_cost_tax coupon_discount payment_method store_credit_amount gift_certificate_amount order_source external_source channel_id fees " +
    "cost_ex_tax cost_exc_tax cost_inc_tax cost_tax sku type price_ex_tax price_inc_tax " +
    "total_ex_tax wrapping_cost_ex_tax wrapping_cost_inc_tax wrapping_cost_tax return_id " +
    "applied_discounts event method currency gateway gateway_transaction_id test status"
  ).split(" "),
);
