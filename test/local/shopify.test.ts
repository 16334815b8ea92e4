import { describe, expect, it, onTestFinished } from "vitest";
import type { Life } from "../../local/life/life.ts";
import { type ShopifyLife, startShopify } from "../../local/shopify/serve.ts";
import { anOrder, aPayment, aRefund, smallLife } from "./small-life.ts";

async function start(life: Life, options: Partial<ShopifyLife> = {}) {
  const local = await startShopify({ life, ...options });
  onTestFinished(async () => local.stop());
  const ask = async (query: string, variables: object = {}, token = "local-shopify") => {
    const response = await fetch(`${local.url}/admin/api/2026-07/graphql.json`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-shopify-access-token": token },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  };
  return { local, ask };
}

type Answer = {
  data: Data;
  errors?: { message: string; extensions?: { code?: string } }[];
  extensions?: { cost: { requestedQueryCost: number; actualQueryCost: number } };
};

type Data = {
  orders: {
    edges: { node: { name: string } }[];
    nodes: { name: string }[];
    pageInfo: {
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      startCursor: string;
      endCursor: string;
    };
  };
  order: {
    updatedAt: string;
    displayFinancialStatus: string;
    refunds: {
      totalRefundedSet: { shopMoney: { amount: string } };
      transactions: { nodes: { status: string }[] };
    }[];
  };
};

const three = () =>
  smallLife(
    [1001, 1002, 1003].map((number) => anOrder(number)),
    [1001, 1003].map((number) =>
      aRefund(number, { createdAt: `2026-11-1${number - 1000}T12:00:00Z` }),
    ),
  );

const NAMES = `query Names($query: String, $after: String, $reverse: Boolean, $key: OrderSortKeys = UPDATED_AT) {
  orders(first: 2, after: $after, query: $query, reverse: $reverse, sortKey: $key) {
    edges { cursor node { name updatedAt } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const names = ({ body }: { body: Answer }): string[] =>
  body.data.orders.edges.map(({ node }) => node.name);

describe("orders", () => {
  it("come a page at a time, in the order asked for, to the last", async () => {
    const { ask } = await start(three());
    const first = await ask(NAMES);
    expect(names(first)).toEqual(["#1002", "#1001"]);
    const { hasNextPage, endCursor } = first.body.data.orders.pageInfo;
    expect(hasNextPage).toBe(true);
    const second = await ask(NAMES, { after: endCursor });
    expect(names(second)).toEqual(["#1003"]);
    expect(second.body.data.orders.pageInfo.hasNextPage).toBe(false);
    expect(names(await ask(NAMES, { reverse: true }))).toEqual(["#1003", "#1001"]);
    expect(names(await ask(NAMES, { key: "ID" }))).toEqual(["#1001", "#1002"]);
  });

  it.each([
    ["updated_at:>='2026-11-11T12:00:00Z'", ["#1001", "#1003"]],
    ["updated_at:>'2026-11-11T12:00:00Z'", ["#1003"]],
    ["updated_at:<='2026-11-11T12:00:00Z'", ["#1002", "#1001"]],
    ['updated_at:<"2026-11-11T12:00:00Z"', ["#1002"]],
    ["updated_at:>='2026-11-11T12:00:00Z' AND updated_at:<'2026-11-13T12:00:00Z'", ["#1001"]],
    ["id:5001002", ["#1002"]],
  ])("obey %s", async (query, expected) => {
    const { ask } = await start(three());
    expect(names(await ask(NAMES, { query }))).toEqual(expected);
  });

  it("do not come for a filter that is not known", async () => {
    const { ask } = await start(three());
    const { body } = await ask(NAMES, { query: "colour:red" });
    expect(body.errors?.[0]?.message).toContain("colour:red");
  });
});

it("shows the world as it was at the clock's time", async () => {
  let now = "2026-11-10T11:00:00Z";
  const statuses = [
    { at: "2026-11-10T12:00:00Z", status: "PENDING" as const },
    { at: "2026-11-11T12:00:00Z", status: "SUCCESS" as const },
  ];
  const refund = aRefund(1001, { transactions: [aPayment(1001, { statuses })] });
  const { ask } = await start(smallLife([anOrder(1001)], [refund]), { clock: () => now });
  const state = async () => {
    const question = `{ order(id: "gid://shopify/Order/5001001") { updatedAt displayFinancialStatus
      refunds(first: 5) { totalRefundedSet { shopMoney { amount } } transactions(first: 5) { nodes { status } } } } }`;
    const { body } = await ask(question);
    const { updatedAt, displayFinancialStatus, refunds } = body.data.order;
    return [
      updatedAt,
      displayFinancialStatus,
      refunds[0]?.transactions.nodes[0]?.status,
      refunds[0]?.totalRefundedSet.shopMoney.amount,
    ];
  };
  expect(await state()).toEqual(["2026-11-02T09:00:00Z", "PAID", undefined, undefined]);
  now = "2026-11-10T12:00:00Z";
  expect(await state()).toEqual(["2026-11-10T12:00:00Z", "PAID", "PENDING", "0.00"]);
  now = "2026-11-12T00:00:00Z";
  expect(await state()).toEqual(["2026-11-11T12:00:00Z", "PARTIALLY_REFUNDED", "SUCCESS", "19.25"]);
});

describe("points", () => {
  const question = `query Q($first: Int!) { orders(first: $first) { pageInfo { hasNextPage } nodes { id refunds(first: 5) { id } } } }`;

  it.each([
    [1, 2 + 2 * 2],
    [10, 2 + 4 * 2],
    [250, 2 + 11 * 2],
  ])("are asked by how many a connection of %i may give", async (first, points) => {
    const { ask } = await start(three());
    const { body } = await ask(question, { first });
    expect(body.extensions?.cost.requestedQueryCost).toBe(points);
    expect(body.extensions?.cost.actualQueryCost).toBeLessThanOrEqual(points);
  });

  it("are throttled as 200 when they are not there, and flow in again", async () => {
    let ms = 0;
    const { ask, local } = await start(three(), {
      rate: { maximum: 12, restore: 1, now: () => ms },
    });
    await ask(question, { first: 10 });
    const throttled = await ask(question, { first: 10 });
    expect(throttled.status).toBe(200);
    expect(throttled.body).toMatchObject({
      errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }],
      extensions: { cost: { requestedQueryCost: 10, actualQueryCost: null } },
    });
    expect(throttled.body.data).toBeUndefined();
    ms += 60_000;
    expect((await ask(question, { first: 10 })).body.errors).toBeUndefined();
    expect(local.requests.map((request) => request.throttled)).toEqual([false, true, false]);
  });

  it("may not be more than 1,000 for one question", async () => {
    const { ask } = await start(three());
    const deep = `{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { id } } agreements(first: 250) { nodes { id app { id } } } } } }`;
    const twice = `{ a: orders(first: 250) { nodes { ...O } } b: orders(first: 250) { nodes { ...O } } } fragment O on Order { lineItems(first: 250) { nodes { discountAllocations { discountApplication { index } } } } agreements(first: 250) { nodes { id app { id } } } }`;
    expect((await ask(deep)).body.errors).toBeUndefined();
    expect((await ask(twice)).body.errors?.[0]?.extensions?.code).toBe("MAX_COST_EXCEEDED");
  });
});

describe("the door", () => {
  it("refuses a wrong token", async () => {
    const { ask } = await start(three());
    expect((await ask("{ shop { name } }", {}, "wrong")).status).toBe(401);
  });

  it("grants a token to the client that it knows, for a day", async () => {
    const auth = { clientId: "a", clientSecret: "b" };
    let ms = 0;
    const { ask, local } = await start(three(), { auth, rate: { now: () => ms } });
    const grant = async (client_secret: string) =>
      fetch(`${local.url}/admin/oauth/access_token`, {
        method: "POST",
        body: new URLSearchParams({
          client_id: "a",
          client_secret,
          grant_type: "client_credentials",
        }),
      });
    expect((await grant("wrong")).status).toBe(400);
    const { access_token, expires_in } = (await (await grant("b")).json()) as {
      access_token: string;
      expires_in: number;
    };
    expect((await ask("{ shop { name } }", {}, access_token)).status).toBe(200);
    ms += expires_in * 1_000;
    expect((await ask("{ shop { name } }", {}, access_token)).status).toBe(401);
  });

  it("tells a question that is not valid so, as Shopify does", async () => {
    const { ask } = await start(three());
    const { status, body } = await ask("{ shop { colour } }");
    expect(status).toBe(200);
    expect(body.data).toBeUndefined();
    expect(body.errors?.[0]?.message).toContain("colour");
  });

  it("nulls what a denied scope hides, beside the rest", async () => {
    const { ask, local } = await start(three());
    local.faults.deny("read_users");
    const { body } = await ask(
      `{ refund(id: "gid://shopify/Refund/9001001") { id staffMember { id } } }`,
    );
    expect(body).toMatchObject({
      data: { refund: { id: "gid://shopify/Refund/9001001", staffMember: null } },
      errors: [{ path: ["refund", "staffMember"], extensions: { code: "ACCESS_DENIED" } }],
    });
  });
});

it("pages backwards too, and keeps to Shopify's bounds", async () => {
  const { ask } = await start(three());
  const last = await ask(
    `{ orders(last: 1, sortKey: ID) { nodes { name } pageInfo { hasPreviousPage startCursor } } }`,
  );
  expect(last.body.data.orders.nodes).toEqual([{ name: "#1003" }]);
  expect(last.body.data.orders.pageInfo.hasPreviousPage).toBe(true);
  const before = await ask(
    `query B($before: String) { orders(last: 5, before: $before, sortKey: ID) { nodes { name } } }`,
    {
      before: last.body.data.orders.pageInfo.startCursor,
    },
  );
  expect(before.body.data.orders.nodes).toEqual([{ name: "#1001" }, { name: "#1002" }]);
  for (const bad of ["", "(first: 0)", "(first: 251)"]) {
    expect(
      (await ask(`{ orders${bad} { nodes { id } } }`)).body.errors?.[0]?.extensions?.code,
    ).toBe("BAD_REQUEST");
  }
});
