import { expect, it } from "vitest";
import type { LifeOrder, LifeRefund } from "../../../local/life/life.ts";
import { aLine, anOrder, aPayment, aRefund, smallLife } from "../../local/small-life.ts";
import { aShop, NOVEMBER } from "./shopify-shop.ts";

async function seen(
  refund: Partial<LifeRefund> = {},
  order: Partial<LifeOrder> = {},
  options: Parameters<typeof aShop>[1] = {},
) {
  const life = smallLife([anOrder(1001, order)], [aRefund(1001, refund)]);
  const { shop } = await aShop(life, options);
  const page = await shop.refundsSince(NOVEMBER, null);
  expect(page.rejected).toEqual([]);
  const [observation] = page.observations;
  if (observation === undefined) throw new Error("no refund was seen");
  return observation;
}

it("tells a refund in the house's own words", async () => {
  expect(await seen()).toEqual({
    role: "storefront",
    refundId: "9001001",
    orderId: "5001001",
    orderNumber: "#1001",
    orderCreatedAt: "2026-11-02T09:00:00.000Z",
    createdAt: "2026-11-10T12:00:00.000Z",
    processedAt: "2026-11-10T12:00:00.000Z",
    updatedAt: "2026-11-10T12:00:00.000Z",
    settledAt: "2026-11-10T12:00:00.000Z",
    currency: "USD",
    settled: "19.25",
    pending: "0.00",
    presentment: null,
    components: {
      items: "17.50",
      tax: "1.75",
      shipping: "0.00",
      shippingTax: "0.00",
      duties: "0.00",
      adjustment: "0.00",
      discount: "2.50",
    },
    taxesIncluded: false,
    lines: [
      {
        lineId: "7001001",
        sku: "SHIRT-M",
        quantity: 1,
        amount: "17.50",
        tax: "1.75",
        unitPrice: "20.00",
        discount: "2.50",
        discountKinds: ["code"],
        giftCard: false,
        restock: "return",
        location: "Warehouse",
      },
    ],
    transactions: [
      {
        id: "8501001",
        status: "success",
        gateway: "shopify_payments",
        method: "shopify payments",
        manual: false,
        amount: "19.25",
        presentmentAmount: null,
        rounding: "0.00",
        references: ["back-1001", "pay-1001"],
        processedAt: "2026-11-10T12:00:00.000Z",
        location: null,
        user: null,
      },
    ],
    channel: "web",
    app: "Returns portal",
    staff: "42",
    staffKnown: true,
    retailLocation: null,
    returnId: null,
    returnStatus: null,
    hasNote: false,
    noteHasReference: false,
    discountCodes: 1,
    orderEdited: false,
    customerKey: null,
    benign: [],
    marks: [],
  });
});

it("keeps money that moved apart from money on its way", async () => {
  const later = { at: "2026-11-12T08:00:00Z", status: "SUCCESS" } as const;
  const begun = { at: "2026-11-10T12:00:00Z", status: "PENDING" } as const;
  const pending = await seen({ transactions: [aPayment(1001, { statuses: [begun] })] });
  expect(pending).toMatchObject({
    settled: "0.00",
    pending: "19.25",
    settledAt: null,
    benign: ["payment_pending"],
    marks: [],
  });
  const settled = await seen({ transactions: [aPayment(1001, { statuses: [begun, later] })] });
  expect(settled).toMatchObject({
    settled: "19.25",
    pending: "0.00",
    settledAt: "2026-11-12T08:00:00.000Z",
    updatedAt: "2026-11-12T08:00:00.000Z",
    benign: [],
  });
});

it("knows a failed payment, and one that went through on the second try", async () => {
  const failed = [{ at: "2026-11-10T12:00:00Z", status: "FAILURE" }] as const;
  const once = aPayment(1001, { statuses: failed });
  expect(await seen({ transactions: [once] })).toMatchObject({
    benign: ["payment_failed"],
    marks: [],
  });
  const twice = [once, aPayment(1001, { transactionId: "8600000" })];
  expect(await seen({ transactions: twice })).toMatchObject({
    settled: "19.25",
    benign: [],
    marks: [],
  });
});

it("counts no test payment beside a real one", async () => {
  const test = aPayment(1001, { transactionId: "8600000", amount: "7.00", test: true });
  expect(await seen({ transactions: [aPayment(1001), test] })).toMatchObject({
    settled: "19.25",
    benign: [],
    marks: [],
  });
});

it("has no money in a refund without payments, whatever its lines say", async () => {
  expect(await seen({ transactions: [] })).toMatchObject({
    settled: "0.00",
    pending: "0.00",
    settledAt: null,
    benign: ["restock_only"],
    marks: [],
  });
  const exchange = await seen({ transactions: [], returnName: "#1001-R1" });
  expect(exchange).toMatchObject({ benign: ["exchange_netted"], returnId: "9001001" });
});

