import { laterRefund } from "../../../../lambdas/refund/observation/newest.ts";
import { describe, expect, it } from "vitest";
import {
  aShop,
  aWorld,
  everyPage,
  order,
  refund,
  send,
  SOCKS,
  theRefund,
  transaction,
} from "./shop.ts";

describe("a refund of BigCommerce", () => {
  it("has the amounts of its parts, in the currency that the shopper paid", async () => {
    const read = await theRefund({});
    expect(read).toMatchObject({
      refundId: "501",
      orderId: "100",
      orderNumber: "100",
      currency: "USD",
      settled: "22.00",
      pending: "0.00",
      components: {
        items: "15.00",
        tax: "1.50",
        shipping: "5.00",
        shippingTax: "0.50",
        adjustment: "0.00",
      },
      lines: [{ sku: "SOCK-1", quantity: 1, amount: "15.00" }],
      transactions: [{ status: "success", references: ["re_1AbC"], method: "credit card" }],
      channel: "www",
      marks: [],
    });
  });

  it("takes no amount from the fields that always say 0", async () => {
    const order0 = order({ refunded_amount: "0.0000" });
    expect(await theRefund({ orders: [order0] })).toMatchObject({ settled: "22.00" });
  });

  it("keeps an amount exact that no double can hold", async () => {
    const { shop } = await aShop(
      aWorld({
        instead: (request, response) => {
          if (!/payment_actions|transactions/.test(request.url ?? "")) return false;
          const rows = /payment_actions/.test(request.url ?? "") ? [refund()] : [transaction()];
          const text = JSON.stringify({ data: rows, meta: {} });
          send(
            response,
            200,
            text.replaceAll(/("(?:total_)?amount":)22\b/g, "$19007199254740993.1"),
          );
          return true;
        },
      }),
    );
    const { observations } = await everyPage(shop);
    expect(observations.map(({ settled }) => settled)).toEqual(["9007199254740993.10"]);
  });

  it.each([
    ["an amount with an exponent", { total_amount: 2.2e1 }],
    ["a deduction in an item", { total_tax: -1, items: [] }],
    ["items that are empty because the tax was adjusted", { items: [] }],
    ["fields that are missing", { reason: undefined, total_tax: undefined, user_id: undefined }],
    ["null in every optional field", { reason: null, total_tax: null, items: null, user_id: null }],
    [
      "an empty text as amount asked for",
      { items: [{ item_type: "ORDER", item_id: 100, requested_amount: "" }] },
    ],
  ])("is read with %s", async (_what, more) => {
    expect(await theRefund({ refunds: [refund(more)] })).toMatchObject({ settled: "22.00" });
  });

  it("without a time of its own is dated by its order and payments, not lost", async () => {
    const { created: _created, ...undated } = refund();
    const read = await theRefund({ refunds: [{ ...undated, created: "" }] });
    expect(read).toMatchObject({ refundId: "501", settled: "22.00" });
  });

  it("has goodwill that is no part of the goods as an adjustment without tax", async () => {
    const items = [{ item_type: "ORDER", item_id: 100, requested_amount: 22, reason: "sorry" }];
    const read = await theRefund({ refunds: [refund({ items, total_tax: 0 })] });
    expect(read.components).toMatchObject({ items: "0.00", tax: "0.00", adjustment: "-22.00" });
  });

  it("has handling and fees as charges of their own", async () => {
    const items = [{ item_type: "HANDLING", item_id: 31, quantity: 1, requested_amount: 22 }];
    const read = await theRefund({ refunds: [refund({ items, total_tax: 0 })] });
    expect(read.components).toMatchObject({ items: "0.00", charges: [{ kind: "handling" }] });
  });

  it("tells a person who made it from a machine of the brand file", async () => {
    const world = aWorld({ refunds: [refund({ user_id: 7 })] });
    const people = await everyPage((await aShop(world)).shop);
    const machine = await everyPage((await aShop(world, { integrationApps: ["7"] })).shop);
    expect(people.observations[0]?.staff).not.toBeNull();
    expect(machine.observations[0]).toMatchObject({ staff: null, app: "7", staffKnown: true });
  });

  it("made through the API is nobody's for certain, until the brand file names user 0 as a machine", async () => {
    const world = aWorld({ refunds: [refund({ user_id: 0 })] });
    const unknown = await everyPage((await aShop(world)).shop);
    expect(unknown.observations[0]).toMatchObject({ staff: null, app: null, staffKnown: false });
    const machine = await everyPage((await aShop(world, { integrationApps: ["0"] })).shop);
    expect(machine.observations[0]).toMatchObject({ staff: null, app: "0", staffKnown: true });
  });

  it.each([
    ["0.05", "22.02", "-0.02", ["cash_rounding"]],
    ["0.05", "22.03", "0.02", ["cash_rounding"]],
    ["0.05", "22.05", "0.00", []],
    [null, "22.02", "0.00", []],
  ])(
    "in cash is rounded to the brand's smallest coin (%s): %s by %s",
    async (smallestCoin, amount, rounding, benign) => {
      const cash = { id: 1, provider_id: "cash", offline: true, is_declined: false };
      const world = aWorld({
        refunds: [
          refund({
            total_amount: Number(amount),
            payments: [{ ...cash, amount: Number(amount) }],
          }),
        ],
      });
      const { shop } = await aShop(world, { smallestCoin });
      const [read] = (await everyPage(shop)).observations;
      expect(read?.transactions[0]?.rounding).toBe(rounding);
      expect(read?.benign).toEqual(benign);
    },
  );

  it("of a deleted order takes its currency from its transactions", async () => {
    const gone = { orders: [], transactions: {}, products: {} };
    const { shop } = await aShop(
      aWorld({
        ...gone,
        instead: (request, response) => {
          if (!/v3\/orders\/100\/transactions/.test(request.url ?? "")) return false;
          send(response, 200, { data: [transaction()] });
          return true;
        },
      }),
    );
    const { observations } = await everyPage(shop);
    expect(observations).toMatchObject([{ currency: "USD", settled: "22.00" }]);
  });

  it("of which nothing tells the currency is set apart with the reason", async () => {
    const { shop } = await aShop(aWorld({ orders: [], transactions: {} }));
    const { rejected } = await everyPage(shop);
    expect(rejected.map(({ id, reason }) => `${id} ${reason}`).join()).toMatch(/^501 .*currency/);
  });

  it("that cannot be read is set apart by itself, and names its field", async () => {
    const refunds = [refund({ total_amount: "many" }), refund({ id: 502 })];
    const { shop } = await aShop(aWorld({ refunds }));
    const { observations, rejected } = await everyPage(shop);
    expect(observations.map(({ refundId }) => refundId)).toEqual(["502"]);
    expect(rejected.map(({ id, reason }) => `${id} ${reason}`).join()).toMatch(
      /^501 total_amount: wanted an amount/,
    );
  });

  it("names no person in what is archived of it", async () => {
    const { shop } = await aShop(aWorld());
    expect((await everyPage(shop)).raw.join()).not.toMatch(/canary/i);
  });
});

