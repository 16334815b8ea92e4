import type { Life, LifeOrder, LifeRefund } from "../../local/life/life.ts";

/** A life of a few orders, made by hand: what a test needs and nothing else. */
export function smallLife(orders: readonly LifeOrder[], refunds: readonly LifeRefund[]): Life {
  return {
    seed: 0,
    from: "2026-11-01T00:00:00Z",
    to: "2026-12-01T00:00:00Z",
    shop: { domain: "acme.example", currency: "USD", timeZone: "America/New_York" },
    orders,
    refunds,
    documents: [],
    truths: [],
    settings: {
      erpMachines: [],
      storefrontMachines: ["Returns portal"],
      channels: ["web", "pos"],
      orderPrefixes: [],
      approvalLimit: "100.00",
      smallestCoin: null,
      hidden: [],
    },
    planted: { shares: {}, roundingRule: null, lateAfterHours: 6 },
  };
}

/** As many orders as that, with a refund each. */
export function manyRefunds(count: number): Life {
  return smallLife(
    numbers(count).map((number) => anOrder(number)),
    numbers(count).map((number) => aRefund(number)),
  );
}

/** 1001, 1002, … */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, at) => 1001 + at);
}

/** Two shirts at 20.00 less 5.00, 3.50 tax, shipping 5.00: paid by card. */
export function anOrder(number: number, spoilt: Partial<LifeOrder> = {}): LifeOrder {
  return {
    orderId: String(5_000_000 + number),
    number,
    name: `#${number}`,
    createdAt: "2026-11-02T09:00:00Z",
    touchedAt: [],
    sourceName: "web",
    appTitle: "Online Store",
    retailLocation: null,
    currency: "USD",
    presentmentCurrency: "USD",
    presentmentRate: "1",
    taxesIncluded: false,
    test: false,
    edited: false,
    lines: [
      {
        lineId: String(7_000_000 + number),
        sku: "SHIRT-M",
        title: "Shirt",
        quantity: 2,
        unitPrice: "20.00",
        discounts: [{ kind: "code", label: "FALL5", amount: "5.00" }],
        tax: "3.50",
        giftCard: false,
      },
    ],
    shipping: { title: "Standard", amount: "5.00", tax: "0.00" },
    discountCodes: ["FALL5"],
    payment: {
      transactionId: String(8_000_000 + number),
      gateway: "shopify_payments",
      formattedGateway: "Shopify Payments",
      manual: false,
      paymentId: `pay-${number}`,
      amount: "43.50",
    },
    ...spoilt,
  };
}

/** One of the two shirts comes back: 17.50 and 1.75 tax, 19.25 to the card. */
export function aRefund(number: number, spoilt: Partial<LifeRefund> = {}): LifeRefund {
  const at = "2026-11-10T12:00:00Z";
  return {
    refundId: String(9_000_000 + number),
    orderId: String(5_000_000 + number),
    createdAt: at,
    processedAt: at,
    lines: [aLine(number)],
    shipping: null,
    adjustments: [],
    duties: "0.00",
    transactions: [aPayment(number)],
    staff: { id: "42", name: "A. Person" },
    app: { id: "77", title: "Returns portal" },
    note: null,
    returnName: null,
    ...spoilt,
  };
}

export function aLine(
  number: number,
  spoilt: Partial<LifeRefund["lines"][number]> = {},
): LifeRefund["lines"][number] {
  return {
    id: String(6_000_000 + number),
    lineId: String(7_000_000 + number),
    quantity: 1,
    subtotal: "17.50",
    tax: "1.75",
    restockType: "RETURN",
    location: { id: "11", name: "Warehouse" },
    ...spoilt,
  };
}

export function aPayment(
  number: number,
  spoilt: Partial<LifeRefund["transactions"][number]> = {},
): LifeRefund["transactions"][number] {
  return {
    transactionId: String(8_500_000 + number),
    gateway: "shopify_payments",
    formattedGateway: "Shopify Payments",
    manual: false,
    paymentId: `back-${number}`,
    amount: "19.25",
    rounding: "0.00",
    test: false,
    location: null,
    user: null,
    statuses: [{ at: "2026-11-10T12:00:00Z", status: "SUCCESS" }],
    ...spoilt,
  };
}
