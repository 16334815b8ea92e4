import { expect, it } from "vitest";
import type { Fault } from "../../../local/shopify/faults.ts";
import { anOrder, aRefund, smallLife } from "../../local/small-life.ts";
import { aShop, everyPage, NOVEMBER } from "./shopify-shop.ts";

const two = () => smallLife([anOrder(1001), anOrder(1002)], [aRefund(1001), aRefund(1002)]);

const none: Fault = { kind: "none" };

const claimMore = (body: string): string =>
  body.replace('"hasNextPage":false', '"hasNextPage":true');

/** The answer to the second question, the details, changed as text. */
async function withDetails(change: (body: string) => string) {
  const told = await aShop(two());
  told.local.faults.plan(none);
  told.local.faults.plan({ kind: "change", change });
  return told;
}

it.each<[string, Fault, string]>([
  ["a login page", { kind: "body", contentType: "text/html", body: "<html>log in" }, "HTML"],
  ["an empty body", { kind: "body", contentType: "application/json", body: "" }, "an empty body"],
  ["no JSON", { kind: "body", contentType: "application/json", body: "oops" }, "no JSON"],
  ["half a page", { kind: "change", change: (body) => body.slice(0, 80) }, "cut off"],
  [
    "a page without pageInfo",
    { kind: "change", change: (body) => body.replace(/"pageInfo":\{[^}]*\},/, "") },
    "pageInfo",
  ],
  [
    "a page without orders",
    { kind: "change", change: (body) => body.replace('"orders"', '"other"') },
    "no page",
  ],
  ["neither data nor errors", { kind: "change", change: () => "{}" }, "neither data nor errors"],
  [
    "a hole in the list",
    { kind: "change", change: (body) => body.replace(/"nodes":\[/, '"nodes":[null,') },
    "a null",
  ],
  [
    "a text for errors",
    { kind: "change", change: () => '{"errors":"Unavailable Shop"}' },
    "not answered: ERROR",
  ],
  [
    "another shop's address",
    { kind: "redirect", to: "https://elsewhere.example/" },
    "elsewhere.example",
  ],
])("%s is an error and never an empty page", async (_name, fault, message) => {
  const { shop, local } = await aShop(two());
  local.faults.plan(fault);
  await expect(shop.refundsSince(NOVEMBER, null)).rejects.toThrow(message);
});

it.each<[string, Fault]>([
  ["429 with Retry-After", { kind: "status", status: 429, retryAfter: "2.0" }],
  ["502", { kind: "status", status: 502 }],
  ["a body that is cut off", { kind: "cut" }],
  ["a dropped connection", { kind: "drop" }],
])("%s passes, and nothing is lost", async (_name, fault) => {
  const { shop, local } = await aShop(two());
  local.faults.plan(fault, 2);
  local.faults.plan(none);
  local.faults.plan(fault, 2);
  expect((await shop.refundsSince(NOVEMBER, null)).observations).toHaveLength(2);
});

it("asks again after Shopify's own faults, and says so when they stay", async () => {
  const { shop, local } = await aShop(two());
  const errors = [{ message: "Internal error", extensions: { code: "INTERNAL_SERVER_ERROR" } }];
  const fault: Fault = { kind: "change", change: () => JSON.stringify({ errors }) };
  local.faults.plan(fault, 2);
  expect((await shop.refundsSince(NOVEMBER, null)).observations).toHaveLength(2);
  local.faults.plan(fault, 10);
  await expect(shop.refundsSince(NOVEMBER, null)).rejects.toThrow("INTERNAL_SERVER_ERROR");
});

it.each<[string, (body: string) => string, string]>([
  [
    "an amount 12,50",
    (body) => body.replace('"amount":"17.50"', '"amount":"12,50"'),
    'subtotalSet.shopMoney.amount: not an amount of USD: wanted a plain decimal with at most 2 digits behind a point, got "12,50"',
  ],
  [
    "an amount with a lost digit",
    (body) => body.replace('"amount":"17.50"', '"amount":"17.501"'),
    '"17.501"',
  ],
  [
    "no id",
    (body) => body.replace('"id":"gid://shopify/Refund/9001001",', ""),
    "id: Invalid input",
  ],
  [
    "another currency",
    (body) =>
      body.replace(
        '"amount":"17.50","currencyCode":"USD"',
        '"amount":"17.50","currencyCode":"EUR"',
      ),
    "currencyCode: wanted the order's USD, got EUR",
  ],
  [
    "a time that is none",
    (body) => body.replace('"processedAt":"2026-11-10T12:00:00Z"', '"processedAt":"yesterday"'),
    "processedAt: wanted an instant",
  ],
  [
    "a whole number as text",
    (body) => body.replace('"quantity":1', '"quantity":"1"'),
    "refundLineItems.nodes.0.quantity",
  ],
])(
  "a refund with %s is set apart with its reason, and the other one is taken",
  async (_name, change, reason) => {
    const { shop } = await withDetails(change);
    const page = await shop.refundsSince(NOVEMBER, null);
    expect(page.observations.map(({ refundId }) => refundId)).toEqual(["9001002"]);
    expect(page.rejected).toMatchObject([{ id: "9001001" }]);
    expect(page.rejected[0]?.reason).toContain(reason);
    expect(page.rejected[0]?.raw).toContain("9001001");
    expect(page.fetched).toBe(2);
  },
);

