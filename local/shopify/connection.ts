import { GraphQLError } from "graphql";

/**
 * A page of a list, like Shopify's connections, with opaque cursors.
 *
 * A cursor contains the key of its item, so that items added or removed between two pages do not
 * shift the next page.
 * @param keyOf must be unique; the text order of the keys must be the order of the list
 */
export function connection<Item, Shown>(
  items: readonly Item[],
  args: PageArguments,
  { keyOf, show }: { keyOf: (item: Item, index: number) => string; show: (item: Item) => Shown },
): Connection<Shown> {
  const keyed = items.map((item, index) => ({ item, key: keyOf(item, index) }));
  if (args.reverse === true) keyed.reverse();
  const isBehind = (key: string, cursor: string): boolean =>
    args.reverse === true ? key < cursor : key > cursor;
  const after = decoded(args.after);
  const before = decoded(args.before);
  const within = keyed.filter(
    ({ key }) =>
      (after === null || isBehind(key, after)) &&
      (before === null || (key !== before && !isBehind(key, before))),
  );
  const page =
    args.last === undefined || args.last === null ? firstOf(within, args) : lastOf(within, args);
  const edges = page.map(({ item, key }) => ({ cursor: encoded(key), node: show(item) }));
  const [start] = page;
  const end = page.at(-1);
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      hasPreviousPage: start !== undefined && start !== keyed[0],
      hasNextPage: end !== undefined && end !== keyed.at(-1),
    },
  };
}

export type PageArguments = {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly reverse?: boolean | null;
};

export type Connection<Shown> = {
  readonly edges: readonly { readonly cursor: string; readonly node: Shown }[];
  readonly nodes: readonly Shown[];
  readonly pageInfo: {
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly hasPreviousPage: boolean;
    readonly hasNextPage: boolean;
  };
};

/** The key of an item without an id: its position in the list. */
export function placeKey(_item: unknown, index: number): string {
  return String(index).padStart(8, "0");
}

function firstOf<Item>(items: readonly Item[], { first }: PageArguments): readonly Item[] {
  return items.slice(0, allowed(first, "first"));
}

function lastOf<Item>(items: readonly Item[], { last }: PageArguments): readonly Item[] {
  return items.slice(-allowed(last, "last"));
}

function allowed(count: number | null | undefined, name: string): number {
  if (count === null || count === undefined) {
    throw new GraphQLError("you must provide one of first or last", badRequest);
  }
  if (count < 1 || count > 250) {
    throw new GraphQLError(`${name} must be between 1 and 250, got ${count}`, badRequest);
  }
  return count;
}

function encoded(key: string): string {
  return Buffer.from(JSON.stringify({ key })).toString("base64url");
}

function decoded(cursor: string | null | undefined): string | null {
  if (cursor === null || cursor === undefined) return null;
  const text = Buffer.from(cursor, "base64url").toString();
  const key = /^\{"key":("(?:[^"\\]|\\.)*")\}$/.exec(text)?.[1];
  if (key === undefined)
    throw new GraphQLError("Invalid cursor for current pagination sort.", badRequest);
  return String(JSON.parse(key));
}

const badRequest = { extensions: { code: "BAD_REQUEST" } };
