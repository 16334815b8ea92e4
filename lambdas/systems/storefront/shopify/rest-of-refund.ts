import * as z from "zod";
import { PageError } from "../../http/page-error.ts";
import type { PartialError, ShopifyGraphql } from "./client.ts";
import { agreementSchema, connectionSchema } from "./page.ts";
import { REST_OF, REST_OF_AGREEMENTS } from "./query.ts";

/**
 * Reads the pages after the first page of each connection of a refund, where there are more.
 *
 * Lines, shipping, adjustments and transactions are read to their end. The agreements of the order
 * are read only until the refund's own agreement is found: it names the app that made the refund.
 */
export async function restOfRefund(
  graphql: ShopifyGraphql,
  detail: DetailRecord,
): Promise<{ readonly raw: readonly string[]; readonly record: DetailRecord }> {
  if (detail.record === null) return { raw: [], record: detail };
  try {
    return await completed(graphql, detail, detail.record);
  } catch (error) {
    // One incomplete refund must not stop the others: it is rejected.
    if (!(error instanceof PageError)) throw error;
    const unreadable = { code: "UNREADABLE", message: "", names: [error.message], path: [] };
    return { raw: [], record: { ...detail, errors: [...detail.errors, unreadable] } };
  }
}

export type DetailRecord = {
  /** The id that was asked for. */
  readonly id: string;
  /** The refund as received; null when Shopify gave none. */
  readonly record: Readonly<Record<string, unknown>> | null;
  /** Errors inside the record; their paths begin at the refund. */
  readonly errors: readonly PartialError[];
};

async function completed(
  graphql: ShopifyGraphql,
  detail: DetailRecord,
  received: Readonly<Record<string, unknown>>,
) {
  const raw: string[] = [];
  const errors: PartialError[] = [...detail.errors];
  const record: Record<string, unknown> = { ...received };

  for (const [name, query] of Object.entries(REST_OF)) {
    const id = `gid://shopify/Refund/${detail.id}`;
    const rest = await restOfConnection(graphql, record[name], { id, query, name }, () => true);
    if (rest === null) continue;
    record[name] = rest.connection;
    raw.push(...rest.raw);
    errors.push(...rest.errors.map((error) => ({ ...error, path: [name, ...error.path] })));
  }

  const order = orderSchema.safeParse(record["order"]);
  if (order.success) {
    const ask = { id: order.data.id, query: REST_OF_AGREEMENTS, name: "agreements" };
    const unseen = (nodes: readonly unknown[]): boolean =>
      !nodes.some((node) => isOf(node, detail.id));
    const rest = await restOfConnection(graphql, order.data.agreements, ask, unseen);
    if (rest !== null) {
      record["order"] = { ...order.data, agreements: rest.connection };
      raw.push(...rest.raw);
      errors.push(
        ...rest.errors.map((error) => ({ ...error, path: ["order", "agreements", ...error.path] })),
      );
    }
  }
  return { raw, record: { id: detail.id, record, errors } };
}

/** Null when no page is left, or when the first page is unreadable: `readDetails` reports that. */
async function restOfConnection(
  graphql: ShopifyGraphql,
  start: unknown,
  { id, query, name }: { readonly id: string; readonly query: string; readonly name: string },
  wanted: (nodes: readonly unknown[]) => boolean,
) {
  const first = connectionSchema.safeParse(start);
  if (!first.success || !first.data.pageInfo.hasNextPage || !wanted(first.data.nodes)) return null;
  const raw: string[] = [];
  const errors: PartialError[] = [];
  let { nodes, pageInfo } = first.data;
  const asked = new Set<string>();
  while (pageInfo.hasNextPage && wanted(nodes)) {
    const after = pageInfo.endCursor ?? null;
    if (after === null) throw new PageError(`${name} of ${id}`, "a next page without a cursor");
    if (asked.has(after)) throw new PageError(`${name} of ${id}`, "the same cursor as before");
    asked.add(after);
    const answer = await graphql.ask(`Rest.${name}`, query, { id, after });
    const parent = parentSchema.safeParse(answer.data["parent"]);
    if (!parent.success) throw new PageError(`${name} of ${id}`, "no page after the first");
    const { rest } = parent.data;
    const isStuck = rest.nodes.length === 0 || rest.pageInfo.endCursor === after;
    if (rest.pageInfo.hasNextPage && isStuck) {
      throw new PageError(`${name} of ${id}`, "a next page without a new cursor or without nodes");
    }
    const before = nodes.length;
    errors.push(
      ...answer.errors
        .filter(({ path }) => path[0] === "parent" && path[1] === "rest")
        .map((error) => ({ ...error, path: movedBy(before, error.path.slice(2)) })),
    );
    raw.push(answer.raw);
    nodes = [...nodes, ...rest.nodes];
    pageInfo = rest.pageInfo;
  }
  return { raw, errors, connection: { nodes, pageInfo } };
}

/** `["nodes", 0, …]` of a later page has a higher index in the whole list. */
function movedBy(count: number, path: PartialError["path"]): PartialError["path"] {
  return path.map((part, index) => (index === 1 && typeof part === "number" ? part + count : part));
}

function isOf(agreement: unknown, refundId: string): boolean {
  const parsed = agreementSchema.safeParse(agreement);
  return parsed.success && parsed.data.refund?.id === refundId;
}

const orderSchema = z.looseObject({ id: z.string(), agreements: z.unknown() });
const parentSchema = z.object({ rest: connectionSchema });
