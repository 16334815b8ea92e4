import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Ajv } from "ajv";
import * as z from "zod";
import {
  orderSchema,
  productSchema,
} from "../../../../lambdas/systems/storefront/bigcommerce/page.ts";
import { bigCommerceSimulator } from "../../../../local/bigcommerce/serve.ts";
import { generateLife } from "../../../../local/life/generate.ts";
import { DOCUMENTED, REFUND_SCHEMA } from "./documented.ts";
import {
  aShop,
  aWorld,
  everyPage,
  order,
  refund,
  type Row,
  SOCKS,
  theRefund,
  transaction,
} from "./shop.ts";

const PUBLISHED = new URL("../../../../../shared/contracts/schemas/bigcommerce/", import.meta.url);

type Source = {
  readonly name: string;
  readonly paths: () => { readonly v2: Documented; readonly v3: Documented };
  readonly refund: () => object;
};
const SLICE: Source = {
  name: "slice of BigCommerce's documents",
  paths: () => ({ v2: pathsOfSlice(DOCUMENTED.v2), v3: pathsOfSlice(DOCUMENTED.v3) }),
  refund: () => REFUND_SCHEMA,
};
const WHOLE: Source = {
  name: "published documents of BigCommerce",
  paths: () => ({ v2: documented("orders.v2.oas2.yml"), v3: documented("orders.v3.yml") }),
  refund: refundSchemaOf,
};

/** The slice is a part of this project; BigCommerce's own documents are not. */
describe.each(existsSync(PUBLISHED) ? [SLICE, WHOLE] : [SLICE])("the $name", (source) => {
  it("has the path and every parameter of every request", async () => {
    const items = [
      { item_type: "PRODUCT", item_id: 11, quantity: 1 },
      { item_type: "FEE", item_id: 5, requested_amount: 2 },
    ];
    const world = aWorld({
      refunds: [refund({ items })],
      orders: [order({ coupon_discount: "2.0000" }), order({ id: 200, status_id: 4 })],
    });
    const { shop, asked } = await aShop(world);
    await everyPage(shop);
    await shop.refundsById(["501", "order-200"]);

    const { v2, v3 } = source.paths();
    const wrong = asked.flatMap((text) => {
      const url = new URL(text, "http://shop");
      const [, version, path = ""] = /^\/stores\/abc\/(v[23])(\/.*)$/.exec(url.pathname) ?? [];
      return notIn(version === "v2" ? v2 : v3, path, [...url.searchParams.keys()]);
    });
    expect([...new Set(wrong)]).toEqual([]);
    expect(
      new Set(asked.map((text) => new URL(text, "http://shop").pathname)).size,
    ).toBeGreaterThan(5);
  });

  it("describes the refunds of these tests and of the simulator", async () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(source.refund());
    const life = generateLife({ seed: 3, from: "2026-11-01T00:00:00.000Z", days: 3 });
    const simulator = bigCommerceSimulator({ life });
    const { answer } = await simulator.ask({
      method: "GET",
      url: "http://shop/stores/local1/v3/orders/payment_actions/refunds?limit=250",
      headers: new Headers({ "x-auth-token": "local-bigcommerce" }),
      body: "",
    });
    const { data } = listSchema.parse(JSON.parse(answer.body));
    expect(data.length).toBeGreaterThan(20);
    for (const row of [refund(), ...data]) {
      expect(validate(withoutNulls(row)), JSON.stringify(validate.errors)).toBe(true);
    }
  });
});

/** BigCommerce's published documents are no part of this project: without them this is skipped. */
describe.runIf(existsSync(PUBLISHED))("BigCommerce's published documents", () => {
  it("have every path, parameter and field of the slice", () => {
    const [slice, whole] = [SLICE.paths(), WHOLE.paths()];
    for (const version of ["v2", "v3"] as const) {
      for (const [path, names] of slice[version]) {
        const published = whole[version].get(path);
        expect(
          [...names].filter((name) => published?.has(name) !== true),
          path,
        ).toEqual([]);
      }
    }
    expect(typesOf(WHOLE.refund(), WHOLE.refund())).toEqual(REFUND_SCHEMA);
  });

  it.each([
    ["refund-by-id.doc-example.json", "50.00"],
    ["refund-created.guide-example.json", "20.83"],
  ])("have in %s a refund that is read", async (name, settled) => {
    const { data } = dataSchema.parse(payloadOf(name));
    const goods = { ...SOCKS, id: itemId(data) };
    const created = data["created"] === "" ? "" : "2026-11-10T10:00:00+00:00";
    const read = await theRefund({
      refunds: [{ ...data, created }],
      orders: [order({ id: data["order_id"] })],
      products: { [String(data["order_id"])]: [goods] },
      transactions: {
        [String(data["order_id"])]: [
          transaction({ amount: data["total_amount"], gateway: null, id: 1 }),
        ],
      },
    });
    expect(Number(read.settled) + Number(read.pending)).toBe(Number(settled));
  });

  it.each(["v2.order.Response", "v2.order.Multiple-Items", "v2.orders-list.response"])(
    "have orders that are read in %s",
    (name) => {
      for (const row of [payloadOf(`${name}.doc-example.json`)].flat()) {
        const read = orderSchema.safeParse(asTexts(row));
        expect(read.error?.issues ?? []).toEqual([]);
      }
    },
  );

  it("have products that are read", () => {
    for (const row of [payloadOf("v2.order-products.response.doc-example.json")].flat()) {
      expect(productSchema.safeParse(asTexts(row)).error?.issues ?? []).toEqual([]);
    }
  });
});

