import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";

/**
 * The cost of a query by Shopify's documented rule: nothing for a scalar, one point for an object;
 * for a connection, twice the natural logarithm of the number of nodes requested (or returned),
 * times the cost of a node.
 *
 * Money is free. `refunds(first:)`, a list without pages, counts as one object; `nodes(ids:)` as
 * one for each id. The real cost of these two is not documented by Shopify.
 * @param data the answer, for the actual cost; without it, the requested cost
 */
export function costOf(
  question: {
    readonly schema: GraphQLSchema;
    readonly document: DocumentNode;
    readonly variables: Readonly<Record<string, unknown>>;
  },
  data?: unknown,
): number {
  const { schema, document, variables } = question;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const part of document.definitions) {
    if (part.kind === Kind.FRAGMENT_DEFINITION) fragments.set(part.name.value, part);
  }
  const root = schema.getQueryType();
  const operation = document.definitions.find((part) => part.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined || root === undefined || root === null) return 0;

  const ofSelection = (set: SelectionSetNode, type: GraphQLNamedType, value: unknown): number => {
    let sum = 0;
    let dearestBranch = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        sum += ofField(selection, type, value);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (fragment === undefined) continue;
      const name = fragment.typeCondition?.name.value ?? type.name;
      const cost = ofSelection(fragment.selectionSet, schema.getType(name) ?? type, value);
      if (name === type.name) sum += cost;
      else dearestBranch = Math.max(dearestBranch, cost);
    }
    return sum + dearestBranch;
  };

  const ofField = (field: FieldNode, parent: GraphQLNamedType, value: unknown): number => {
    const type = typeOfField(parent, field.name.value);
    if (type === null || isLeafType(type) || FREE.has(type.name) || !field.selectionSet) return 0;
    const given = data === undefined ? undefined : entry(value, (field.alias ?? field.name).value);
    if (data !== undefined && (given === null || given === undefined)) return 0;
    const within = field.selectionSet;
    if (type.name.endsWith("Connection")) {
      const pageInfo = flat(within, fragments).some(({ name }) => name.value === "pageInfo")
        ? 1
        : 0;
      const node = ofNode(within, type, given);
      return 1 + pageInfo + sized(listOf(given)?.length ?? asked(field, "first", "last")) * node;
    }
    const many = Array.isArray(given) ? given.length : asked(field, "ids");
    const one = Array.isArray(given)
      ? average(given, (item) => ofSelection(within, type, item))
      : ofSelection(within, type, given);
    return (Array.isArray(given) || field.name.value === "nodes" ? many : 1) * (1 + one);
  };

  /** A node of a connection, by `nodes` or by `edges`. */
  const ofNode = (set: SelectionSetNode, type: GraphQLNamedType, given: unknown): number => {
    const fields = flat(set, fragments);
    const nodes = fields.find(({ name }) => name.value === "nodes");
    const edges = fields.find(({ name }) => name.value === "edges");
    const inner =
      nodes ?? flat(edges?.selectionSet, fragments).find(({ name }) => name.value === "node");
    const edgeType = nodes === undefined ? typeOfField(type, "edges") : type;
    const nodeType =
      edgeType === null ? null : typeOfField(edgeType, nodes === undefined ? "node" : "nodes");
    if (inner?.selectionSet === undefined || nodeType === null) return 0;
    const { selectionSet } = inner;
    const items = listOf(given);
    if (items === null) return 1 + ofSelection(selectionSet, nodeType, undefined);
    return 1 + average(items, (item) => ofSelection(selectionSet, nodeType, item));
  };

  const asked = (field: FieldNode, ...names: readonly string[]): number => {
    const argument = field.arguments?.find(({ name }) => names.includes(name.value));
    const value = argument === undefined ? 0 : valueFromASTUntyped(argument.value, variables);
    return Array.isArray(value) ? value.length : Number(value ?? 0);
  };

  return Math.ceil(ofSelection(operation.selectionSet, root, data));
}

/** At least two if there is any node: the factor of a connection of one. */
function sized(count: number): number {
  return count === 0 ? 0 : Math.max(2, Math.floor(2 * Math.log(count)));
}

function average<Item>(items: readonly Item[], cost: (item: Item) => number): number {
  if (items.length === 0) return 0;
  return items.reduce((sum, item) => sum + cost(item), 0) / items.length;
}

function flat(
  set: SelectionSetNode | undefined,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly FieldNode[] {
  return (set?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) return flat(selection.selectionSet, fragments);
    return flat(fragments.get(selection.name.value)?.selectionSet, fragments);
  });
}

function typeOfField(parent: GraphQLNamedType, field: string): GraphQLNamedType | null {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return null;
  const found = parent.getFields()[field];
  return found === undefined ? null : getNamedType(found.type);
}

function entry(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/** The items of a connection as given, by either of its two lists. */
function listOf(connection: unknown): readonly unknown[] | null {
  const nodes = entry(connection, "nodes");
  if (Array.isArray(nodes)) return nodes;
  const edges = entry(connection, "edges");
  return Array.isArray(edges) ? edges.map((edge) => entry(edge, "node")) : null;
}

const FREE: ReadonlySet<string> = new Set(["MoneyBag", "MoneyV2", "PageInfo"]);
