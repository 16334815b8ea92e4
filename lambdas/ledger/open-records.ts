import { isOrderPartition } from "./keys.ts";
import pLimit from "p-limit";

import { readCollection } from "./order-records.ts";
import type { ErpDocument } from "../refund/observation/observation.ts";
import { ownershipOf } from "../refund/observation/ownership.ts";
import type { Policy } from "../refund/policy.ts";
import type { Table } from "./ports.ts";
import { storedRecord } from "./store/record-item.ts";
import type { StoredRecord } from "./store/record-item.ts";

/**
 * The open records and, for each open record of an order, the other records of that order. An order
 * is always evaluated as a whole, and a voided document beside a refund belongs to its history.
 *
 * A document that is probably another business's stands alone: it matches nothing of this shop's
 * order, so that order is not read for it. Such documents may be most of what is open.
 */
export async function openCollections(
  table: Table,
  policy: Policy,
  more: readonly string[] = [],
): Promise<readonly StoredRecord[]> {
  const open = (await table.queryOpen()).map(storedRecord);
  const ours = open.filter((one) => isOfOrder(one) && !isOthers(one, policy));
  const orders = new Set([...ours.map(({ key }) => key.pk), ...more]);
  const limit = pLimit(AT_ONCE);
  const whole = await limit.map(orders, async (pk) => readCollection(table, pk));
  return [...open.filter(({ key }) => !orders.has(key.pk)), ...whole.flat()];
}

function isOthers({ refund, documents }: StoredRecord, policy: Policy): boolean {
  const isTheirs = (document: ErpDocument): boolean =>
    ownershipOf(document, policy) === "probably_not_ours";
  return refund === null && documents.every(isTheirs);
}

function isOfOrder({ key }: StoredRecord): boolean {
  return isOrderPartition(key.pk);
}

const AT_ONCE = 12;
