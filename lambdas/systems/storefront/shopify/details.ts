import * as z from "zod";
import type { Log } from "../../../log.ts";
import { PageError } from "../../http/page-error.ts";
import {
  type Answer,
  missingScope,
  type PartialError,
  QuestionFailed,
  type ShopifyGraphql,
  TooExpensive,
} from "./client.ts";
import { LISTED_REFUNDS, REFUNDS, REFUNDS_OF_ORDERS, refundsOneByOne } from "./query.ts";
import { type DetailRecord, restOfRefund } from "./rest-of-refund.ts";

/**
 * The second phase: reads all details of each refund, as many refunds per query as its cost allows.
 * Three or more refunds are read through a connection of their orders, whose cost grows with the
 * logarithm of their number. One or two refunds are read by their ids, and so are the refunds that
 * the connection did not return.
 *
 * If Shopify refuses single fields (a missing scope), the errors are returned with their record,
 * and each missing scope is logged once.
 */
export function refundDetails(graphql: ShopifyGraphql, log: Log): RefundDetails {
  const loggedScopes = new Set<string>();
  let batch = 10;
  let oneByOne = false;
  let ordersAtOnce = MOST_ORDERS;

  const logMissingScopes = (errors: readonly PartialError[]): void => {
    for (const { code, message, path } of errors) {
      const field = path.findLast((part) => typeof part === "string") ?? "a field";
      const scope = missingScope(message) ?? field;
      if (code !== "ACCESS_DENIED" || loggedScopes.has(scope)) continue;
      loggedScopes.add(scope);
      log({
        level: "warn",
        code: "SHOPIFY_SCOPE_MISSING",
        sentence: `Shopify does not show ${field}: the scope ${scope} is missing`,
        facts: { scope, field },
      });
    }
  };

  const stopUsingLists = (refunds: number): void => {
    oneByOne = true;
    log({
      level: "warn",
      code: "SHOPIFY_ONE_BY_ONE",
      sentence: "Shopify returns no refunds for a list of ids; each refund is now requested alone",
      facts: { refunds },
    });
  };

  const askBatch = async (ids: readonly string[]): Promise<Fetched> => {
    if (oneByOne) return askOneByOne(graphql, ids);
    try {
      const fetched = await askNodes(graphql, ids);
      const whole = await askUnfound(graphql, fetched);
      if (fetched.records.every(isUnfound) && !whole.records.every(isUnfound))
        stopUsingLists(ids.length);
      return whole;
    } catch (error) {
      if (!(error instanceof QuestionFailed)) throw error;
      stopUsingLists(ids.length);
      return askOneByOne(graphql, ids);
    }
  };

  const whole = async (record: DetailRecord, raw: string[]): Promise<DetailRecord> => {
    const rest = await restOfRefund(graphql, record);
    raw.push(...rest.raw);
    logMissingScopes(rest.record.errors);
    return rest.record;
  };

  /** @returns the refunds that the orders contain; the others are requested by their own ids */
  const readByOrders = async (
    refunds: readonly Wanted[],
    raw: string[],
  ): Promise<Map<string, DetailRecord>> => {
    const found = new Map<string, DetailRecord>();
    const wanted = new Map(refunds.map(({ id, orderId }) => [id, orderId]));
    const orders = [...new Set(refunds.flatMap(({ orderId }) => orderId ?? []))];
    let at = 0;
    while (at < orders.length && refunds.length > FEW) {
      const some = orders.slice(at, at + ordersAtOnce);
      try {
        const answer = await askOrders(graphql, some);
        raw.push(answer.raw);
        for (const record of recordsIn(answer)) {
          // A refund under another order is not used: it is requested by its own id.
          if (wanted.get(record.id) === orderIdIn(record))
            found.set(record.id, await whole(record, raw));
        }
        at += some.length;
      } catch (error) {
        if (error instanceof QuestionFailed) return found;
        if (!(error instanceof TooExpensive) || some.length === 1) throw error;
        ordersAtOnce = Math.ceil(some.length / 2);
      }
    }
    return found;
  };

  return async (refunds) => {
    const raw: string[] = [];
    const foundByOrder = await readByOrders(refunds, raw);
    const ids = refunds.map(({ id }) => id).filter((id) => !foundByOrder.has(id));
    const records = [...foundByOrder.values()];
    let at = 0;
    while (at < ids.length) {
      const some = ids.slice(at, at + batch);
      try {
        const fetched = await askBatch(some);
        raw.push(...fetched.raw);
        batch = affordable(fetched.answer, some.length);
        for (const record of fetched.records) records.push(await whole(record, raw));
        at += some.length;
      } catch (error) {
        if (!(error instanceof TooExpensive) || some.length === 1) throw error;
        batch = Math.ceil(some.length / 2);
      }
    }
    return { raw, records };
  };
}

/** A refund whose details are to be read; its order where that is known. */
export type Wanted = { readonly id: string; readonly orderId: string | null };

export type RefundDetails = (
  refunds: readonly Wanted[],
) => Promise<{ readonly raw: readonly string[]; readonly records: readonly DetailRecord[] }>;

type Fetched = {
  readonly raw: readonly string[];
  readonly answer: Answer;
  readonly records: readonly DetailRecord[];
};

