/**
 * A slice of what Adobe publishes of the Admin REST API (2.4.9), in our own writing: the lists that
 * are read, and the fields of each object. A test compares it with the published schema where it is
 * at hand. The schema calls amounts numbers and many fields required; real answers do not.
 */
export const LISTS = ["creditmemos", "orders", "transactions", "returns"] as const;

export const PATHS: readonly string[] = [
  ...LISTS,
  "creditmemo/{id}",
  "creditmemo/{id}/comments",
  "store/storeViews",
  "store/storeConfigs",
].map((path) => `/V1/${path}`);

/** Parameters of every list; `fields` is a parameter of every request and stands in no schema. */
export const SEARCH_PARAMETERS: readonly RegExp[] = [
  /^searchCriteria\[filterGroups\]\[\d+\]\[filters\]\[\d+\]\[(field|value|conditionType)\]$/,
  /^searchCriteria\[sortOrders\]\[\d+\]\[(field|direction)\]$/,
  /^searchCriteria\[(pageSize|currentPage)\]$/,
  /^fields$/,
];

/** The fields of each definition, by its name. */
export const FIELDS: Readonly<Record<string, readonly string[]>> = {
  "sales-data-creditmemo-interface":
    words(`entity_id order_id increment_id invoice_id store_id state
    creditmemo_status created_at updated_at order_currency_code base_currency_code
    store_currency_code base_to_order_rate billing_address_id email_sent discount_description
    transaction_id items comments extension_attributes grand_total base_grand_total subtotal
    base_subtotal tax_amount base_tax_amount shipping_amount base_shipping_amount
    shipping_tax_amount base_shipping_tax_amount discount_amount base_discount_amount
    discount_tax_compensation_amount base_discount_tax_compensation_amount
    shipping_discount_tax_compensation_amount base_shipping_discount_tax_compensation_amnt
    adjustment base_adjustment adjustment_positive base_adjustment_positive adjustment_negative
    base_adjustment_negative`),
  "sales-data-creditmemo-item-interface":
    words(`entity_id order_item_id parent_id sku name qty price
    base_price row_total base_row_total tax_amount base_tax_amount discount_amount
    base_discount_amount discount_tax_compensation_amount base_discount_tax_compensation_amount
    weee_tax_applied_row_amount base_weee_tax_applied_row_amnt`),
  "sales-data-creditmemo-extension-interface": words(`customer_balance_amount
    base_customer_balance_amount gift_cards_amount base_gift_cards_amount gw_price gw_base_price
    gw_items_price gw_items_base_price gw_card_price gw_card_base_price`),
  "sales-data-creditmemo-comment-interface": words(`entity_id parent_id comment created_at
    is_customer_notified is_visible_on_front`),
  "sales-data-order-interface":
    words(`entity_id increment_id created_at updated_at store_id store_name
    order_currency_code base_currency_code coupon_code edit_increment relation_parent_id remote_ip
    customer_email customer_firstname billing_address total_refunded payment items
    extension_attributes`),
  "sales-data-order-item-interface": words(`item_id parent_item_id product_type sku name qty_ordered
    qty_invoiced qty_refunded tax_amount base_tax_amount`),
  "sales-data-order-extension-interface": words(`coupon_codes customer_balance_total_refunded`),
  "sales-data-order-payment-interface": words(`method additional_information cc_last4`),
  "sales-data-transaction-interface": words(`transaction_id parent_id order_id payment_id txn_id
    parent_txn_id txn_type is_closed additional_information created_at child_transactions`),
  "rma-data-rma-interface": words(`entity_id increment_id order_id order_increment_id store_id
    customer_id date_requested customer_custom_email status items comments tracks`),
  "rma-data-item-interface": words(`entity_id rma_entity_id order_item_id qty_returned`),
  "store-data-store-interface": words(`id code name website_id`),
  "store-data-store-config-interface": words(`id code base_currency_code timezone`),
};

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
