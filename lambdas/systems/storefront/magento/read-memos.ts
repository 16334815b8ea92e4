import type { StorefrontRefund } from "../../../refund/observation/observation.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import { Refused } from "../../http/http.ts";
import { problems } from "../../problems.ts";
import type { RejectedRecord } from "../../source.ts";
import { archived } from "./archive.ts";
import {
  CREDIT_MEMOS,
  idIn,
  type List,
  type MagentoClient,
  ORDERS,
  RETURNS,
  STORES,
  TRANSACTIONS,
  what,
} from "./client.ts";
import { type MemoFacts, Unreadable } from "./facts.ts";
import { addsUpAlone } from "./figures.ts";
import {
  type MagentoOrder,
  type Memo,
  memoSchema,
  orderSchema,
  returnSchema,
  storeSchema,
  transactionSchema,
} from "./page.ts";
import { type MagentoScope, storefrontRefund } from "./refund.ts";

/**
 * Reads what a credit memo of the list does not say itself: its order, the refunds at the payment
 * provider and the returns, each for many orders at once.
 *
 * A list may leave out comments, store credit and gift cards. So a memo is read by its id where the
 * list has no comments, or where its parts do not add up without them.
 */
export function memoReader(
  client: MagentoClient,
  scope: MagentoScope,
  now: () => Instant,
): MemoReader {
  let storeViews: ReadonlyMap<string, string> | null = null;

  const byOrders = async (
    list: List,
    field: string,
    orderIds: readonly string[],
    more: { readonly fields?: string; readonly type?: string } = {},
  ): Promise<readonly unknown[] | null> => {
    const rows: unknown[] = [];
    for (let at = 0; at < orderIds.length; at += IDS_AT_ONCE) {
      const some = orderIds.slice(at, at + IDS_AT_ONCE);
      const found = await client.all(list, {
        filters: [
          [field, "in", some.join(",")],
          ...(more.type === undefined ? [] : [["txn_type", "eq", more.type] as const]),
        ],
        ...(more.fields !== undefined && { fields: more.fields }),
      });
      if (found === null) return null;
      // A shop that ignores the filter would answer with other orders.
      rows.push(...found.filter((row) => some.includes(idIn(row, field) ?? "")));
    }
    return rows;
  };

  const ordersOf = async (orderIds: readonly string[]): Promise<ReadOrders> => {
    const rows = (await byOrders(ORDERS, "entity_id", orderIds, { fields: ORDER_FIELDS })) ?? [];
    const orders = new Map<string, MagentoOrder>();
    const unreadable = new Map<string, string>();
    for (const row of rows) {
      const id = idIn(row, "entity_id") ?? "";
      const read = orderSchema.safeParse(row);
      if (read.success) orders.set(id, read.data);
      else unreadable.set(id, problems(read.error));
    }
    return { orders, unreadable, raw: rows.length === 0 ? [] : [archived({ items: rows })] };
  };

  const storeViewOf = async (order: MagentoOrder): Promise<string | null> => {
    if (storeViews === null) {
      const rows = await client.list(STORES.path, STORES);
      // Without their codes every refund would look like one of another store view.
      if (rows === null && scope.channels.length > 0) {
        throw new Refused(
          what(STORES.path),
          401,
          `the resource ${STORES.permission}, because storefront.channels of the brand file names store views`,
        );
      }
      const read = (rows ?? []).flatMap((row) => storeSchema.safeParse(row).data ?? []);
      storeViews = new Map(read.flatMap(({ id, code }) => (code === null ? [] : [[id, code]])));
    }
    const named = order.store_name?.split("\n").at(-1)?.trim() ?? "";
    return storeViews.get(order.store_id ?? "") ?? (named === "" ? null : named);
  };

  /** The memo as its list has it; by its id where the list may leave something out. */
  const wholeMemo = async (row: unknown, order: MagentoOrder, raw: string[]): Promise<Memo> => {
    const listed = memoSchema.safeParse(row);
    if (listed.success && Array.isArray(listed.data.comments) && addsUpAlone(listed.data, order)) {
      return listed.data;
    }
    const id = idIn(row, "entity_id") ?? "";
    const json = await client.one(`creditmemo/${id}`, CREDIT_MEMOS);
    if (json === null) {
      if (listed.success) return listed.data;
      throw new Unreadable(problems(listed.error));
    }
    raw.push(archived(json));
    const read = memoSchema.safeParse(json);
    if (!read.success) throw new Unreadable(problems(read.error));
    if (read.data.entity_id !== id) {
      throw new Unreadable(`entity_id: wanted ${id}, got ${read.data.entity_id}`);
    }
    if (read.data.comments !== null && read.data.comments !== undefined) return read.data;
    const comments = await client.one(`creditmemo/${id}/comments`, CREDIT_MEMOS);
    const items: unknown = Reflect.get(Object(comments), "items");
    const told = memoSchema.shape.comments.safeParse(items ?? []);
    return { ...read.data, comments: told.data ?? [] };
  };

  const readMemos: MemoReader["readMemos"] = async (rows, { orders, unreadable }) => {
    const raw: string[] = [];
    const rejected: RejectedRecord[] = [];
    const observations: StorefrontRefund[] = [];
    const orderIds = [...new Set(rows.flatMap((row) => idIn(row, "order_id") ?? []))];
    const shown = orderIds.filter((id) => orders.has(id));
    const about = { fields: TRANSACTION_FIELDS, type: "refund" };
    const transactions = await byOrders(TRANSACTIONS, "order_id", shown, about);
    const returns = await byOrders(RETURNS, "order_id", shown);
    for (const some of [transactions, returns]) {
      if (some !== null && some.length > 0) raw.push(archived({ items: some }));
    }
    for (const row of rows) {
      const orderId = idIn(row, "order_id") ?? "";
      try {
        const order = orders.get(orderId);
        if (order === undefined) {
          const why = unreadable.get(orderId) ?? "Magento does not show it";
          throw new Unreadable(`order ${orderId}: wanted its number, but ${why}`);
        }
        const facts: MemoFacts = {
          memo: await wholeMemo(row, order, raw),
          order,
          transactions: rowsOf(transactions, orderId, transactionSchema),
          returns: rowsOf(returns, orderId, returnSchema),
          storeView: await storeViewOf(order),
          now: now(),
        };
        observations.push(storefrontRefund(facts, scope));
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        rejected.push(unread(row, error.message));
      }
    }
    return { raw, rejected, observations };
  };
  return { ordersOf, readMemos };
}

