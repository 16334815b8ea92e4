import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  billingSchema,
  originSchema,
  requestSchema,
} from "../../../../lambdas/systems/erp/sap/page.ts";
import { ENTITIES } from "../../../../local/sap/entities.ts";
import { REFUND_FIELD } from "../../../../local/sap/rows.ts";
import { aSystem, everyPage, item, memo, creditRequest, type World } from "./system.ts";

const PUBLISHED = new URL("../../../../../shared/contracts/schemas/sap/", import.meta.url);

/** The slice is a part of this project; SAP's own files are not, so they are checked where they are. */
const SOURCES = existsSync(PUBLISHED)
  ? (["the slice of", "all of"] as const)
  : (["the slice of"] as const);

describe.each(SOURCES)("%s SAP's published metadata", (source) => {
  const propertiesOf = source === "all of" ? publishedProperties : propertiesOfSlice;

  it("has every entity set, field, literal and expansion of every request", async () => {
    const world: World = {
      billing: [
        memo({
          to_Item: {
            results: [from("K", "60000001"), from("H", "61000001"), from("M", "90000100")],
          },
        }),
        memo({
          BillingDocument: "90000002",
          SDDocumentCategory: "S",
          CancelledBillingDocument: "90000003",
        }),
        memo({
          BillingDocument: "90000004",
          SDDocumentCategory: "N",
          CancelledBillingDocument: "90000005",
        }),
        memo({
          BillingDocument: "90000006",
          SDDocumentCategory: "N",
          PurchaseOrderByCustomer: "",
          LastChangeDate: "/Date(1794268800000)/",
          to_Item: { results: [item({ SalesDocument: "17", SalesSDDocumentCategory: "C" })] },
        }),
      ],
      requests: [
        creditRequest(),
        creditRequest({ CreditMemoRequest: "60000002", SalesOrganization: "9999" }),
      ],
    };
    const scope = { companies: ["1710"], documentPrefixes: [], channels: [] };
    const { system, asked } = await aSystem(world, { scope });
    await everyPage(system);
    await everyPage((await aSystem(world)).system);
    await system.documentsById(["90000001", "request-60000001"]);

    const sets = new Set(asked.map(({ pathname }) => pathname));
    expect(sets.size).toBe(4);
    expect(asked.flatMap((url) => wrongIn(url, propertiesOf))).toEqual([]);
  });

  it.each([
    ["API_BILLING_DOCUMENT_SRV", "A_BillingDocument", billingSchema],
    ["API_CREDIT_MEMO_REQUEST_SRV", "A_CreditMemoRequest", requestSchema],
    ["API_CUSTOMER_RETURN_SRV", "A_CustomerReturn", originSchema],
  ])(
    "of %s has the field and the type of everything that is read of %s",
    (service, set, schema) => {
      const fields = propertiesOf(service, `${set}Type`);
      const wanted = Object.keys(schema.shape).filter(
        (name) =>
          name !== "to_Item" && !(schema === originSchema && name === "DocumentReferenceID"),
      );
      expect(wanted.filter((name) => !fields.has(name))).toEqual([]);
      // Every field that may be null is null or blank, which is how most documents look.
      const filled = Object.fromEntries(
        wanted.map((name) => [name, SAMPLE[fields.get(name)?.type ?? ""]]),
      );
      expect(schema.safeParse({ ...filled, ...KEYS }).success).toBe(true);
      const required: ReadonlySet<string> = new Set(REQUIRED);
      const sparse = Object.fromEntries(
        wanted.flatMap((name) => (required.has(name) ? [[name, filled[name]]] : [[name, null]])),
      );
      expect(schema.safeParse({ ...sparse, ...KEYS }).success).toBe(true);
    },
  );
});

it.runIf(existsSync(PUBLISHED))("The slice of SAP's metadata is what SAP publishes", () => {
  for (const [path, { keys, fields }] of ENTITIES) {
    const [service = "", set = ""] = path.split("/");
    const published = publishedProperties(service, `${set}Type`);
    const own = [...fields].filter(([name]) => name !== REFUND_FIELD);
    expect(own.map(([name, type]) => [name, type, keys.includes(name)])).toEqual(
      own.map(([name]) => [name, published.get(name)?.full, published.get(name)?.isKey]),
    );
  }
});

