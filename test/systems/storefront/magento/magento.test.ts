import { describe, expect, it } from "vitest";
import {
  AT,
  aShop,
  aWorld,
  bothSides,
  everyPage,
  item,
  memo,
  order,
  send,
  theRefund,
  transaction,
} from "./shop.ts";
import { http } from "../../../../lambdas/systems/http/http.ts";
import { magento } from "../../../../lambdas/systems/storefront/magento/magento.ts";
import { NOVEMBER } from "../../every-page.ts";
import { doorTo, serverThat } from "../../loopback.ts";

describe("a credit memo of Magento", () => {
  it("has the amounts of its parts, the shipping's tax apart from the tax of the goods", async () => {
    expect(await theRefund({})).toMatchObject({
      refundId: "501",
      refundNumber: "000000031",
      orderId: "100",
      orderNumber: "000001001",
      currency: "USD",
      settled: "22.00",
      pending: "0.00",
      presentment: null,
      components: {
        items: "15.00",
        tax: "1.50",
        shipping: "5.00",
        shippingTax: "0.50",
        adjustment: "0.00",
        discount: "5.00",
      },
      taxesIncluded: false,
      lines: [{ sku: "SOCK-1", quantity: 1, amount: "15.00", tax: "1.50", discount: "5.00" }],
      channel: "default",
      discountCodes: 1,
      staffKnown: false,
      marks: [],
    });
  });

  it("reads times as UTC, although they have no zone", async () => {
    const read = await theRefund({});
    expect(read).toMatchObject({
      createdAt: "2026-11-10T10:00:00.000Z",
      updatedAt: "2026-11-10T10:00:00.000Z",
      settledAt: "2026-11-10T10:00:03.000Z",
      orderCreatedAt: "2026-11-01T09:00:00.000Z",
    });
  });

  it.each([
    ["texts with four decimals", { grand_total: "22.0000", base_grand_total: "22.0000" }],
    ["numbers", { grand_total: 22, base_grand_total: 22 }],
    ["a number with the noise of a double", { grand_total: 22.000000000000004 }],
    ["null where there is nothing", { adjustment: null, adjustment_negative: null }],
    ["optional fields left out", { adjustment: undefined, base_adjustment: undefined }],
    ["extension attributes that are an empty list", { extension_attributes: [] }],
    ["extension attributes that are null", { extension_attributes: null }],
    ["a state that is null", { state: null }],
  ])("is read with %s", async (_what, more) => {
    expect(await theRefund({ memos: [memo(more)] })).toMatchObject({ settled: "22.00" });
  });

  it("keeps an amount exact that no double can hold", async () => {
    const amounts = bothSides({
      grand_total: "9007199254740.9911",
      subtotal: "9007199254740.9911",
      tax_amount: 0,
      shipping_amount: 0,
      shipping_tax_amount: 0,
      discount_amount: 0,
    });
    const kwd = { order_currency_code: "KWD", base_currency_code: "KWD", items: [] };
    const read = await theRefund({ memos: [memo({ ...amounts, ...kwd })] });
    expect(read.settled).toBe("9007199254740.991");
  });

  it("rounds parts that are finer than the currency so that they add up to the total", async () => {
    const fine = bothSides({
      tax_amount: "2.6000",
      shipping_tax_amount: "1.1072",
      grand_total: 22.6,
    });
    const read = await theRefund({ memos: [memo(fine)] });
    expect(read.components).toMatchObject({ tax: "1.49", shippingTax: "1.11" });
    expect(read).toMatchObject({ partsComputed: true, marks: [] });
  });

  it("takes the tax out of a discount on prices with tax", async () => {
    // 24.00 with 20 % tax, 6.00 off: 18.00, of which 3.00 is tax.
    const amounts = {
      subtotal: 20,
      tax_amount: 3,
      shipping_amount: 0,
      shipping_tax_amount: 0,
      discount_amount: -6,
      discount_tax_compensation_amount: 1,
      grand_total: 18,
    };
    const row = {
      row_total: 20,
      tax_amount: 3,
      discount_amount: 6,
      discount_tax_compensation_amount: 1,
    };
    const items = [item(bothSides(row))];
    const read = await theRefund({ memos: [memo({ ...bothSides(amounts), items })] });
    expect(read.components).toMatchObject({ items: "15.00", tax: "3.00", discount: "5.00" });
    expect(read).toMatchObject({ marks: [], lines: [{ amount: "15.00", discount: "5.00" }] });
  });

  it("gives a discount that no row has to the shipping", async () => {
    const amounts = bothSides({ discount_amount: -8, grand_total: 19 });
    const read = await theRefund({ memos: [memo(amounts)] });
    expect(read.components).toMatchObject({ items: "15.00", shipping: "2.00", discount: "5.00" });
  });

  it.each([
    ["more than was calculated", { adjustment_positive: 3, grand_total: 25 }, "-3.00"],
    ["a fee that the shop kept", { adjustment_negative: "9.9500", grand_total: 12.05 }, "9.95"],
    ["both", { adjustment_positive: 2, adjustment_negative: 0.25, grand_total: 23.75 }, "-1.75"],
  ])("has %s as an adjustment without tax", async (_what, amounts, adjustment) => {
    const read = await theRefund({ memos: [memo(bothSides(amounts))] });
    expect(read.components).toMatchObject({ adjustment, items: "15.00", tax: "1.50" });
    expect(read.marks).toEqual([]);
  });

  it("that does not add up says so", async () => {
    const read = await theRefund({ memos: [memo(bothSides({ grand_total: 22.03 }))] });
    expect(read).toMatchObject({ settled: "22.03", marks: ["identity_broken"] });
  });

  it("counts a configurable product once, and a bundle by the rows that add up", async () => {
    const child = item({
      order_item_id: 12,
      sku: "SOCK-1-RED",
      ...bothSides({ row_total: 0, discount_amount: 0, tax_amount: 0 }),
    });
    const configurable = await theRefund({
      memos: [memo({ items: [item(), child] })],
      orders: [order({ items: [sold(11, null), sold(12, 11)] })],
    });
    expect(configurable.lines.map(({ sku }) => sku)).toEqual(["SOCK-1"]);

    const parts = [12, 13].map((id) =>
      item({
        order_item_id: id,
        sku: `PART-${id}`,
        ...bothSides({ row_total: 10, discount_amount: 2.5, tax_amount: 0.75 }),
      }),
    );
    const bundle = await theRefund({
      memos: [memo({ items: [item({ sku: "SET" }), ...parts] })],
      orders: [order({ items: [sold(11, null), sold(12, 11), sold(13, 11)] })],
    });
    expect(bundle.lines.map(({ sku }) => sku)).toEqual(["SET"]);
    expect(bundle.components).toMatchObject({ items: "15.00", shipping: "5.00" });
  });

  it("has the amounts of both currencies as they are stated", async () => {
    const base = {
      base_currency_code: "EUR",
      base_grand_total: 20.01,
      base_subtotal: 18,
      base_discount_amount: -4.5,
      base_tax_amount: 1.96,
      base_shipping_amount: 4.55,
      base_shipping_tax_amount: 0.45,
    };
    const items = [item({ base_row_total: 18, base_discount_amount: 4.5, base_tax_amount: 1.51 })];
    const read = await theRefund({ memos: [memo({ ...base, items })] });
    expect(read).toMatchObject({
      currency: "EUR",
      settled: "20.01",
      components: { items: "13.50", tax: "1.51" },
      presentment: { currency: "USD", settled: "22.00", components: { items: "15.00" } },
      transactions: [{ amount: "20.01", presentmentAmount: "22.00" }],
      marks: [],
    });
  });

  it("tells store credit and gift cards apart from what the gateway paid", async () => {
    const more = bothSides({ customer_balance_amount: 7, gift_cards_amount: "5.0000" });
    const read = await theRefund({
      memos: [memo({ ...bothSides({ grand_total: 10 }), extension_attributes: more })],
    });
    expect(read).toMatchObject({ settled: "22.00", marks: [] });
    expect(read.transactions.map(({ method, amount }) => [method, amount])).toEqual([
      ["stripe_payments", "10.00"],
      ["store credit", "7.00"],
      ["gift card", "5.00"],
    ]);
  });

  it("is read by its id where the list leaves out comments and store credit", async () => {
    const more = bothSides({ customer_balance_amount: 12 });
    const comments = [{ comment: "Mrs Doe called, ticket #5521", created_at: AT }];
    const world = aWorld({
      isListShort: true,
      memos: [memo({ ...bothSides({ grand_total: 10 }), extension_attributes: more, comments })],
    });
    const { shop, asked } = await aShop(world);
    const { observations, raw } = await everyPage(shop);
    expect(observations).toMatchObject([
      { settled: "22.00", hasNote: true, noteHasReference: true, marks: [] },
    ]);
    expect(asked.filter((path) => /creditmemo\/501/.test(path))).toHaveLength(2);
    expect(raw.join("")).not.toMatch(/Doe|Jane|5550104|jane@/);
  });

  it("of an order that was refunded to store credit alone is paid in store credit", async () => {
    const read = await theRefund({
      memos: [memo({ transaction_id: null })],
      orders: [order({ extension_attributes: { customer_balance_total_refunded: "22.0000" } })],
      transactions: [],
    });
    expect(read.transactions).toMatchObject([{ method: "store credit", status: "success" }]);
  });

  it.each([
    ["an offline method was paid by hand", "checkmo", "success"],
    ["a card was perhaps never paid back", "stripe_payments", "unknown"],
  ])("without a transaction of %s", async (_what, method, status) => {
    const read = await theRefund({
      memos: [memo({ transaction_id: null })],
      orders: [order({ payment: { method } })],
      transactions: [],
    });
    expect(read).toMatchObject({ settled: "22.00", transactions: [{ manual: true, status }] });
  });

  it("that may not have been paid back counts as paid after a week", async () => {
    const world = { memos: [memo({ transaction_id: null })], transactions: [] };
    const later = { now: () => "2026-11-18T00:00:00.000Z" };
    expect(await theRefund(world, later)).toMatchObject({ transactions: [{ status: "success" }] });
  });

  it("takes the only refund at the provider that was made in the same minutes", async () => {
    const read = await theRefund({ memos: [memo({ transaction_id: null })] });
    expect(read.transactions).toMatchObject([
      { status: "success", references: ["re_1AbC"], manual: false },
    ]);
  });

  it("is pending while it is open, and no refund once it is cancelled", async () => {
    expect(await theRefund({ memos: [memo({ state: 1 })] })).toMatchObject({
      settled: "0.00",
      pending: "22.00",
      benign: ["payment_pending"],
    });
    expect(await theRefund({ memos: [memo({ state: 3 })] })).toMatchObject({
      settled: "0.00",
      pending: "0.00",
      benign: ["payment_failed"],
    });
  });

  it("names the cents of tax that the last memo of an order took", async () => {
    // 3 pieces with 1.00 tax: 0.33 each, and the last one takes 0.34.
    const three = {
      item_id: 11,
      parent_item_id: null,
      qty_ordered: 3,
      qty_refunded: 3,
      tax_amount: 1,
      base_tax_amount: 1,
    };
    const amounts = { tax_amount: 0.84, grand_total: 20.84 };
    const items = [item(bothSides({ tax_amount: 0.34 }))];
    const last = await theRefund({
      memos: [memo({ ...bothSides(amounts), items })],
      orders: [order({ items: [three] })],
    });
    expect(last.taxRemainder).toBe("0.01");
    const isNotLast = await theRefund({
      memos: [memo({ ...bothSides(amounts), items })],
      orders: [order({ items: [{ ...three, qty_refunded: 2 }] })],
    });
    expect(isNotLast.taxRemainder).toBeUndefined();
  });

  it("has the return of its goods, where the edition has returns", async () => {
    const returns = [
      {
        entity_id: 3,
        increment_id: "000000007",
        order_id: 100,
        status: "received",
        items: [{ order_item_id: 11 }],
      },
    ];
    expect(await theRefund({ returns })).toMatchObject({
      returnId: "000000007",
      returnStatus: "received",
    });
    expect(await theRefund({ returns: null })).toMatchObject({ returnId: null });
  });

  it("of an order that the shop does not show is set apart with the reason", async () => {
    const { shop } = await aShop(aWorld({ orders: [] }));
    const { observations, rejected } = await everyPage(shop);
    expect(observations).toEqual([]);
    expect(rejected).toMatchObject([
      { id: "501", reason: "order 100: wanted its number, but Magento does not show it" },
    ]);
  });

  it("is outside the scope where its store view is not watched, by code, name or id", async () => {
    for (const channel of ["default", "Default Store View", "1"]) {
      expect((await theRefund({}, { channels: [channel] })).benign).toEqual([]);
    }
    expect((await theRefund({}, { channels: ["de"] })).benign).toEqual(["outside_scope"]);
  });
});