async function askOrders(graphql: ShopifyGraphql, ids: readonly string[]): Promise<Answer> {
  const query = ids.map((id) => `id:${id}`).join(" OR ");
  const variables = { query, first: ids.length };
  // The cost hardly grows with the number of orders, so the last cost is the expected next cost.
  return graphql.ask("RefundsOfOrders", REFUNDS_OF_ORDERS, variables);
}

/** Each refund as from a query for it alone: with its order, and error paths from the refund on. */
function recordsIn({ data, errors }: Answer): DetailRecord[] {
  const page = ordersSchema.safeParse(data["orders"]);
  if (!page.success) return [];
  return page.data.nodes.flatMap((node, index) => {
    // A full list may be incomplete: its refunds are requested by their ids.
    if (node === null || node.refunds.length >= LISTED_REFUNDS) return [];
    const { refunds, ...order } = node;
    const root = ["orders", "nodes", index];
    const ofOrder = within(errors, root)
      .filter(({ path }) => path[0] !== "refunds")
      .map((error) => ({ ...error, path: ["order", ...error.path] }));
    return refunds.flatMap((refund, place): DetailRecord[] => {
      const id = /^gid:\/\/shopify\/Refund\/(\d+)/.exec(refund?.id ?? "")?.[1];
      if (refund === null || id === undefined) return [];
      const own = within(errors, [...root, "refunds", place]);
      return [{ id, record: { ...refund, order }, errors: [...own, ...ofOrder] }];
    });
  });
}

function orderIdIn({ record }: DetailRecord): string | null {
  const order = orderSchema.safeParse(record);
  return order.success ? (order.data.order.id.split("/").at(-1) ?? null) : null;
}

async function askNodes(graphql: ShopifyGraphql, ids: readonly string[]): Promise<Fetched> {
  const answer = await graphql.ask("Refunds", REFUNDS, { ids: ids.map(globalId) }, ids.length);
  const nodes = z.array(recordSchema).safeParse(answer.data["nodes"]);
  if (!nodes.success || nodes.data.length !== ids.length) {
    throw new PageError("refunds by id", `not the ${ids.length} requested nodes`);
  }
  const records = ids.map((id, index) => ({
    id,
    record: ownRecord(nodes.data[index] ?? null, id),
    errors: within(answer.errors, ["nodes", index]),
  }));
  return { raw: [answer.raw], answer, records };
}

/** Requests each refund that was null again, alone: one wrong null must not lose a refund. */
async function askUnfound(graphql: ShopifyGraphql, fetched: Fetched): Promise<Fetched> {
  const unfound = fetched.records.filter(isUnfound).map(({ id }) => id);
  if (unfound.length === 0) return fetched;
  const again = await askOneByOne(graphql, unfound);
  const found = new Map(again.records.map((record) => [record.id, record]));
  const records = fetched.records.map((record) => found.get(record.id) ?? record);
  return { answer: fetched.answer, raw: [...fetched.raw, ...again.raw], records };
}

function isUnfound({ record }: DetailRecord): boolean {
  return record === null;
}

async function askOneByOne(graphql: ShopifyGraphql, ids: readonly string[]): Promise<Fetched> {
  const variables = Object.fromEntries(ids.map((id, index) => [`id${index}`, globalId(id)]));
  const answer = await graphql.ask(
    "RefundsOneByOne",
    refundsOneByOne(ids.length),
    variables,
    ids.length,
  );
  const records = ids.map((id, index) => {
    const record = recordSchema.safeParse(answer.data[`r${index}`]);
    if (!record.success) throw new PageError(`refund ${id}`, "no answer for it");
    return { id, record: ownRecord(record.data, id), errors: within(answer.errors, [`r${index}`]) };
  });
  return { raw: [answer.raw], answer, records };
}

/** Null for the record of another refund: it does not answer the request. */
function ownRecord(record: DetailRecord["record"], id: string): DetailRecord["record"] {
  const recordId = record?.["id"];
  return typeof recordId === "string" && recordId !== globalId(id) ? null : record;
}

function within(
  errors: readonly PartialError[],
  root: readonly (string | number)[],
): PartialError[] {
  return errors
    .filter(({ path }) => root.every((part, index) => path[index] === part))
    .map((error) => ({ ...error, path: error.path.slice(root.length) }));
}

/** The number of refunds that cost nine tenths of the limit: the cost per refund varies. */
function affordable({ cost }: Answer, asked: number): number {
  if (cost === null || cost.requestedQueryCost === 0) return Math.max(asked, 10);
  const most = Math.min(MOST_POINTS, cost.throttleStatus.maximumAvailable) * 0.9;
  return Math.min(MOST_AT_ONCE, Math.max(1, Math.floor((most * asked) / cost.requestedQueryCost)));
}

function globalId(id: string): string {
  return `gid://shopify/Refund/${id}`;
}

const ordersSchema = z.object({
  nodes: z.array(
    z.looseObject({ refunds: z.array(z.looseObject({ id: z.string() }).nullable()) }).nullable(),
  ),
});
const orderSchema = z.object({ order: z.object({ id: z.string() }) });
const recordSchema = z.record(z.string(), z.unknown()).nullable();
const MOST_POINTS = 1_000;
const MOST_AT_ONCE = 50;
/** Up to this number, reading by ids costs less. */
const FEW = 2;
const MOST_ORDERS = 100;
