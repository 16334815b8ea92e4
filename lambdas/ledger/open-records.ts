import { isOrderPartition } from "./keys.ts";
import pLimit from "p-limit";

import { readCollection } from "./order-records.ts";
import type { Table } from "./ports.ts";
import { storedRecord } from "./store/record-item.ts";
import type { StoredRecord } from "./store/record-item.ts";

/**
 * The open records and, for each open record of an order, the other records of that order. An order
 * is always evaluated as a whole, and a voided document beside a refund belongs to its history.
 */
export async function openCollections(table: Table): Promise<readonly StoredRecord[]> {
  const open = (await table.queryOpen()).map(storedRecord);
  const orders = [...new Set(open.filter(isOfOrder).map(({ key }) => key.pk))];
  const limit = pLimit(AT_ONCE);
  const whole = await limit.map(orders, async (pk) => readCollection(table, pk));
  return [...open.filter((record) => !isOfOrder(record)), ...whole.flat()];
}

function isOfOrder({ key }: StoredRecord): boolean {
  return isOrderPartition(key.pk);
}

const AT_ONCE = 12;