describe("the list of credit memos", () => {
  it("sets an unreadable row apart and reads the others", async () => {
    const rows = [memo(), memo({ entity_id: 502, grand_total: "12,50" })];
    const { shop } = await aShop(aWorld({ memos: rows }));
    const { observations, rejected } = await everyPage(shop);
    expect(observations).toHaveLength(1);
    expect(rejected).toMatchObject([
      { id: "502", reason: "grand_total: wanted a decimal such as 12.5000" },
    ]);
  });

  it("uses the size of a page that the shop names when it refuses a larger one", async () => {
    const rows = Array.from({ length: 60 }, (_, at) => memo({ entity_id: 600 + at }));
    const { shop, events } = await aShop(aWorld({ memos: rows, cap: 20 }));
    const { observations } = await everyPage(shop);
    expect(observations).toHaveLength(60);
    expect(events).toMatchObject([{ code: "MAGENTO_PAGE_SIZE", facts: { pageSize: 20 } }]);
  });

  it("never asks for a page past the end, which would repeat the last one", async () => {
    const rows = Array.from({ length: 7 }, (_, at) => memo({ entity_id: 600 + at }));
    const { shop, asked } = await aShop(aWorld({ memos: rows }), { pageSize: 3 });
    expect((await everyPage(shop)).observations).toHaveLength(7);
    const pages = asked.flatMap((path) =>
      new URL(path, "http://x").searchParams.getAll("searchCriteria[currentPage]"),
    );
    expect(new Set(pages)).toEqual(new Set(["1"]));
  });

  it.each([
    ["counts rows that it does not show", { items: [], total_count: 3 }],
    ["has no items", { total_count: 0 }],
    ["is an error in JSON", { message: "Internal error" }],
  ])("that %s is an error and no empty page", async (_what, body) => {
    const world = aWorld({
      instead: (request, response) => {
        if (!/creditmemos/.test(request.url ?? "")) return false;
        send(response, 200, body);
        return true;
      },
    });
    const { shop } = await aShop(world);
    await expect(everyPage(shop)).rejects.toMatchObject({ name: "PageError" });
  });

  it("that is not in the order that was asked for is an error where more rows follow", async () => {
    const world = aWorld({
      instead: (request, response) => {
        if (!/creditmemos/.test(request.url ?? "")) return false;
        const later = memo({ entity_id: 502, updated_at: "2026-11-11 10:00:00" });
        send(response, 200, { items: [later, memo()], total_count: 9 });
        return true;
      },
    });
    const { shop } = await aShop(world);
    await expect(everyPage(shop)).rejects.toThrow(/not in the order/);
  });

  it("of a shop before 2.1 is refused with a clear word", async () => {
    const world = aWorld({
      instead: (_request, response) => {
        send(response, 404, { message: "Request does not match any route." });
        return true;
      },
    });
    const { shop } = await aShop(world);
    await expect(everyPage(shop)).rejects.toThrow(/Magento 2\.1 or newer/);
  });

  it("does not read again what is stored already", async () => {
    const { shop, asked } = await aShop(aWorld());
    await shop.refundsSince(NOVEMBER, null, async (listings) => new Set(listings));
    expect(asked.filter((path) => /transactions|creditmemo\//.test(path))).toEqual([]);
  });

  it("is asked again after an answer 503, each time with a new signature", async () => {
    let failed = 0;
    const world = aWorld({
      instead: (_request, response) => {
        failed += 1;
        if (failed > 2) return false;
        send(response, 503, "<html>busy</html>");
        return true;
      },
    });
    const { shop, waits } = await aShop(world);
    expect((await everyPage(shop)).observations).toHaveLength(1);
    expect(waits).toHaveLength(2);
  });
});

describe("the permissions of an integration", () => {
  it("that miss the payments cost only the payments, and are named", async () => {
    const { shop, events } = await aShop(aWorld({ denied: ["transactions"] }));
    const { observations } = await everyPage(shop);
    // It is asked for again, so that its time is right once the permission is back.
    expect(observations).toMatchObject([
      { settled: "22.00", transactions: [{ status: "unknown", references: ["re_1AbC"] }] },
    ]);
    expect(events).toMatchObject([{ code: "MAGENTO_PERMISSION_MISSING" }]);
    expect(await shop.identify?.(null, true)).toMatchObject({
      missing: ["Magento_Sales::transactions_fetch"],
    });
  });

  it.each(["creditmemos", "orders"])("that miss %s stop the pull", async (denied) => {
    const { shop } = await aShop(aWorld({ denied: [denied] }));
    await expect(everyPage(shop)).rejects.toMatchObject({ name: "Refused", status: 401 });
  });

  it("that miss the store views stop the pull where the brand watches some of them", async () => {
    const { shop } = await aShop(aWorld({ denied: ["store"] }), { channels: ["de"] });
    await expect(everyPage(shop)).rejects.toThrow(/storefront\.channels/);
    const all = await aShop(aWorld({ denied: ["store"] }));
    const { observations } = await everyPage(all.shop);
    expect(observations).toMatchObject([{ channel: "Default Store View" }]);
  });

  it("name the setting of the shop that refuses a bearer token", async () => {
    const world = aWorld({
      instead: (_request, response) => {
        send(response, 401, { message: "The consumer isn't authorized to access %resources." });
        return true;
      },
    });
    const { shop } = await aShop(world, { credentials: { bearerToken: "abc" } });
    await expect(everyPage(shop)).rejects.toThrow(/standalone Bearer tokens/);
  });
});

describe("the sign-in to the cloud service", () => {
  it("asks the identity service for a token, sends its id, and renews a refused token once", async () => {
    const given: string[] = [];
    let granted = 0;
    const url = await serverThat((request, response) => {
      if (request.url === "/ims/token/v3") {
        granted += 1;
        send(response, 200, { access_token: `token-${granted}`, expires_in: 86_399 });
        return;
      }
      const {
        authorization = "",
        "x-api-key": key,
        "x-gw-ims-org-id": organisation,
      } = request.headers;
      given.push(
        `${request.url?.split("?")[0] ?? ""} ${authorization} ${String(key)} ${String(organisation)}`,
      );
      if (authorization === "Bearer token-1") send(response, 401, { message: "expired" });
      else send(response, 200, { items: [], total_count: 0 });
    });
    const { door, log, wait } = doorTo(`${url}/tenant1`);
    const shop = magento({
      baseUrl: `${url}/tenant1`,
      credentials: {
        clientId: "client",
        clientSecret: "secret",
        scope: "openid,commerce.accs",
        tokenUrl: `${url}/ims/token/v3`,
        imsOrgId: "org@AdobeOrg",
      },
      http: door,
      door: (origin, ask) => http({ baseUrl: origin, log, wait, random: () => 0, ...ask }),
      log,
      channels: [],
      gateways: [],
      smallestCoin: null,
    });
    await shop.refundsSince(NOVEMBER, null);
    expect(given).toEqual([
      "/tenant1/V1/creditmemos Bearer token-1 client org@AdobeOrg",
      "/tenant1/V1/creditmemos Bearer token-2 client org@AdobeOrg",
    ]);
  });

  it("names the keys that the secret must have, and none of its values", () => {
    const wrong = { consumerKey: "s3cret", accessToken: "s3cret" };
    const { door, log } = doorTo("http://127.0.0.1:1");
    expect(() =>
      magento({
        baseUrl: "http://127.0.0.1:1",
        credentials: wrong,
        http: door,
        door: () => door,
        log,
        channels: [],
        gateways: [],
        smallestCoin: null,
      }),
    ).toThrow(/^the Magento credential must be \{consumerKey, (?!.*s3cret)/);
  });
});

describe("a refund that is read by its id", () => {
  it("has the same facts, and one that is gone is named", async () => {
    const { shop } = await aShop(aWorld());
    const [listed] = (await everyPage(shop)).observations;
    const page = await shop.refundsById(["501", "999"]);
    expect(page.observations).toEqual([listed]);
    expect(page).toMatchObject({ notShown: ["999"], fetched: 1 });
  });

  it("takes the refund at the provider that the memo names", async () => {
    const other = transaction({
      transaction_id: 72,
      txn_id: "re_2",
      created_at: "2026-11-10 10:00:20",
    });
    const read = await theRefund({ transactions: [other, transaction()] });
    expect(read.settledAt).toBe("2026-11-10T10:00:03.000Z");
  });
});

function sold(id: number, parent: number | null) {
  return {
    item_id: id,
    parent_item_id: parent,
    product_type: parent === null ? "bundle" : "simple",
    qty_ordered: 1,
    qty_refunded: 1,
  };
}
