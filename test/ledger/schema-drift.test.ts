import { describe, expect, it } from "vitest";
import { schemaDrift } from "../../lambdas/ledger/intake/schema-drift.ts";

describe("a page that cannot be read", () => {
  it("by half because of one field means that the API has changed", () => {
    const rejected = [1, 2, 3, 4, 5].map((at) => unread(`lines.${at}.amount: wanted an amount`));
    expect(schemaDrift({ fetched: 10, rejected })).toEqual({
      field: "lines.#.amount",
      count: 5,
      reason: "lines.1.amount: wanted an amount",
    });
  });

  it("by less than half has only bad records", () => {
    const rejected = Array.from({ length: 5 }, () => unread("total: wanted an amount"));
    expect(schemaDrift({ fetched: 11, rejected })).toBeNull();
  });

  it("for several reasons has only bad records", () => {
    const rejected = ["a", "b", "c", "d", "e"].map((field) => unread(`${field}: wanted a text`));
    expect(schemaDrift({ fetched: 5, rejected })).toBeNull();
  });

  it("with four records is too small to tell", () => {
    const rejected = Array.from({ length: 4 }, () => unread("total: wanted an amount"));
    expect(schemaDrift({ fetched: 4, rejected })).toBeNull();
  });

  it("names the whole way to the field", () => {
    const rejected = Array.from({ length: 5 }, (_one, at) =>
      unread(`order 10${at}: currency: is not a currency`),
    );
    expect(schemaDrift({ fetched: 6, rejected })?.field).toBe("order #: currency");
  });
});

function unread(reason: string) {
  return { id: "1", reason, raw: "{}" };
}