it("sets a listed refund without an id apart, and takes the others", async () => {
  const { shop, local } = await aShop(two());
  local.faults.plan({
    kind: "change",
    change: (body) => body.replace('"id":"gid://shopify/Refund/9001001"', '"x":1'),
  });
  const page = await shop.refundsSince(NOVEMBER, null);
  expect(page.observations).toHaveLength(1);
  expect(page.rejected).toMatchObject([{ id: "order:5001001" }]);
  expect(page.rejected[0]?.reason).toContain("order 5001001: id");
});

it.each(["duties", "staffMember"])(
  "sets a refund apart whose %s could not be given",
  async (field) => {
    const { shop } = await withDetails((body) => {
      const answer = JSON.parse(body) as {
        data: { nodes: Record<string, unknown>[] };
        errors?: unknown;
      };
      const [first] = answer.data.nodes;
      if (first !== undefined) first[field] = null;
      answer.errors = [
        { message: "took too long", path: ["nodes", 0, field], extensions: { code: "TIMEOUT" } },
      ];
      return JSON.stringify(answer);
    });
    const page = await shop.refundsSince(NOVEMBER, null);
    expect(page.observations).toHaveLength(1);
    expect(page.rejected).toMatchObject([{ id: "9001001", reason: `TIMEOUT at ${field}` }]);
  },
);

it("sets a refund apart that comes as null with an error however it is asked for", async () => {
  const path = ["transactions", "nodes", 0, "amountSet"];
  const { shop, local } = await withDetails((body) => {
    const answer = JSON.parse(body) as { data: { nodes: unknown[] }; errors?: unknown };
    answer.data.nodes[0] = null;
    answer.errors = [{ message: "broken", path: ["nodes", 0, ...path] }];
    return JSON.stringify(answer);
  });
  const errors = [{ message: "broken", path: ["r0", ...path] }];
  const again = JSON.stringify({ data: { r0: null }, errors });
  local.faults.plan({ kind: "change", change: () => again });
  const page = await shop.refundsSince(NOVEMBER, null);
  expect(page.rejected).toMatchObject([
    { id: "9001001", reason: "ERROR at transactions.nodes.0.amountSet" },
  ]);
  expect(page.observations).toHaveLength(1);
});

it("asks for each refund by itself where a list of ids is not answered", async () => {
  const { shop, events } = await withDetails(
    () => '{"errors":[{"message":"no such field: nodes"}]}',
  );
  expect((await everyPage(shop)).flatMap(({ observations }) => observations)).toHaveLength(2);
  expect(events.map(({ code }) => code)).toContain("SHOPIFY_ONE_BY_ONE");
});

it("does not lose refunds to a list of nulls", async () => {
  const { shop } = await withDetails((body) =>
    JSON.stringify({
      data: { nodes: [null, null] },
      extensions: (JSON.parse(body) as { extensions: unknown }).extensions,
    }),
  );
  expect((await shop.refundsSince(NOVEMBER, null)).observations).toHaveLength(2);
});

it("notices a cursor that leads back to itself", async () => {
  const { shop, local } = await aShop(two(), { pageSize: 1 });
  const first = await shop.refundsSince(NOVEMBER, null);
  const { after } = JSON.parse(first.next ?? "") as { after: string };
  const change = (body: string) =>
    body.replace(
      /"hasNextPage":\w+,"endCursor":"[^"]*"/,
      `"hasNextPage":true,"endCursor":"${after}"`,
    );
  local.faults.plan({ kind: "change", change });
  await expect(shop.refundsSince(NOVEMBER, first.next)).rejects.toThrow("same cursor");
});

it("notices an empty page that claims a next one", async () => {
  const { shop, local } = await aShop(smallLife([], []));
  local.faults.plan({ kind: "change", change: claimMore });
  await expect(shop.refundsSince(NOVEMBER, null)).rejects.toThrow("empty page");
});

it("sets a refund apart whose lines never end, and takes the others", async () => {
  const { shop, local } = await withDetails((body) =>
    body.replace(/("refundLineItems":\{"pageInfo":\{"hasNextPage":)false/, "$1true"),
  );
  local.faults.plan({ kind: "change", change: claimMore });
  const page = await shop.refundsSince(NOVEMBER, null);
  expect(page.rejected).toMatchObject([{ id: "9001001" }]);
  expect(page.rejected[0]?.reason).toContain("without a new cursor");
  expect(page.observations).toHaveLength(1);
});

it("says once when Shopify answers as another version than was asked for", async () => {
  const headers = new Headers({ "x-shopify-api-version": "2027-07" });
  const orders = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
  const text = JSON.stringify({ data: { orders } });
  const newer = {
    send: async () => ({ status: 200, headers, text }),
    firstAnswerAt: () => null,
  };
  const { shop, events } = await aShop(two(), { http: newer });
  await shop.refundsSince(NOVEMBER, null);
  await shop.refundsSince(NOVEMBER, null);
  expect(events.map(({ sentence }) => sentence)).toEqual([
    "Shopify answers with API version 2027-07, wanted 2026-07",
  ]);
});

it("refuses a cursor that is none of its own", async () => {
  const { shop } = await aShop(two());
  await expect(shop.refundsSince(NOVEMBER, "{}")).rejects.toThrow("not a cursor");
  expect((await shop.refundsById(["1) { id }"])).fetched, "it is never put into a question").toBe(
    0,
  );
});
