/**
 * Evaluates `searchCriteria` and `fields` as Magento does: filter groups that must all hold, one
 * condition of a group is enough, and a page past the end repeats the last one.
 *
 * @throws BadSearch with the status and the message of Magento's answer
 */
export function searched(rows: readonly Row[], query: URLSearchParams, cap: number | null): Found {
  const groups = groupsIn(query);
  const sorts = sortsIn(query);
  const size = Number(query.get("searchCriteria[pageSize]") ?? "20");
  if (cap !== null && size > cap) {
    throw new BadSearch(400, "Maximum SearchCriteria pageSize is %max", { max: cap });
  }
  const found = rows
    .filter(({ keys }) => groups.every((group) => group.some((test) => holds(keys, test))))
    .toSorted((one, other) => inOrder(one.keys, other.keys, sorts));
  const pages = Math.max(1, Math.ceil(found.length / size));
  const page = Math.min(pages, Number(query.get("searchCriteria[currentPage]") ?? "1"));
  const items = found.slice((page - 1) * size, page * size).map(({ show }) => show());
  return { items, total: found.length };
}

/** A row by the fields that can be searched; the object is made when it is shown. */
export type Row = {
  readonly keys: Readonly<Record<string, string | number>>;
  readonly show: () => object;
};

export type Found = { readonly items: readonly object[]; readonly total: number };

export class BadSearch extends Error {
  readonly status: number;
  readonly parameters: object;
  constructor(status: number, message: string, parameters: object = {}) {
    super(message);
    this.status = status;
    this.parameters = parameters;
  }
}

/** Only the named fields: "items[entity_id,payment[method]],total_count". */
export function withFields(value: object, fields: string | null): object {
  return fields === null ? value : picked(value, treeOf(fields));
}

type Test = { readonly field: string; readonly condition: string; readonly value: string };
type Tree = Map<string, Tree | null>;

function groupsIn(query: URLSearchParams): readonly (readonly Test[])[] {
  const groups = new Map<string, Map<string, Record<string, string>>>();
  for (const [name, value] of query) {
    const found =
      /^searchCriteria\[filterGroups\]\[(\d+)\]\[filters\]\[(\d+)\]\[(field|value|conditionType)\]$/.exec(
        name,
      );
    if (found === null) continue;
    const [, group = "", filter = "", part = ""] = found;
    const filters = groups.get(group) ?? new Map<string, Record<string, string>>();
    filters.set(filter, { ...filters.get(filter), [part]: value });
    groups.set(group, filters);
  }
  return [...groups.values()].map((filters) =>
    [...filters.values()].map(({ field = "", value = "", conditionType = "eq" }) => ({
      field,
      value,
      condition: conditionType,
    })),
  );
}

function sortsIn(query: URLSearchParams): readonly { field: string; isDown: boolean }[] {
  const sorts: { field: string; isDown: boolean }[] = [];
  for (let at = 0; query.has(`searchCriteria[sortOrders][${at}][field]`); at += 1) {
    const name = `searchCriteria[sortOrders][${at}]`;
    sorts.push({
      field: query.get(`${name}[field]`) ?? "",
      isDown: query.get(`${name}[direction]`) === "DESC",
    });
  }
  return sorts;
}

function holds(keys: Row["keys"], { field, condition, value }: Test): boolean {
  const own = keys[field];
  if (own === undefined) throw new BadSearch(500, "Internal Error. Details are available in log.");
  if (condition === "in") return value.split(",").includes(String(own));
  const order = compared(own, typeof own === "number" ? Number(value) : value);
  switch (condition) {
    case "eq":
      return order === 0;
    case "gt":
      return order > 0;
    case "gteq":
      return order >= 0;
    case "lt":
      return order < 0;
    case "lteq":
      return order <= 0;
    default:
      throw new BadSearch(500, "Internal Error. Details are available in log.");
  }
}

function compared(one: string | number, other: string | number): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function inOrder(
  one: Row["keys"],
  other: Row["keys"],
  sorts: readonly { field: string; isDown: boolean }[],
): number {
  for (const { field, isDown } of sorts) {
    const order = compared(one[field] ?? "", other[field] ?? "");
    if (order !== 0) return isDown ? -order : order;
  }
  return 0;
}

function treeOf(fields: string): Tree {
  const root: Tree = new Map();
  const open: Tree[] = [root];
  let last = "";
  for (const token of fields.match(/[[\],]|[^[\],]+/g) ?? []) {
    const here = open.at(-1) ?? root;
    if (token === "[") {
      const inner: Tree = new Map();
      here.set(last, inner);
      open.push(inner);
    } else if (token === "]") open.pop();
    else if (token !== ",") {
      last = token;
      here.set(token, null);
    }
  }
  return root;
}

function picked(value: object, tree: Tree): object {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]: [string, unknown]) => {
      const inner = tree.get(name);
      if (inner === undefined) return [];
      if (inner === null || typeof item !== "object" || item === null) return [[name, item]];
      const some: unknown = Array.isArray(item)
        ? item.map((one: unknown) =>
            typeof one === "object" && one !== null ? picked(one, inner) : one,
          )
        : picked(item, inner);
      return [[name, some]];
    }),
  );
}