export type MemoReader = {
  readonly ordersOf: (orderIds: readonly string[]) => Promise<ReadOrders>;
  /** Converts rows of the list of memos; a row that cannot be read is rejected alone. */
  readonly readMemos: (
    rows: readonly unknown[],
    orders: Pick<ReadOrders, "orders" | "unreadable">,
  ) => Promise<{
    readonly raw: readonly string[];
    readonly rejected: readonly RejectedRecord[];
    readonly observations: readonly StorefrontRefund[];
  }>;
};

type ReadOrders = {
  readonly orders: ReadonlyMap<string, MagentoOrder>;
  /** Why an order cannot be read, by its id. */
  readonly unreadable: ReadonlyMap<string, string>;
  readonly raw: readonly string[];
};

export function unread(row: unknown, reason: string): RejectedRecord {
  const id = idIn(row, "entity_id");
  return { id, ...(id === null && { again: null }), reason, raw: archived(row) };
}

/**
 * The readable rows of one order. A payment or a return that cannot be read is left out: it says
 * more about a refund, and the refund is known without it.
 */
function rowsOf<Row>(
  rows: readonly unknown[] | null,
  orderId: string,
  schema: { safeParse(value: unknown): { readonly data?: Row | undefined } },
): readonly Row[] | null {
  if (rows === null) return null;
  return rows
    .filter((row) => idIn(row, "order_id") === orderId)
    .flatMap((row) => schema.safeParse(row).data ?? []);
}

/** Ids in one address. */
const IDS_AT_ONCE = 50;
/** Without these parameters an order comes with the buyer's name and addresses. */
const ORDER_FIELDS =
  "items[entity_id,increment_id,created_at,store_id,store_name,coupon_code,edit_increment," +
  "relation_parent_id,total_refunded,payment[method],items[item_id,parent_item_id,product_type," +
  "qty_ordered,qty_invoiced,qty_refunded,tax_amount,base_tax_amount]," +
  "extension_attributes[coupon_codes,customer_balance_total_refunded]],total_count";
const TRANSACTION_FIELDS = "items[transaction_id,order_id,txn_id,txn_type,created_at],total_count";