it("marks a refund whose parts are not its payments, and keeps it", async () => {
  const odd = await seen({ transactions: [aPayment(1001, { amount: "19.26" })] });
  expect(odd).toMatchObject({ settled: "19.26", marks: ["identity_broken"] });
});

it("adds up shipping, duties and signed adjustments", async () => {
  const whole = await seen({
    shipping: { amount: "5.00", tax: "0.40" },
    duties: "2.00",
    adjustments: [{ id: "1", reason: "REFUND_DISCREPANCY", amount: "-3.00", tax: "-0.30" }],
    transactions: [aPayment(1001, { amount: "29.95" })],
  });
  expect(whole.components).toMatchObject({
    shipping: "5.00",
    shippingTax: "0.40",
    duties: "2.00",
    adjustment: "-3.30",
  });
  expect(whole.marks).toEqual([]);
});

it("finds the tax inside the lines where the order's prices hold it", async () => {
  const inside = await seen(
    { transactions: [aPayment(1001, { amount: "17.50" })] },
    { taxesIncluded: true },
  );
  expect(inside).toMatchObject({ taxesIncluded: true, marks: [] });
});

it("takes cash rounding as the register's, on either side of the payment", async () => {
  for (const amount of ["19.25", "19.30", "19.20"]) {
    const rounding = "0.05";
    const cash = await seen({
      transactions: [aPayment(1001, { gateway: "cash", amount, rounding })],
    });
    expect(cash).toMatchObject({ benign: ["cash_rounding"], marks: [] });
  }
});

it("shares a discount by the returned units, half a cent upwards", async () => {
  const [line] = anOrder(1001).lines;
  if (line === undefined) throw new Error("an order has a line");
  const discounts = [{ kind: "automatic", label: "3 for 2", amount: "10.00" }] as const;
  const three = { ...line, quantity: 3, discounts };
  const one = await seen({}, { lines: [three] });
  expect(one.lines[0]).toMatchObject({ discount: "3.33", discountKinds: ["automatic"] });
  const two = await seen({ lines: [aLine(1001, { quantity: 2 })] }, { lines: [three] });
  expect(two.lines[0]?.discount).toBe("6.67");
});

it("keeps the buyer's currency beside the shop's, never mixed", async () => {
  const order = { currency: "USD", presentmentCurrency: "JPY", presentmentRate: "150.4" };
  const both = await seen({}, order);
  expect(both).toMatchObject({
    currency: "USD",
    settled: "19.25",
    presentment: { currency: "JPY", settled: "2895", pending: "0", components: { items: "2632" } },
  });
  expect(both.transactions[0]).toMatchObject({ amount: "19.25", presentmentAmount: "2895" });
});

it("says that no person did what a configured app did", async () => {
  const machine = await seen({}, {}, { integrationApps: ["Returns portal"] });
  expect(machine).toMatchObject({ app: "Returns portal", staff: null, staffKnown: true });
});

it.each([
  [{ channels: ["pos"] }, true],
  [{ channels: ["pos", "web"] }, false],
  [{ gateways: ["cash"] }, true],
  [{ gateways: ["shopify_payments"] }, false],
])("with only %j watched, a web refund to a card lies outside: %s", async (options, outside) => {
  const { benign } = await seen({}, {}, options);
  expect(benign.includes("outside_scope")).toBe(outside);
});

it.each([
  [{ id: "62", name: "Store North" }, ["Store South"], true],
  [{ id: "62", name: "Store North" }, ["Store North"], false],
  [{ id: "62", name: "Store North" }, [], false],
  [null, ["Store South"], false],
])(
  "an order of %j lies outside the locations %j: %s",
  async (retailLocation, locations, outside) => {
    const { benign } = await seen({}, { retailLocation }, { locations });
    expect(benign.includes("outside_scope")).toBe(outside);
  },
);

it.each([
  ["Ms Canary-Person of 4 Lane called", true, false],
  ["approved, see ticket #4411", true, true],
  ['said "broken" — RMA-2091', true, true],
  ["  ", false, false],
  [null, false, false],
])(
  "of the note %j it keeps that there is one, and whether it names a ticket",
  async (note, has, names) => {
    const refund = await seen({ note });
    expect([refund.hasNote, refund.noteHasReference]).toEqual([has, names]);
  },
);

it("puts no word of a note into the archive", async () => {
  const note = 'Ms "Canary" \\ called\nagain, ticket 4411';
  const { shop } = await aShop(smallLife([anOrder(1001)], [aRefund(1001, { note })]));
  const page = await shop.refundsSince(NOVEMBER, null);
  expect(page.raw.join("")).toContain("[note of 39 characters, names a reference]");
  expect(JSON.stringify(page)).not.toContain("Canary");
});
