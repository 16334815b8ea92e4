/**
 * A slice of what BigCommerce publishes, in our own writing: the paths that are read, each with the
 * query parameters that are used, and the shape of a refund. A test compares it with the published
 * documents where they are at hand.
 */
export const DOCUMENTED = {
  v2: {
    "/orders": [
      "min_id",
      "status_id",
      "min_date_modified",
      "max_date_modified",
      "sort",
      "page",
      "limit",
    ],
    "/orders/{order_id}": ["include"],
    "/orders/{order_id}/products": ["page", "limit"],
    "/orders/{order_id}/coupons": ["page", "limit"],
    "/orders/{order_id}/fees": [],
  },
  v3: {
    "/orders/payment_actions/refunds": [
      "order_id:in",
      "id:in",
      "created:min",
      "created:max",
      "page",
      "limit",
    ],
    "/orders/{order_id}/transactions": [],
  },
} as const;

const [text, number, integer, boolean] = ["string", "number", "integer", "boolean"].map((type) => ({
  type,
}));

/** JSON Schema. Source: the `Refund` of the published Orders V3 document. */
export const REFUND_SCHEMA = {
  type: "object",
  properties: {
    id: integer,
    order_id: integer,
    user_id: integer,
    created: text,
    reason: text,
    total_amount: number,
    total_tax: number,
    uses_merchant_override_values: boolean,
    items: {
      type: "array",
      items: {
        type: "object",
        properties: {
          item_type: {
            type: "string",
            enum: ["PRODUCT", "GIFT_WRAPPING", "SHIPPING", "HANDLING", "ORDER", "FEE"],
          },
          item_id: integer,
          reason: text,
          quantity: integer,
          requested_amount: number,
          adjustments: {
            type: "array",
            items: { type: "object", properties: { amount: number, description: text } },
          },
        },
      },
    },
    payments: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        properties: {
          id: integer,
          provider_id: text,
          amount: number,
          offline: boolean,
          is_declined: boolean,
          declined_message: text,
          transaction_id: text,
        },
      },
    },
  },
} as const;
