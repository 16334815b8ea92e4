import type { RejectedRecord } from "../../source.ts";
import { archived } from "./archive.ts";
import { type BigCommerceClient, listOf } from "./client.ts";
import { problems } from "../../problems.ts";
import {
  type BigOrder,
  type BigProduct,
  type BigRefund,
  type BigTransaction,
  couponSchema,
  feesSchema,
  orderSchema,
  productSchema,
  refundSchema,
  transactionSchema,
} from "./page.ts";
import { idOf, unread } from "./rows.ts";
import { isOnlyTest } from "./payments.ts";
import type { BigCommerceScope, RefundFacts } from "./refund.ts";
import { storefrontRefund, Unreadable } from "./refund.ts";
import type { StorefrontRefund } from "../../../refund/observation/observation.ts";
import { after } from "../../../refund/time/instant.ts";

/**
 * Reads what a refund does not say itself, from its order: the currency, the prices of its goods and
 * the outcome of its payments. Each order is read once, however many refunds it has.
 */
export function orderReader(client: BigCommerceClient, settings: ReaderSettings): OrderReader {
  const { noteRefused, scope } = settings;

  const orderOf = async (orderId: string, raw: string[]): Promise<BigOrder | null> => {
    const json = await client.get(`v2/orders/${orderId}`);
    if (json === null) return null;
    raw.push(archived(json));
    const read = orderSchema.safeParse(json);
    if (!read.success) throw new Unreadable(`order ${orderId}: ${problems(read.error)}`);
    if (read.data.id !== orderId) {
      throw new Unreadable(`order ${orderId}: wanted this order, got order ${read.data.id}`);
    }
    return read.data;
  };

  const productsOf = async (
    orderId: string,
    refunds: readonly BigRefund[],
    raw: string[],
  ): Promise<readonly BigProduct[]> => {
    const rows = await client.allOf(`v2/orders/${orderId}/products`);
    if (rows.length === 0) {
      // They may come later. After a day the refund is read without them, and its parts are unknown.
      if (refunds.every(isOld)) return [];
      throw new Unreadable(`products of order ${orderId}: wanted some, got none`);
    }
    raw.push(archived(rows));
    return rowsOf(rows, productSchema, `products of order ${orderId}`);
  };

  const isOld = ({ created }: BigRefund): boolean =>
    created !== null && after(created, DAY_MS) <= settings.now();

  const transactionsOf = async (
    orderId: string,
    raw: string[],
  ): Promise<readonly BigTransaction[] | null> => {
    const path = `v3/orders/${orderId}/transactions`;
    const answer = await client.getIfAllowed(path);
    if (answer === "refused") {
      noteRefused("store_v2_transactions_read_only");
      return null;
    }
    if (answer.json === null) return [];
    raw.push(archived(answer.json));
    const data: unknown = Reflect.get(Object(answer.json), "data");
    return rowsOf(listOf(data, path), transactionSchema, `transactions of order ${orderId}`);
  };

  const withFees = async (order: BigOrder, raw: string[]): Promise<BigOrder> => {
    if (order.fees !== null && order.fees !== undefined) return order;
    const json = await client.get(`v2/orders/${order.id}/fees`);
    if (json === null) return order;
    raw.push(archived(json));
    const list: unknown = Array.isArray(json) ? json : Reflect.get(Object(json), "fees");
    const fees = feesSchema.safeParse(list);
    return fees.success ? { ...order, fees: fees.data } : order;
  };

  /** The coupons, where the order has a coupon that none of its rows names. */
  const couponsOf = async (
    order: BigOrder | null,
    products: readonly BigProduct[],
  ): Promise<number | null> => {
    const isNamed = products.some((row) => row.applied_discounts.some(({ code }) => code !== null));
    if (order === null || isNamed || !/[1-9]/.test(order.coupon_discount ?? "")) return null;
    const rows = await client.allOf(`v2/orders/${order.id}/coupons`);
    const codes = rows.flatMap((row) => couponSchema.safeParse(row).data?.code ?? []);
    return new Set(codes).size;
  };

  const factsOf = async (
    orderId: string,
    refunds: readonly BigRefund[],
    raw: string[],
  ): Promise<Omit<RefundFacts, "refund" | "now">> => {
    const plain = await orderOf(orderId, raw);
    const has = (kind: string): boolean =>
      refunds.some(({ items }) => items.some(({ item_type }) => item_type === kind));
    const order = plain !== null && has("FEE") ? await withFees(plain, raw) : plain;
    const needsRows = order !== null && (has("PRODUCT") || has("GIFT_WRAPPING"));
    const products = needsRows ? await productsOf(orderId, refunds, raw) : [];
    const transactions = await transactionsOf(orderId, raw);
    return { order, products, transactions, coupons: await couponsOf(order, products) };
  };

  const readRefunds: OrderReader["readRefunds"] = async (rows) => {
    const raw: string[] = [];
    const rejected: RejectedRecord[] = [];
    const observations: StorefrontRefund[] = [];
    let tests = 0;
    const byOrder = new Map<string, { refund: BigRefund; row: unknown }[]>();
    for (const row of rows) {
      const read = refundSchema.safeParse(row);
      if (!read.success) {
        rejected.push(unread(idOf(row), problems(read.error), row));
        continue;
      }
      const list = byOrder.get(read.data.order_id) ?? [];
      byOrder.set(read.data.order_id, [...list, { refund: read.data, row }]);
    }
    for (const [orderId, some] of byOrder) {
      try {
        const all = some.map(({ refund }) => refund);
        const facts = await factsOf(orderId, all, raw);
        for (const { refund, row } of some) {
          if (isOnlyTest(facts.transactions)) {
            tests += 1;
            continue;
          }
          try {
            observations.push(storefrontRefund({ ...facts, refund, now: settings.now() }, scope));
          } catch (error) {
            rejected.push(unread(refund.id, reasonOf(error), row));
          }
        }
      } catch (error) {
        // A record of this order that cannot be read must not stop the other orders of the page.
        if (!(error instanceof Unreadable)) throw error;
        for (const { refund, row } of some) rejected.push(unread(refund.id, error.message, row));
      }
    }
    return { raw, rejected, observations, skipped: tests === 0 ? {} : { test_transaction: tests } };
  };
  return { readRefunds, transactionsOf };
}

export type OrderReader = {
  /** Converts rows of the list of refunds; a row that cannot be read is rejected alone. */
  readonly readRefunds: (rows: readonly unknown[]) => Promise<{
    readonly raw: readonly string[];
    readonly rejected: readonly RejectedRecord[];
    readonly observations: readonly StorefrontRefund[];
    readonly skipped: Readonly<Record<string, number>>;
  }>;
  /** The transactions of an order; null where the token may not read them. */
  readonly transactionsOf: (
    orderId: string,
    raw: string[],
  ) => Promise<readonly BigTransaction[] | null>;
};

export type ReaderSettings = {
  readonly scope: BigCommerceScope;
  readonly now: () => string;
  /** Called when the token may not read something. */
  readonly noteRefused: (scope: string) => void;
};

/** The rows of a list of an order; a row that cannot be read is an error of the whole order. */
function rowsOf<Row>(rows: readonly unknown[], schema: Parser<Row>, what: string): Row[] {
  return rows.map((row) => {
    const read = schema.safeParse(row);
    if (read.success) return read.data;
    throw new Unreadable(`${what}: ${problems(read.error)}`);
  });
}

type Parser<Row> = {
  safeParse(
    value: unknown,
  ): { success: true; data: Row } | { success: false; error: Parameters<typeof problems>[0] };
};

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : "could not be read";
}

const DAY_MS = 86_400_000;
