import fc from "fast-check";
import { expect, it } from "vitest";
import { parseJson } from "../../lambdas/systems/http/parse-json.ts";

it("reads whatever JSON can say, with or without a byte order mark", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.boolean(), (value, mark) => {
      const json = JSON.stringify(value);
      expect(parseJson(mark ? `\ufeff${json}` : json, "GET /x")).toEqual(JSON.parse(json));
    }),
  );
});

it("never takes a page that was cut off for a page", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.nat(), (value, at) => {
      const json = JSON.stringify({ data: value });
      const cut = json.slice(0, at % json.length);
      expect(() => parseJson(cut, "GET /x")).toThrow(/GET \/x: wanted a page of JSON, got/);
    }),
  );
});

it.each([
  ["", "an empty body"],
  [" \n", "an empty body"],
  ["<!doctype html><p>log in, user@example.com", "a page of HTML"],
  ["{]", "no JSON"],
  ["[".repeat(100_000) + "]".repeat(100_000), "nested deeper"],
  ['{"a":'.repeat(500) + "1" + "}".repeat(500), "nested deeper"],
])("says what %.20s is instead, without quoting it", (text, what) => {
  expect(() => parseJson(text, "GET /x")).toThrow(what);
  expect(() => parseJson(text, "GET /x")).not.toThrow("example.com");
});

it("does not count brackets inside a text", () => {
  const text = JSON.stringify(['\\"', "[".repeat(1_000), '"{\\'.repeat(300)]);
  expect(parseJson(text, "GET /x")).toHaveLength(3);
});

it.each([
  ["12345678901234567890", "12345678901234567890"],
  ["-0.12345678901234567891", "-0.12345678901234567891"],
  ["9007199254740993", "9007199254740993"],
  ["1e999", "1e999"],
  ["9007199254740991", 9_007_199_254_740_991],
  ["0.30000000000000004", 0.30000000000000004],
  ["12.50", 12.5],
  ["1e3", 1_000],
  ["1.50e2", 150],
])("gives the number %s as %j: what would be rounded is given as its text", (number, value) => {
  expect(parseJson(`{"a":[${number}],"b":"${number}"}`, "GET /x")).toEqual({
    a: [value],
    b: number,
  });
});