/** One wrong word of a request for each entry. */
function wrongIn(url: URL, propertiesOf: typeof publishedProperties): string[] {
  const [, service = "", set = ""] =
    /\/sap\/opu\/odata\/sap\/(\w+)\/(\w+)$/.exec(url.pathname) ?? [];
  const properties = propertiesOf(service, `${set}Type`);
  const items = set === "A_BillingDocument" ? propertiesOf(service, `${set}ItemType`) : new Map();
  const { searchParams: query } = url;
  const expand = query.get("$expand");
  const select = query.get("$select")?.split(",") ?? [];
  const ordered =
    query
      .get("$orderby")
      ?.split(",")
      .map((one) => one.trim().split(" ")[0] ?? "") ?? [];
  const tests = [
    ...(query.get("$filter") ?? "").matchAll(
      /(\w+) (eq|ne|gt|ge|lt|le) (datetimeoffset'[^']*'|'[^']*'|true|false)/g,
    ),
  ];
  const known = new Set([
    "$filter",
    "$select",
    "$expand",
    "$orderby",
    "$top",
    "$skip",
    "$inlinecount",
  ]);
  return [
    ...(properties.size === 0 ? [`no set ${service}/${set}`] : []),
    ...[...query.keys()].filter((name) => !known.has(name)),
    ...select.filter((path) =>
      path.startsWith("to_Item/")
        ? expand !== "to_Item" || !items.has(path.slice("to_Item/".length))
        : !properties.has(path),
    ),
    ...ordered.filter((name) => !properties.has(name)),
    ...tests.flatMap(([text, name = "", , literal = ""]) => {
      const property = properties.get(name);
      const type = literal.startsWith("datetimeoffset")
        ? "Edm.DateTimeOffset"
        : literal.startsWith("'")
          ? "Edm.String"
          : "Edm.Boolean";
      return property?.type === type && property.isFilterable ? [] : [text];
    }),
  ];
}

type Property = {
  /** "Edm.String". */
  readonly type: string;
  /** As the slice writes it: "String(10)". */
  readonly full: string;
  readonly isKey: boolean;
  readonly isFilterable: boolean;
};

function propertiesOfSlice(service: string, type: string): ReadonlyMap<string, Property> {
  const { keys = [], fields = [] } = ENTITIES.get(`${service}/${type.replace(/Type$/, "")}`) ?? {};
  return new Map(
    [...fields].map(([name, full]) => [
      name,
      {
        type: `Edm.${full.replace(/\(.*/, "")}`,
        full,
        isKey: keys.includes(name),
        isFilterable: true,
      },
    ]),
  );
}

function publishedProperties(service: string, type: string): ReadonlyMap<string, Property> {
  const file = new URL(`${service}.edmx`, PUBLISHED);
  if (!existsSync(file)) return new Map();
  const text = readFileSync(file, "utf8");
  const [, body = ""] =
    new RegExp(`<EntityType Name="${type}"[^>]*>(.*?)</EntityType>`, "s").exec(text) ?? [];
  const keys = [...body.matchAll(/<PropertyRef Name="(\w+)"/g)].map(([, name]) => name);
  return new Map(
    [...body.matchAll(/<Property ([^>]*?)\/?>/g)].map(([, attributes = ""]) => {
      const value = (name: string): string =>
        new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
      const [name, full] = [value("Name"), value("Type")];
      const short = full.replace("Edm.", "");
      const size = {
        String: `(${value("MaxLength")})`,
        Decimal: `(${value("Precision")},${value("Scale")})`,
      }[short];
      return [
        name,
        {
          type: full,
          full: `${short}${size ?? ""}`,
          isKey: keys.includes(name),
          isFilterable: value("sap:filterable") !== "false",
        },
      ];
    }),
  );
}

function from(category: string, id: string) {
  return item({ ReferenceSDDocument: id, ReferenceSDDocumentCategory: category });
}

/** A value of each type as OData V2 writes it. */
const SAMPLE: Readonly<Record<string, unknown>> = {
  "Edm.String": "",
  "Edm.Boolean": false,
  "Edm.Decimal": "12.500",
  "Edm.DateTime": "/Date(1474416000000)/",
  "Edm.DateTimeOffset": "/Date(1474433263752+0000)/",
  "Edm.Time": "PT13H05M09S",
};
const KEYS = {
  BillingDocument: "90000001",
  CreditMemoRequest: "60000001",
  CustomerReturn: "61000001",
  SDDocumentCategory: "O",
  TransactionCurrency: "USD",
};
/** Without these a document cannot be compared. */
const REQUIRED = ["LastChangeDateTime", "BillingDocumentDate", "TotalNetAmount", "TaxAmount"];
