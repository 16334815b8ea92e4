import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import {
  memoSchema,
  orderSchema,
  returnSchema,
  storeSchema,
  transactionSchema,
} from "../../../../lambdas/systems/storefront/magento/page.ts";
import { generateLife } from "../../../../local/life/generate.ts";
import {
  memoObject,
  orderObject,
  returnObject,
  transactionObjects,
} from "../../../../local/magento/objects.ts";
import { FIELDS, LISTS, PATHS, SEARCH_PARAMETERS } from "./documented.ts";
import { aShop, aWorld, everyPage, item, memo, order, transaction } from "./shop.ts";

const PUBLISHED = new URL("../../../../../shared/contracts/schemas/magento/", import.meta.url);
const ALL = Number.MAX_SAFE_INTEGER;

describe("the slice of Magento's published schema", () => {
  it("has the path and every parameter of every request", async () => {
    const world = aWorld({
      isListShort: true,
      returns: [{ entity_id: 3, order_id: 100, items: [] }],
      memos: [memo({ comments: [{ comment: "called" }] })],
    });
    const { shop, asked } = await aShop(world);
    await everyPage(shop);
    await shop.refundsById(["501"]);
    await shop.identify?.(null, true);
    const wrong = asked.flatMap((text) => {
      const url = new URL(text, "http://shop");
      const path = url.pathname.replace("/rest/all", "").replace(/\/\d+/, "/{id}");
      const names = [...url.searchParams.keys()].filter(
        (name) => !SEARCH_PARAMETERS.some((known) => known.test(name)),
      );
      return PATHS.includes(path) ? names : [path, ...names];
    });
    expect([...new Set(wrong)]).toEqual([]);
    expect(
      new Set(asked.map((text) => new URL(text, "http://shop").pathname)).size,
    ).toBeGreaterThan(5);
  });

  it("has every field that is read, and every field that is searched or asked for", async () => {
    const memoItem = memoSchema.shape.items.def.in.def.innerType.def.innerType.element;
    for (const [name, shape] of [
      ["sales-data-creditmemo-interface", memoSchema.shape],
      ["sales-data-creditmemo-item-interface", memoItem.shape],
      ["sales-data-order-interface", orderSchema.shape],
      ["sales-data-transaction-interface", transactionSchema.shape],
      ["rma-data-rma-interface", returnSchema.shape],
      ["store-data-store-interface", storeSchema.shape],
    ] as const) {
      expect(
        Object.keys(shape).filter((field) => FIELDS[name]?.includes(field) !== true),
        name,
      ).toEqual([]);
    }
    const { shop, asked } = await aShop(aWorld());
    await everyPage(shop);
    const known = new Set([...Object.values(FIELDS).flat(), "total_count"]);
    const named = asked.flatMap((text) => {
      const { searchParams } = new URL(text, "http://shop");
      const searched = [...searchParams].flatMap(([name, value]) =>
        name.endsWith("[field]") ? [value] : [],
      );
      return [...searched, ...(searchParams.get("fields") ?? "").split(/[[\],]+/)];
    });
    expect([...new Set(named)].filter((name) => name !== "" && !known.has(name))).toEqual([]);
  });

  it("has every field of the rows of these tests and of the simulator", () => {
    const life = generateLife({ seed: 3, from: "2026-11-01T00:00:00.000Z", days: 3 });
    const rows = life.refunds.flatMap((refund) => {
      const sold = life.orders.find(({ orderId }) => orderId === refund.orderId);
      if (sold === undefined) return [];
      return [
        ["sales-data-creditmemo-interface", memoObject(refund, sold, 1, ALL)] as const,
        ["sales-data-order-interface", orderObject(sold, [refund], ALL)] as const,
        ["rma-data-rma-interface", returnObject(refund, sold)] as const,
        ...transactionObjects(refund, sold, ALL).map(
          (row) => ["sales-data-transaction-interface", row] as const,
        ),
      ];
    });
    expect(rows.length).toBeGreaterThan(60);
    const own = [
      ["sales-data-creditmemo-interface", memo()] as const,
      ["sales-data-creditmemo-item-interface", item()] as const,
      ["sales-data-order-interface", order({ payment: undefined })] as const,
      ["sales-data-transaction-interface", transaction()] as const,
    ];
    for (const [name, row] of [...rows, ...own]) {
      const unknown = Object.keys(row ?? {}).filter(
        (field) => FIELDS[name]?.includes(field) !== true,
      );
      expect(unknown, name).toEqual([]);
    }
  });
});

/** Adobe's published schema is no part of this project: without it this is skipped. */
describe.runIf(existsSync(PUBLISHED))("Adobe's published schema", () => {
  it("has every path and parameter of the slice", () => {
    const { paths } = publishedSchema();
    expect(PATHS.filter((path) => paths[path] === undefined)).toEqual([]);
    for (const list of LISTS) {
      const parameters = paths[`/V1/${list}`]?.get?.parameters ?? [];
      const names = parameters.map(({ name }) => name);
      expect(names.length, list).toBeGreaterThan(5);
      const unknown = names.filter((name) => !SEARCH_PARAMETERS.some((known) => known.test(name)));
      expect(unknown, list).toEqual([]);
    }
  });

  it("has every field of the slice", () => {
    const { definitions } = publishedSchema();
    for (const [name, fields] of Object.entries(FIELDS)) {
      const published = Object.keys(definitions[name]?.properties ?? {});
      expect(
        fields.filter((field) => !published.includes(field)),
        name,
      ).toEqual([]);
    }
  });
});

function publishedSchema() {
  const file = new URL("admin-schema-2.4.9.yaml.gz", PUBLISHED);
  return documentOf(gunzipSync(readFileSync(file)).toString());
}

function documentOf(text: string) {
  const schema = z.object({
    paths: z.record(
      z.string(),
      z.looseObject({
        get: z
          .looseObject({ parameters: z.array(z.looseObject({ name: z.string() })).optional() })
          .optional(),
      }),
    ),
    definitions: z.record(
      z.string(),
      z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }),
    ),
  });
  return schema.parse(parse(text, { maxAliasCount: -1 }));
}
