import { GraphQLError } from "graphql";
import type { Life, LifePerson } from "../life/life.ts";
import { connection, type PageArguments } from "./connection.ts";
import { orderFilter, tenderFilter } from "./order-filter.ts";
import { orderObject } from "./order-object.ts";
import { refundObject } from "./refund-object.ts";
import type { Show } from "./show.ts";
import { tenderObject, tendersOf } from "./tender-object.ts";
import { type SeenOrder, type World, wholeSeconds } from "./world.ts";

/**
 * The values of the fields of `schema.graphql`, from the world as it is at one instant.
 *
 * A field is computed only when it is requested. If a scope is denied, the fields that need it are
 * null, each with an ACCESS_DENIED error, as in Shopify.
 */
export function rootOf(
  life: Life,
  world: World,
  { denied, now }: { readonly denied: ReadonlySet<string>; readonly now: string },
) {
  const show: Show = {
    person: (person, field) => staffMember(person, field, denied),
    customer: (customer) => customerObject(customer, denied),
    order: (seen) => orderObject(seen, show),
    refund: (seen, parent) => refundObject(seen, parent, show),
  };
  const byId = ({ id }: { id: string }) => {
    const [, kind = "", legacy = ""] = /^gid:\/\/shopify\/(\w+)\/(\d+)/.exec(id) ?? [];
    if (kind === "Order") {
      const seen = world.orderById.get(legacy);
      return seen === undefined ? null : show.order(seen);
    }
    if (kind !== "Refund") return null;
    const refund = world.refundById.get(legacy);
    const parent = world.orderById.get(refund?.refund.orderId ?? "");
    return refund === undefined || parent === undefined ? null : show.refund(refund, parent);
  };
  return {
    node: byId,
    nodes: ({ ids }: { ids: readonly string[] }) => ids.map((id) => byId({ id })),
    order: byId,
    refund: byId,
    orders: (args: PageArguments & { query?: string; sortKey: string }) => {
      const keyOf = SORT_KEYS.get(args.sortKey) ?? byUpdate;
      const sorted = world.orders
        .filter(orderFilter(args.query))
        .map((seen) => ({ seen, key: keyOf(seen) }))
        .toSorted((one, other) => (one.key < other.key ? -1 : 1));
      return connection(sorted, args, {
        keyOf: ({ key }) => key,
        show: ({ seen }) => show.order(seen),
      });
    },
    ordersCount: ({ query, limit }: { query?: string; limit: number | null }) => {
      const count = world.orders.filter(orderFilter(query)).length;
      const most = limit ?? count;
      return { count: Math.min(count, most), precision: count > most ? "AT_LEAST" : "EXACT" };
    },
    tenderTransactions: (args: PageArguments & { query?: string }) => {
      const tenders = tendersOf(life, world, now)
        .filter(tenderFilter(args.query))
        .map((seen) => ({ seen, key: `${seen.at} ${seen.id.padStart(20, "0")}` }))
        .toSorted((one, other) => (one.key < other.key ? -1 : 1));
      return connection(tenders, args, {
        keyOf: ({ key }) => key,
        show: ({ seen }) => tenderObject(seen, show),
      });
    },
    shop: {
      id: "gid://shopify/Shop/1",
      name: life.shop.domain,
      myshopifyDomain: life.shop.domain,
      currencyCode: life.shop.currency,
      ianaTimezone: life.shop.timeZone,
    },
    currentAppInstallation: {
      accessScopes: SCOPES.filter((scope) => !denied.has(scope)).map((handle) => ({ handle })),
    },
  };
}

function customerObject(
  customer: LifePerson | undefined,
  denied: ReadonlySet<string>,
): object | null {
  refuseWithout("read_customers", "customer", denied);
  if (customer === undefined) return null;
  return { __typename: "Customer", id: `gid://shopify/Customer/${customer.id}` };
}

function refuseWithout(scope: string, field: string, denied: ReadonlySet<string>): void {
  if (!denied.has(scope)) return;
  throw new GraphQLError(`Access denied for ${field} field. Required access: \`${scope}\`.`, {
    extensions: { code: "ACCESS_DENIED" },
  });
}

function staffMember(
  person: LifePerson | null,
  field: string,
  denied: ReadonlySet<string>,
): object | null {
  refuseWithout("read_users", field, denied);
  if (person === null) return null;
  const id = `gid://shopify/StaffMember/${person.id}`;
  return { __typename: "StaffMember", id, name: person.name, active: true, isShopOwner: false };
}

/** Unique, because two orders may change in the same second. */
function keyed(at: string, { order }: SeenOrder): string {
  return `${at} ${order.orderId.padStart(20, "0")}`;
}

const byUpdate = (seen: SeenOrder): string => keyed(seen.updatedAt, seen);
const byCreation = (seen: SeenOrder): string => keyed(wholeSeconds(seen.order.createdAt), seen);

const SORT_KEYS: ReadonlyMap<string, (seen: SeenOrder) => string> = new Map([
  ["UPDATED_AT", byUpdate],
  ["CREATED_AT", byCreation],
  ["PROCESSED_AT", byCreation],
  ["ID", (seen: SeenOrder) => keyed("", seen)],
]);

const SCOPES = [
  "read_orders",
  "read_all_orders",
  "read_returns",
  "read_users",
  "read_locations",
  "read_customers",
];