describe("a payment of BigCommerce", () => {
  it("waits until a transaction shows that it was paid", async () => {
    const { shop } = await aShop(aWorld({ transactions: {} }), {
      now: () => "2026-11-11T00:00:00.000Z",
    });
    const { observations } = await everyPage(shop);
    expect(observations).toMatchObject([{ settled: "0.00", pending: "22.00", settledAt: null }]);
  });

  it("that was declined moved no money", async () => {
    const payments = [{ ...payment(22), is_declined: true, declined_message: "no funds" }];
    const read = await theRefund({ refunds: [refund({ payments })] });
    expect(read).toMatchObject({ settled: "0.00", transactions: [{ status: "failure" }] });
  });

  it("whose transaction is an error moved no money", async () => {
    const read = await theRefund({ transactions: { 100: [transaction({ status: "error" })] } });
    expect(read).toMatchObject({ settled: "0.00", transactions: [{ status: "failure" }] });
  });

  it("has its own outcome beside another of the same refund", async () => {
    const payments = [
      { ...payment(12), id: 71, transaction_id: "9001" },
      { ...payment(10), id: 72, is_declined: true, transaction_id: "" },
    ];
    const read = await theRefund({
      refunds: [refund({ payments })],
      transactions: { 100: [transaction({ amount: 12 })] },
    });
    expect(read).toMatchObject({ settled: "12.00", pending: "0.00" });
  });

  it("by store credit stays in the shop and is done at once", async () => {
    const payments = [{ ...payment(22), provider_id: "storecredit", offline: true }];
    const read = await theRefund({ refunds: [refund({ payments })], transactions: {} });
    expect(read).toMatchObject({ settled: "22.00", transactions: [{ method: "store credit" }] });
  });

  it("settles after its time where the token may not read transactions, and says so", async () => {
    const { shop, events } = await aShop(
      aWorld({
        instead: (request, response) => {
          if (!/transactions/.test(request.url ?? "")) return false;
          send(response, 403, { title: "Forbidden" });
          return true;
        },
      }),
    );
    const { observations } = await everyPage(shop);
    expect(observations).toMatchObject([{ settled: "22.00" }]);
    expect(events).toContainEqual(
      expect.objectContaining({
        code: "BIGCOMMERCE_SCOPE_MISSING",
        facts: { scope: "store_v2_transactions_read_only" },
      }),
    );
  });

  it("that was made and then declined is the newer version of its refund", async () => {
    const made = await theRefund({ transactions: { 100: [transaction()] } });
    const payments = [{ ...payment(22), is_declined: true }];
    const declined = await theRefund({
      refunds: [refund({ payments })],
      transactions: { 100: [transaction()] },
    });
    expect(made.settled).toBe("22.00");
    expect(declined.settled).toBe("0.00");
    expect(laterRefund(made, declined)).toBe(declined);
  });

  it("of which nothing is shown any more keeps the state that is known", async () => {
    const pending = await theRefund({ transactions: { 100: [] } }, "2026-11-12T10:00:00.000Z");
    const refused = await theRefund(
      {
        instead: (request, response) => {
          if (!(request.url ?? "").includes("/transactions")) return false;
          send(response, 403, {});
          return true;
        },
      },
      "2026-11-12T11:00:00.000Z",
    );
    expect(pending.pending).toBe("22.00");
    expect(laterRefund(pending, refused)).toBe(pending);
  });

  it("of a provider's test is left out", async () => {
    const { shop } = await aShop(aWorld({ transactions: { 100: [transaction({ test: true })] } }));
    expect((await everyPage(shop)).observations).toEqual([]);
  });
});

