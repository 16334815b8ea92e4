import { GraphQLError } from "graphql";
import type { SeenTender } from "./tender-object.ts";
import type { SeenOrder } from "./world.ts";

/**
 * Shopify's search text over orders, or over payments: `updated_at:>='2026-11-22T00:00:00Z' AND test:false`, or
 * `id:1 OR id:2`; AND binds closer than OR.
 *
 * Unlike in Shopify, an unknown term is an error: if the filter were ignored, nobody would notice a
 * wrong query.
 */
export function orderFilter(query: string | null | undefined): (seen: SeenOrder) => boolean {
  return filterBy(ORDER_FIELDS, query);
}

export function tenderFilter(query: string | null | undefined): (seen: SeenTender) => boolean {
  return filterBy(TENDER_FIELDS, query);
}

type Fields<Seen> = ReadonlyMap<string, (seen: Seen) => string | number>;

function filterBy<Seen>(
  fields: Fields<Seen>,
  query: string | null | undefined,
): (seen: Seen) => boolean {
  const terms = (query ?? "").trim();
  if (terms === "") return () => true;
  const branches = terms
    .split(/\s+OR\s+/)
    .map((branch) => branch.split(/\s+AND\s+|\s+(?=[a-z_]+:)/).map((text) => term(text, fields)));
  return (seen) => branches.some((tests) => tests.every((test) => test(seen)));
}

function term<Seen>(text: string, fields: Fields<Seen>): (seen: Seen) => boolean {
  const match = /^([a-z_]+):(>=|<=|>|<)?(?:'([^']*)'|"([^"]*)"|(\S+))$/i.exec(text.trim());
  const [, field = "", operator = "", quoted, doubled, plain] = match ?? [];
  const value = quoted ?? doubled ?? plain ?? "";
  const valueOf = fields.get(field);
  if (match === null || valueOf === undefined) throw unknown(text);
  const wanted = field.endsWith("_at") ? instant(value, text) : value;
  return (seen) => {
    const order = compare(valueOf(seen), wanted);
    switch (operator) {
      case ">=":
        return order >= 0;
      case "<=":
        return order <= 0;
      case ">":
        return order > 0;
      case "<":
        return order < 0;
      default:
        return order === 0;
    }
  };
}

function compare(one: string | number, other: string | number): number {
  const numbers = [Number(one), Number(other)];
  const [left = 0, right = 0] = numbers;
  return numbers.some(Number.isNaN) ? String(one).localeCompare(String(other)) : left - right;
}

function instant(value: string, text: string): number {
  const at = Date.parse(value);
  if (Number.isNaN(at)) throw unknown(text);
  return at;
}

function unknown(text: string): GraphQLError {
  return new GraphQLError(`the simulator does not know the search term ${text}`, {
    extensions: { code: "BAD_REQUEST" },
  });
}

const ORDER_FIELDS: Fields<SeenOrder> = new Map<string, (seen: SeenOrder) => string | number>([
  ["updated_at", ({ updatedAt }) => Date.parse(updatedAt)],
  ["created_at", ({ order }) => Date.parse(order.createdAt)],
  ["processed_at", ({ order }) => Date.parse(order.createdAt)],
  ["id", ({ order }) => order.orderId],
  ["name", ({ order }) => order.name],
  ["test", ({ order }) => String(order.test)],
]);

const TENDER_FIELDS: Fields<SeenTender> = new Map<string, (seen: SeenTender) => string | number>([
  ["processed_at", ({ at }) => Date.parse(at)],
  ["test", ({ test }) => String(test)],
]);