type Documented = ReadonlyMap<string, ReadonlySet<string>>;

const pathsSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.unknown().optional(),
});
const listSchema = z.object({ data: z.array(z.unknown()) });
const dataSchema = z.object({ data: z.record(z.string(), z.unknown()) });

/** The query parameters of each path that can be read. */
function documented(name: string): Documented {
  const document = pathsSchema.parse(parse(readFileSync(new URL(name, PUBLISHED), "utf8")));
  return new Map(
    Object.entries(document.paths).flatMap(([path, methods]): [string, ReadonlySet<string>][] => {
      if (methods["get"] === undefined) return [];
      const lists = [methods["parameters"], Reflect.get(Object(methods["get"]), "parameters")];
      const named = lists.flat().flatMap((one) => {
        const resolved = resolve(document, one);
        return Reflect.get(Object(resolved), "in") === "query"
          ? [String(Reflect.get(Object(resolved), "name"))]
          : [];
      });
      return [[path, new Set(named)]];
    }),
  );
}

function pathsOfSlice(paths: Readonly<Record<string, readonly string[]>>): Documented {
  return new Map(Object.entries(paths).map(([path, names]) => [path, new Set(names)]));
}

function notIn(known: Documented, path: string, parameters: readonly string[]): string[] {
  const found = [...known].filter(([template]) =>
    new RegExp(`^${template.replaceAll(/\{\w+\}/g, "\\d+")}$`).test(path),
  );
  if (found.length === 0) return [`no path ${path}`];
  return parameters
    .filter((name) => !found.some(([, names]) => names.has(name)))
    .map((name) => `${path}?${name}`);
}

function resolve(document: unknown, one: unknown): unknown {
  const ref: unknown = Reflect.get(Object(one), "$ref");
  if (typeof ref !== "string") return one;
  return ref
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>((value, key) => Reflect.get(Object(value), key), document);
}

function payloadOf(name: string): unknown {
  const file: unknown = JSON.parse(readFileSync(new URL(`examples/${name}`, PUBLISHED), "utf8"));
  return Reflect.get(Object(file), "payload");
}

/** As the client reads JSON: numbers as texts. */
function asTexts(value: unknown): unknown {
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asTexts(one)]));
}

function itemId(data: Row): unknown {
  const [first]: unknown[] = [data["items"]].flat();
  return Reflect.get(Object(first), "item_id");
}

/** The published schema wants a number where the published examples have null. */
function withoutNulls(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, one: unknown) => (one === null ? undefined : one));
  return JSON.parse(text);
}

/** A published schema with its types only, and its references filled in. */
function typesOf(document: unknown, one: unknown): unknown {
  const { properties, items, ...schema } = schemaSchema.parse(resolve(document, one));
  return {
    ...schema,
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, each]) => [name, typesOf(document, each)]),
      ),
    }),
    ...(items !== undefined && { items: typesOf(document, items) }),
  };
}

const schemaSchema = z.object({
  type: z.string(),
  minItems: z.number().optional(),
  enum: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
});

/** OpenAPI 3.0 writes `exclusiveMaximum: true`, which JSON Schema does not know. */
function refundSchemaOf(): object {
  const text = readFileSync(new URL("refunds-slice.v3.yml", PUBLISHED), "utf8");
  const document: unknown = parse(text.replaceAll(/^ *exclusiveM\w+: (?:true|false)$/gm, ""));
  return {
    $ref: "#/components/schemas/Refund",
    components: pathsSchema.parse(document).components,
  };
}