describe("an order that says refunded", () => {
  const byHand = order({ id: 200, status_id: 4, date_modified: "Thu, 12 Nov 2026 08:00:00 +0000" });

  it("without a refund is a claim of the whole order", async () => {
    const read = await theRefund({ refunds: [], orders: [byHand], products: {}, transactions: {} });
    expect(read).toMatchObject({
      refundId: "order-200",
      settled: "38.50",
      marks: ["no_refund_record"],
      processedAt: "2026-11-12T08:00:00.000Z",
    });
  });

  it("with a refund is no claim, whatever its status is named", async () => {
    const { shop } = await aShop(
      aWorld({ orders: [order({ status_id: 4, status: "Erstattet" })] }),
    );
    const { observations } = await everyPage(shop);
    expect(observations.map(({ refundId }) => refundId)).toEqual(["501"]);
  });

  it("is no claim when the list of refunds never ends, but an error", async () => {
    const rows = Array.from({ length: 250 }, (_one, at) =>
      refund({ id: 1_000 + at, order_id: 999 }),
    );
    const { shop } = await aShop(
      aWorld({
        refunds: [],
        orders: [byHand],
        instead: ({ url = "" }, response) => {
          if (!decodeURIComponent(url).includes("order_id:in")) return false;
          send(response, 200, { data: rows, meta: {} });
          return true;
        },
      }),
    );
    await expect(everyPage(shop)).rejects.toThrow(/more than 40 full pages/);
  });

  it("is withdrawn when a person takes the status back", async () => {
    const { shop } = await aShop(aWorld({ refunds: [], orders: [{ ...byHand, status_id: 11 }] }));
    const { observations } = await shop.refundsById(["order-200"]);
    expect(observations).toMatchObject([{ settled: "0.00", benign: ["claim_withdrawn"] }]);
  });
});

