/**
 * Evaluates the `$filter` of OData V2, as far as the simulator's services need it: comparisons with
 * texts, booleans and `datetimeoffset'…'`, joined by `and`, `or` and brackets.
 *
 * @throws BadFilter naming the word that it does not understand
 */
export function filterOf(
  text: string,
  fields: Pick<ReadonlySet<string>, "has">,
): (row: Readonly<Record<string, unknown>>) => boolean {
  const words = text.match(WORD) ?? [];
  if (words.length === 0) return () => true;
  let at = 0;
  const next = (): string => words[at++] ?? "";

  const either = (): Test => {
    let left = both();
    while (words[at] === "or") {
      at += 1;
      const [one, other] = [left, both()];
      left = (row) => one(row) || other(row);
    }
    return left;
  };
  const both = (): Test => {
    let left = single();
    while (words[at] === "and") {
      at += 1;
      const [one, other] = [left, single()];
      left = (row) => one(row) && other(row);
    }
    return left;
  };
  const single = (): Test => {
    if (words[at] === "(") {
      at += 1;
      const inside = either();
      if (next() !== ")") throw new BadFilter("a bracket is not closed");
      return inside;
    }
    const field = next();
    if (!fields.has(field)) throw new BadFilter(`Property ${field} not found in type`);
    const compare = COMPARISONS.get(next());
    const literal = next();
    if (compare === undefined) throw new BadFilter(`no operator after ${field}`);
    if (field.endsWith("DateTime") !== literal.startsWith("datetimeoffset'")) {
      throw new BadFilter(`${field} has another type than its literal`);
    }
    const wanted = valueOf(literal);
    return (row) => compare(comparable(row[field]), wanted);
  };

  const test = either();
  if (at < words.length) throw new BadFilter(`unexpected ${words[at] ?? ""}`);
  return test;
}

export class BadFilter extends Error {
  override readonly name = "BadFilter";
}

type Test = (row: Readonly<Record<string, unknown>>) => boolean;
type Value = string | number | boolean;

function valueOf(literal: string): Value {
  const time = /^datetimeoffset'([^']*)'$/.exec(literal)?.[1];
  if (time !== undefined) {
    const ms = Date.parse(time);
    if (Number.isNaN(ms)) throw new BadFilter(`Invalid datetimeoffset ${time}`);
    return ms;
  }
  if (literal === "true" || literal === "false") return literal === "true";
  if (!literal.startsWith("'")) throw new BadFilter(`no literal: ${literal}`);
  return literal.slice(1, -1).replaceAll("''", "'");
}

function comparable(value: unknown): Value {
  const ms = typeof value === "string" ? /^\/Date\((-?\d+)/.exec(value)?.[1] : undefined;
  if (ms !== undefined) return Number(ms);
  return typeof value === "boolean" || typeof value === "string" ? value : "";
}

const COMPARISONS: ReadonlyMap<string, (one: Value, other: Value) => boolean> = new Map([
  ["eq", (one: Value, other: Value) => one === other],
  ["ne", (one: Value, other: Value) => one !== other],
  ["gt", (one: Value, other: Value) => one > other],
  ["ge", (one: Value, other: Value) => one >= other],
  ["lt", (one: Value, other: Value) => one < other],
  ["le", (one: Value, other: Value) => one <= other],
]);

const WORD = /\(|\)|datetimeoffset'[^']*'|'(?:[^']|'')*'|[^\s()']+/g;
