import type { LifePerson, LifePlace } from "./life.ts";
import type { App, Gateway, Product, Store } from "./shop.ts";

/** An order during the generation: amounts in minor units, times in milliseconds. */
export type Sale = {
  readonly at: number;
  /** Assigned when all orders are known and sorted by time. */
  orderId: string;
  number: number;
  erpOrderId: string;
  readonly early: boolean;
  readonly channel: "web" | "pos" | "draft" | "marketplace";
  readonly store: Store | null;
  readonly app: App | null;
  readonly customer: LifePerson;
  readonly lines: readonly SaleLine[];
  readonly shipping: {
    readonly title: string;
    readonly amount: number;
    readonly tax: number;
  } | null;
  readonly duties: number;
  readonly codes: readonly string[];
  /** Hundred-thousandths. */
  readonly taxRate: number;
  readonly gateway: Gateway;
  readonly presentment: { readonly code: string; readonly rate: number } | null;
  readonly test: boolean;
  readonly edited: boolean;
  readonly touched: number[];
  readonly total: number;
  refunded: number;
  shippingRefunded: boolean;
};

export type SaleLine = {
  lineId: string;
  readonly product: Product;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discounts: readonly {
    readonly kind: "code" | "automatic" | "manual";
    readonly label: string;
    readonly amount: number;
    /** Taken off the whole order and shared over its lines. */
    readonly shared: boolean;
  }[];
  readonly discount: number;
  /** Price of all units less discounts. */
  readonly net: number;
  readonly tax: number;
  refunded: number;
};

/** The cause of a refund. */
export type Flow =
  | "app_return"
  | "desk_return"
  | "cancel"
  | "goodwill"
  | "shipping_only"
  | "damaged"
  | "store_return"
  | "web_return_in_store"
  | "restock"
  | "edit_before_import";

/** A refund during the generation. */
export type Story = {
  readonly sale: Sale;
  readonly flow: Flow;
  readonly at: number;
  refundId: string;
  readonly lines: readonly StoryLine[];
  readonly shipping: { readonly amount: number; readonly tax: number } | null;
  readonly adjustments: readonly { readonly reason: string; readonly amount: number }[];
  readonly duties: number;
  /** What the storefront computes from the parts above. */
  readonly total: number;
  /** The difference between the transactions and the total, in the few records with an error. */
  readonly oddBy: number;
  payments: readonly StoryPayment[];
  /** When the last payment succeeded; null when none did. */
  readonly settledAt: number | null;
  readonly place: LifePlace | null;
  /** Goods went back to, or came from, a distribution centre. */
  readonly distribution: boolean;
  readonly staff: LifePerson | null;
  readonly app: App;
  readonly note: string | null;
  readonly returnNumber: number | null;
  readonly exchange: boolean;
  /** The store credit of this refund paid for an order that was refunded too, or the opposite. */
  loop: Story | null;
};

export type StoryLine = {
  readonly line: SaleLine;
  readonly quantity: number;
  readonly subtotal: number;
  readonly tax: number;
  readonly restock: "RETURN" | "CANCEL" | "NO_RESTOCK";
  readonly location: LifePlace | null;
};

export type StoryPayment = {
  readonly gateway: Gateway;
  readonly amount: number;
  /** Cash rounding: the amount paid minus the exact amount. */
  readonly rounding: number;
  readonly outcome: "success" | "pending" | "settled_later" | "failed";
  readonly doneAt: number | null;
};

/** Money that moved: the sum of the successful payments. */
export function moved(story: Story): number {
  return story.payments.reduce(
    (sum, { amount, outcome }) =>
      outcome === "success" || outcome === "settled_later" ? sum + amount : sum,
    0,
  );
}
