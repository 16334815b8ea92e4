import * as fc from "fast-check";

/** What has broken a parser before, here or elsewhere: kept, and tried in every place. */
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  undefined,
  "",
  " ",
  "0",
  "-0.00",
  "NaN",
  "Infinity",
  "1e3",
  "1E400",
  "12,50",
  "1.234,50",
  "1,234.50",
  "0x1F",
  "٣.١٤",
  "９９",
  "12.345678901234567890",
  "99999999999999999999.99",
  "1".repeat(400),
  " 12.50",
  "12.50\n",
  "+12.50",
  ".5",
  "5.",
  "--5",
  0,
  -1,
  1e21,
  Number.MAX_SAFE_INTEGER + 1,
  0.1 + 0.2,
  true,
  [],
  {},
  [[[]]],
  { toString: "x" },
  { __proto__: { polluted: true } },
  JSON.parse('{"__proto__":{"polluted":true}}'),
  "XXZ",
  "usd",
  "U\u0000SD",
  "2026-02-30T00:00:00Z",
  "2026-11-22",
  "0000-00-00T00:00:00Z",
  "9999-12-31T23:59:60Z",
  "+275760-09-13T00:00:00.000Z",
  "yesterday",
  "gid://shopify/Refund/",
  "gid://shopify/Refund/1?x=2",
  "gid://evil/Refund/1",
  "9\ud800",
  "\u202e12.50",
  "=cmd|' /C calc'!A0",
  "<script>alert(1)</script>",
  "'; DROP TABLE transaction; --",
  "a\r\nb\u2028c\u0000d\u001b[31m",
  "x".repeat(100_000),
  "constructor",
  "__proto__",
];

const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HOSTILE_VALUES) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.jsonValue() },
);

type Spoiling = {
  readonly place: number;
  readonly how: "replace" | "remove" | "repeat" | "add" | "wrap";
  readonly value: unknown;
};

const spoilings: fc.Arbitrary<readonly Spoiling[]> = fc.array(
  fc.record({
    place: fc.nat(100_000),
    how: fc.constantFrom("replace", "replace", "replace", "remove", "repeat", "add", "wrap"),
    value,
  }),
  { minLength: 1, maxLength: 3 },
);

/** A sound value with one to three of its places spoilt, or something else altogether. */
export function spoilt(sample: unknown): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 9, arbitrary: spoilings.map((all) => all.reduce(spoilOnce, sample)) },
    { weight: 1, arbitrary: value },
  );
}

function spoilOnce(sample: unknown, { place, how, value: hostile }: Spoiling): unknown {
  const copy: unknown = structuredClone(sample);
  const places = placesIn(copy);
  const at = places[place % Math.max(1, places.length)];
  if (at === undefined) return hostile;
  const { holder, key } = at;
  const held: unknown = Reflect.get(holder, key);
  if (how === "remove") Reflect.deleteProperty(holder, key);
  else if (how === "repeat" && Array.isArray(held)) Reflect.set(holder, key, twice(held));
  else if (how === "add" && typeof held === "object" && held !== null)
    Reflect.set(held, "unasked", hostile);
  else Reflect.set(holder, key, how === "wrap" ? [held] : hostile);
  return copy;
}

function twice(list: readonly unknown[]): readonly unknown[] {
  return [...list, ...list];
}

function placesIn(value_: unknown): { readonly holder: object; readonly key: string }[] {
  if (typeof value_ !== "object" || value_ === null) return [];
  return Object.keys(value_).flatMap((key) => [
    { holder: value_, key },
    ...placesIn(Reflect.get(value_, key)),
  ]);
}
