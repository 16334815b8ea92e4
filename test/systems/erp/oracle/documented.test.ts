import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  accountSchema,
  applicationSchema,
  invoiceSchema,
  lineSchema,
  memoSchema,
} from "../../../../lambdas/systems/erp/oracle/page.ts";
import { generateLife } from "../../../../local/life/generate.ts";
import { memosOf } from "../../../../local/oracle/rows.ts";
import { FROM_PAGES, RESOURCES } from "./documented.ts";
import { aPod, aWorld, everyPage, line, memo } from "./pod.ts";

const CONTRACTS = new URL("../../../../../shared/contracts/", import.meta.url);

describe("the field lists of Oracle's documentation", () => {
  it.each([
    ["receivablesCreditMemos", memoSchema.shape],
    ["receivablesCreditMemoLines", lineSchema.shape],
    ["creditMemoApplications", applicationSchema.shape],
    ["receivablesCustomerAccountActivities", accountSchema.shape],
    ["receivablesInvoices", invoiceSchema.shape],
  ])("have every field that is read of %s", (resource, shape) => {
    expect(
      Object.keys(shape).filter((name) => RESOURCES[resource]?.includes(name) !== true),
    ).toEqual([]);
  });

  it("have every field of the rows of these tests and of the simulator", () => {
    const life = generateLife({ seed: 3, from: "2026-11-01T00:00:00.000Z", days: 3 });
    const { memos, applications } = memosOf(life);
    expect(memos.length).toBeGreaterThan(60);
    for (const [resource, row] of [
      ...memos.map((one) => ["receivablesCreditMemos", one.row] as const),
      ...applications.map((one) => ["creditMemoApplications", one.row] as const),
      ["receivablesCreditMemos", memo()] as const,
      ["receivablesCreditMemoLines", line()] as const,
    ]) {
      const unknown = Object.keys(row).filter(
        (name) => RESOURCES[resource]?.includes(name) !== true,
      );
      expect(unknown, resource).toEqual([]);
    }
  });

  it("have every attribute and child that a request names", async () => {
    const { books, asked } = await aPod(aWorld());
    await everyPage(books);
    await books.documentsById(["300000190000137"]);
    const known = new Set([...Object.keys(RESOURCES), ...Object.values(RESOURCES).flat()]);
    const named = asked.flatMap((text) => {
      const { searchParams } = new URL(text, "http://pod");
      const orders = (searchParams.get("orderBy") ?? "").split(/:asc,?/);
      const children = (searchParams.get("expand") ?? "").split(/[,.]/);
      const searched = (searchParams.get("q") ?? "").match(/[A-Za-z]+(?= [<>=])/g) ?? [];
      return [...orders, ...children, ...searched];
    });
    expect(named.length).toBeGreaterThan(5);
    expect([...new Set(named)].filter((name) => name !== "" && !known.has(name))).toEqual([]);
  });
});

/** The contracts are no part of this project: without them this is skipped. */
describe.runIf(existsSync(CONTRACTS))("the field lists of the contracts", () => {
  it("name every field of our list, in full or with its ending alone", () => {
    const text = ["erps.md", "additions.md"]
      .map((name) => readFileSync(new URL(name, CONTRACTS), "utf8"))
      .join("\n");
    const missing = Object.values(RESOURCES)
      .flat()
      .filter((name) => !FROM_PAGES.includes(name) && !isNamed(text, name));
    expect([...new Set(missing)]).toEqual([]);
  });
});

/** "ReferenceTransactionId/-Number" names two fields. */
function isNamed(text: string, name: string): boolean {
  if (text.includes(name)) return true;
  const [, ending = ""] = /([A-Z][a-z]+)$/.exec(name) ?? [];
  const start = name.slice(0, -ending.length);
  return new RegExp(String.raw`${start}\w*(?:\/-\w+)*\/-${ending}`).test(text);
}
