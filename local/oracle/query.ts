/**
 * Evaluates `q` as the framework does from version 2 on: comparisons of attributes with texts,
 * numbers and times, joined by `and` and `or`. Version 1 joins by `;` and knows no operators.
 *
 * @throws BadQuery naming what it does not understand
 */
export function testOf(q: string, queryable: (attribute: string) => boolean): Test {
  const words = q.match(WORD) ?? [];
  if (words.length === 0) return () => true;
  const alternatives: Test[][] = [[]];
  for (let at = 0; at < words.length; at += 4) {
    const [attribute = "", operator = "", literal = "", joint] = words.slice(at, at + 4);
    if (!queryable(attribute)) throw new BadQuery(`Attribute ${attribute} is not queryable`);
    const compare = COMPARISONS.get(operator);
    if (compare === undefined) throw new BadQuery(`no operator after ${attribute}`);
    const wanted = valueOf(literal.replace(/^"(.*)"$/, "$1"));
    alternatives.at(-1)?.push((row) => compare(valueOf(row[attribute]), wanted));
    if (joint === "or") alternatives.push([]);
    else if (joint !== undefined && joint !== "and") throw new BadQuery(`unexpected ${joint}`);
  }
  return (row) => alternatives.some((all) => all.every((test) => test(row)));
}

export class BadQuery extends Error {
  override readonly name = "BadQuery";
}

type Test = (row: Readonly<Record<string, unknown>>) => boolean;

/** Times are compared as instants, ids as numbers of any length. */
export function valueOf(value: unknown): string | number | bigint {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  const text = typeof value === "string" ? value : "";
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return Date.parse(text);
  return /^\d{1,18}$/.test(text) ? BigInt(text) : text;
}

const COMPARISONS: ReadonlyMap<string, (one: Value, other: Value) => boolean> = new Map([
  ["=", (one: Value, other: Value) => one === other],
  ["!=", (one: Value, other: Value) => one !== other],
  [">", (one: Value, other: Value) => one > other],
  [">=", (one: Value, other: Value) => one >= other],
  ["<", (one: Value, other: Value) => one < other],
  ["<=", (one: Value, other: Value) => one <= other],
]);
type Value = string | number | bigint;

const WORD = /"[^"]*"|[<>!]?=|[<>]|[^\s"<>=!]+/g;