describe("BigCommerce's protocol", () => {
  it("answers an empty list of V2 with nothing at all", async () => {
    const { shop } = await aShop(aWorld({ refunds: [], orders: [] }));
    expect((await everyPage(shop)).observations).toEqual([]);
  });

  it("is never written to", async () => {
    const methods = new Set<string>();
    const { shop } = await aShop(
      aWorld({ instead: ({ method }) => (methods.add(method ?? ""), false) }),
    );
    await everyPage(shop);
    await shop.refundsById(["501"]);
    expect([...methods]).toEqual(["GET"]);
  });

  it("refuses a revoked token at once: only a person can renew it", async () => {
    const { shop, asked, revoke } = await aShop(aWorld());
    revoke();
    await expect(everyPage(shop)).rejects.toThrow(/401/);
    expect(asked).toHaveLength(1);
  });

  it("says which scopes it needs, when it is refused for lack of one", async () => {
    const { shop } = await aShop(
      aWorld({ instead: (_request, response) => (send(response, 403, {}), true) }),
    );
    await expect(everyPage(shop)).rejects.toThrow(/403.*scopes for orders/);
  });

  it("is waited for as long as its headers say, before the quota is used up", async () => {
    const { shop, waits } = await aShop(
      aWorld({
        instead: (_request, response) => {
          response.setHeader("x-rate-limit-requests-left", "10");
          response.setHeader("x-rate-limit-requests-quota", "150");
          response.setHeader("x-rate-limit-time-reset-ms", "4321");
          return false;
        },
      }),
    );
    await everyPage(shop);
    expect(waits[0]).toBe(4_321);
  });

  it.each([
    ["with the time of its quota", { "x-rate-limit-time-reset-ms": "7000" }, 7_000],
    ["without one, because all is busy", {}, 0],
  ])("is asked again after an answer 429 %s", async (_what, headers, pause) => {
    let refusals = 1;
    const { shop, waits } = await aShop(
      aWorld({
        instead: (_request, response) => {
          if (refusals-- <= 0) return false;
          response.writeHead(429, headers).end("{}");
          return true;
        },
      }),
    );
    expect((await everyPage(shop)).observations).toHaveLength(1);
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThanOrEqual(pause);
  });

  it.each([
    ["a page that is no list", { data: "none" }],
    ["an error page with status 200", "<html>sorry</html>"],
    ["a page cut off in the middle", '{"data":[{"id":501,'],
  ])("does not take %s for an empty one", async (_what, body) => {
    const { shop } = await aShop(
      aWorld({
        instead: (request, response) => {
          if (!/payment_actions/.test(request.url ?? "")) return false;
          send(response, 200, body);
          return true;
        },
      }),
    );
    await expect(everyPage(shop)).rejects.toThrow(/BigCommerce|payment_actions/);
  });

  it.each([
    ["a body that was cut off", '{"data":[{"id":501,'],
    ["the page of a proxy", "<html>sorry</html>"],
  ])("is asked again after %s with status 200", async (_what, body) => {
    let spoilt = 1;
    const { shop, waits } = await aShop(
      aWorld({
        instead: (request, response) => {
          if (!/transactions/.test(request.url ?? "") || spoilt-- <= 0) return false;
          send(response, 200, body);
          return true;
        },
      }),
    );
    expect((await everyPage(shop)).observations).toHaveLength(1);
    expect(waits).toHaveLength(1);
  });

  it("says once a day which permission the token lacks, before anything depends on it", async () => {
    const { shop } = await aShop(
      aWorld({
        instead: (request, response) => {
          if (!/transactions/.test(request.url ?? "")) return false;
          send(response, 403, {});
          return true;
        },
      }),
    );
    expect((await shop.identify?.(null, true))?.missing).toEqual([
      "store_v2_transactions_read_only",
    ]);
  });

  it("names the shop by its hash, so that another shop is noticed", async () => {
    const { shop } = await aShop(aWorld());
    expect((await shop.identify?.(null, true))?.identity).toMatch(/abc/);
  });

  it("shows a refund by its id, and nothing for an id that it does not have", async () => {
    const { shop } = await aShop(aWorld());
    const page = await shop.refundsById(["501", "999"]);
    expect(page.observations.map(({ refundId }) => refundId)).toEqual(["501"]);
    expect(page.rejected).toEqual([]);
  });

  it("needs the prices of an order's goods: their absence is no reason to guess", async () => {
    const world = aWorld({ products: {} });
    const { shop } = await aShop(world, { now: () => "2026-11-10T12:00:00.000Z" });
    const { rejected } = await everyPage(shop);
    expect(rejected.map(({ id, reason }) => `${id} ${reason}`).join()).toMatch(
      /^501 products of order 100/,
    );
  });

  it("reads a refund of a day ago without its order's goods, and its parts are unknown", async () => {
    const read = await theRefund({ products: {} });
    expect(read).toMatchObject({ settled: "22.00", components: { items: null } });
  });

  it("reads goods that the order has in several pages", async () => {
    const many = Array.from({ length: 260 }, (_one, at) => ({ ...SOCKS, id: 1_000 + at }));
    const read = await theRefund({ products: { 100: [...many, SOCKS] } });
    expect(read.lines).toMatchObject([{ sku: "SOCK-1" }]);
  });
});

function payment(amount: number) {
  return { id: 71, provider_id: "stripe", amount, offline: false, is_declined: false };
}
