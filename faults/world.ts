import type { Life, LifeDocument, LifeOrder, LifeRefund } from "../local/life/life.ts";
import { Random } from "../local/life/random.ts";

/**
 * A small brand for a day and a half, drawn from a seed: about twenty refunds and their documents,
 * each with all its versions. The true state at an instant is read only from here.
 */
export type World = {
  readonly life: Life;
  readonly zone: string;
  readonly digits: number;
  /** The first and the last instant at which anything changes. */
  readonly from: number;
  readonly to: number;
};

export function worldOf(seed: number): World {
  const random = new Random(seed, "world");
  const from = Date.parse(random.pick(BEGINNINGS));
  const zone = random.pick(ZONES);
  const [currency, digits] = random.weighted(CURRENCIES);
  const make = new Maker({ random, from, currency, digits });
  const count = random.int(14, 20);
  const must = random.shuffled(STORIES.map(([name]) => name)).slice(0, count);
  while (must.length < count) must.push(random.weighted(STORIES));
  for (const story of must) make.addStory(story);
  const life: Life = {
    seed,
    from: iso(from),
    to: iso(from + LASTS_MS),
    shop: { domain: "acme.myshopify.com", currency, timeZone: zone },
    orders: make.orders,
    refunds: make.refunds,
    documents: make.documents,
    truths: [],
    settings: {
      erpMachines: [MACHINE],
      storefrontMachines: ["Returns portal"],
      channels: [],
      orderPrefixes: [],
      approvalLimit: "100.00",
      smallestCoin: null,
      hidden: [],
    },
    planted: { shares: {}, roundingRule: null, lateAfterHours: 6 },
  };
  return { life, zone, digits, from, to: from + LASTS_MS };
}

/** What can happen to a refund, and how often. */
const STORIES = [
  ["booked by reference", 3],
  ["booked by order", 2],
  ["booked late", 1],
  ["never booked", 2],
  ["booked with another amount", 1],
  ["booked twice", 1],
  ["voided", 1],
  ["voided and booked again", 1],
  ["deleted", 1],
  ["moved from another order", 1],
  ["edited to a wrong amount", 1],
  ["edited to the right amount", 1],
  ["settled later", 1],
  ["payment failed", 1],
  ["test order", 1],
  ["without money", 1],
  ["without a reference", 1],
  ["booked in two parts", 1],
  ["two refunds of one order", 1],
  ["credit paid out", 1],
  ["no refund of this shop", 1],
  ["right and wrong by turns", 1],
] as const;
type Story = (typeof STORIES)[number][0];

type Of = {
  readonly random: Random;
  readonly from: number;
  readonly currency: string;
  readonly digits: number;
};

class Maker {
  readonly orders: LifeOrder[] = [];
  readonly refunds: LifeRefund[] = [];
  readonly documents: LifeDocument[] = [];
  readonly #of: Of;
  readonly #isBatch: boolean;
  #number = 1000;
  #document = 5000;

  constructor(of: Of) {
    this.#of = of;
    this.#isBatch = of.random.chance(0.4);
  }

  addStory(story: Story): void {
    const { random, from } = this.#of;
    const at = from + random.int(10, 20 * 60) * MINUTE;
    // An integration that runs every hour books many documents in one second.
    const asked = at + random.int(10, 140) * MINUTE;
    const booked = this.#isBatch ? Math.ceil(asked / HOUR) * HOUR : asked;
    switch (story) {
      case "booked by reference":
        this.#book(this.#refund(at), booked);
        return;
      case "booked by order":
        this.#book(this.#refund(at), booked, { reference: "order" });
        return;
      case "booked late":
        this.#book(this.#refund(at), at + random.int(8 * 60, 14 * 60) * MINUTE);
        return;
      case "never booked":
        this.#refund(at);
        return;
      case "booked with another amount":
        this.#book(this.#refund(at), booked, { off: this.#odd() });
        return;
      case "booked twice": {
        const refund = this.#refund(at);
        this.#book(refund, booked);
        this.#book(refund, booked + random.int(1, 300) * MINUTE);
        return;
      }
      case "voided":
        this.#book(this.#refund(at), booked, { later: [["void", random.int(20, 500)]] });
        return;
      case "voided and booked again": {
        const refund = this.#refund(at);
        this.#book(refund, booked, { later: [["void", random.int(20, 200)]] });
        this.#book(refund, booked + random.int(201, 400) * MINUTE);
        return;
      }
      case "deleted":
        this.#book(this.#refund(at), booked, { deletedAfter: random.int(20, 600) });
        return;
      case "moved from another order": {
        const refund = this.#refund(at);
        const other = this.#refund(at + MINUTE);
        this.#book(refund, booked, { namedFirst: other, later: [["name", random.int(30, 500)]] });
        return;
      }
      case "edited to a wrong amount":
        this.#book(this.#refund(at), booked, { later: [["spoil", random.int(20, 600)]] });
        return;
      case "edited to the right amount":
        this.#book(this.#refund(at), booked, {
          off: this.#odd(),
          later: [["correct", random.int(20, 600)]],
        });
        return;
      case "right and wrong by turns": {
        const turns = Array.from({ length: 8 }, (_, turn) => turn % 2 === 0);
        this.#book(this.#refund(at), booked, {
          later: turns.map((isOdd, turn) => [isOdd ? "spoil" : "correct", 35 * (turn + 1)]),
        });
        return;
      }
      case "settled later": {
        const settled = at + random.int(60, 600) * MINUTE;
        const refund = this.#refund(at, { settledAt: settled, silent: random.chance(0.5) });
        this.#book(refund, settled + random.int(5, 120) * MINUTE);
        return;
      }
      case "payment failed":
        this.#refund(at, { fails: true });
        return;
      case "test order":
        this.#refund(at, { test: true });
        return;
      case "without money":
        this.#refund(at, { moneyless: true });
        return;
      case "without a reference":
        this.#book(this.#refund(at), booked, { reference: "none" });
        return;
      case "booked in two parts":
        this.#bookInParts(this.#refund(at), booked);
        return;
      case "two refunds of one order": {
        const first = this.#refund(at);
        const second = this.#refund(at + random.int(5, 200) * MINUTE, { sameOrder: first });
        this.#book(first, booked);
        if (random.chance(0.7)) this.#book(second, booked + 210 * MINUTE);
        return;
      }
      case "credit paid out": {
        const credit = this.#book(this.#refund(at), booked, { type: "CustCred" });
        this.#payOut(credit, booked + random.int(5, 90) * MINUTE);
        return;
      }
      case "no refund of this shop":
        this.#book(null, booked);
        return;
    }
  }

  #refund(
    at: number,
    how: {
      readonly settledAt?: number;
      readonly silent?: boolean;
      readonly fails?: boolean;
      readonly test?: boolean;
      readonly moneyless?: boolean;
      readonly sameOrder?: Refunded;
    } = {},
  ): Refunded {
    const { random } = this.#of;
    const order = how.sameOrder?.order ?? this.#order(at, how.test === true);
    const serial = this.refunds.length + 1;
    const refundId = String(9_000_000 + serial);
    const tax = random.int(0, 400);
    const subtotal = random.int(500, 12_000);
    const total = how.moneyless === true ? 0 : subtotal + tax;
    const created = iso(at);
    const done = iso(how.settledAt ?? at);
    const last = how.fails === true ? "FAILURE" : "SUCCESS";
    const pending = how.settledAt !== undefined || how.fails === true;
    const end = how.fails === true ? iso(at + 90 * MINUTE) : done;
    const refund: LifeRefund = {
      refundId,
      orderId: order.orderId,
      createdAt: created,
      processedAt: created,
      lines: [
        {
          id: String(6_000_000 + serial),
          lineId: order.lines[0]?.lineId ?? "",
          quantity: 1,
          subtotal: this.#text(how.moneyless === true ? 0 : subtotal),
          tax: this.#text(how.moneyless === true ? 0 : tax),
          restockType: "RETURN",
          location: { id: "11", name: "Warehouse" },
        },
      ],
      shipping: null,
      adjustments: [],
      duties: this.#text(0),
      transactions:
        how.moneyless === true
          ? []
          : [
              {
                transactionId: String(8_500_000 + serial),
                gateway: "shopify_payments",
                formattedGateway: "Shopify Payments",
                manual: false,
                paymentId: `back-${serial}`,
                amount: this.#text(total),
                rounding: this.#text(0),
                test: how.test === true,
                location: null,
                user: null,
                statuses: pending
                  ? [
                      { at: created, status: "PENDING" },
                      { at: end, status: last, silent: how.silent === true },
                    ]
                  : [{ at: created, status: "SUCCESS" }],
              },
            ],
      staff: { id: "42", name: `Clara ${CANARY}` },
      app: { id: "77", title: "Returns portal" },
      note: `asked by Jane ${CANARY}, jane.${CANARY}@example.com, 555-0104-${CANARY}`,
      returnName: null,
    };
    this.refunds.push(refund);
    return { order, refund, total, tax };
  }

  #order(at: number, test: boolean): LifeOrder {
    this.#number += 1;
    const number = this.#number;
    const order: LifeOrder = {
      orderId: String(5_000_000 + number),
      number,
      name: `#${number}`,
      createdAt: iso(at - 3 * 86_400_000),
      touchedAt: this.#of.random.chance(0.3) ? [iso(at + 40 * MINUTE)] : [],
      sourceName: "web",
      appTitle: "Online Store",
      retailLocation: null,
      currency: this.#of.currency,
      presentmentCurrency: this.#of.currency,
      presentmentRate: "1",
      taxesIncluded: false,
      test,
      edited: false,
      lines: [
        {
          lineId: String(7_000_000 + number),
          sku: number % 5 === 0 ? `=HYPERLINK("https://evil.example","x")` : `SKU-${number}`,
          title: "Shirt",
          quantity: 5,
          unitPrice: this.#text(40_000),
          discounts: [],
          tax: this.#text(2_000),
          giftCard: false,
        },
      ],
      shipping: null,
      discountCodes: [],
      payment: {
        transactionId: String(8_000_000 + number),
        gateway: "shopify_payments",
        formattedGateway: "Shopify Payments",
        manual: false,
        paymentId: `pay-${number}`,
        amount: this.#text(202_000),
      },
    };
    this.orders.push(order);
    return order;
  }

  /** @param refunded null for a document of another business */
  #book(refunded: Refunded | null, at: number, how: Booking = {}): LifeDocument {
    const { random, currency } = this.#of;
    this.#document += 1;
    const id = String(this.#document);
    const own = refunded ?? { order: null, refund: null, total: random.int(900, 90_000), tax: 0 };
    const named = how.namedFirst ?? refunded;
    const total = own.total + (how.off ?? 0);
    const first = version({
      at,
      total: this.#text(total),
      tax: this.#text(own.tax),
      net: this.#text(total - own.tax),
      currency,
      externalId: how.reference === undefined && refunded !== null ? this.#spelt(named) : null,
      otherRefNum: how.reference === "none" ? null : orderText(named, this.#document),
    });
    const versions = [first];
    for (const [what, minutes] of how.later ?? []) {
      const last = versions.at(-1) ?? first;
      versions.push(this.#edited(last, what, { at: at + minutes * MINUTE, own: refunded }));
    }
    const document: LifeDocument = {
      documentId: id,
      type: how.type ?? "CashRfnd",
      tranId: `CR${id}`,
      createdFrom: null,
      pays: null,
      entity: { id: "77", name: `Jane ${CANARY}` },
      subsidiary: "1",
      source: "webServices",
      createdBy: MACHINE,
      versions,
      deletedAt: how.deletedAfter === undefined ? null : iso(at + how.deletedAfter * MINUTE),
      deletedBy: how.deletedAfter === undefined ? null : { id: "1585", name: `Clara ${CANARY}` },
    };
    this.documents.push(document);
    return document;
  }

  #edited(
    last: LifeDocument["versions"][number],
    what: Edit,
    { at, own }: { readonly at: number; readonly own: Refunded | null },
  ): LifeDocument["versions"][number] {
    const { currency } = this.#of;
    const moved = { ...last, at: iso(at), by: { id: "1585", name: `Clara ${CANARY}` } };
    if (what === "void") return { ...moved, voided: true, status: "V", statusText: "Voided" };
    if (own === null) return moved;
    if (what === "name") {
      return { ...moved, externalId: this.#spelt(own), otherRefNum: orderText(own, 0) };
    }
    const total = what === "correct" ? own.total : own.total + this.#odd();
    const fresh = version({
      at,
      total: this.#text(total),
      tax: this.#text(own.tax),
      net: this.#text(total - own.tax),
      currency,
      externalId: last.externalId,
      otherRefNum: last.otherRefNum,
    });
    return { ...fresh, by: moved.by };
  }

  #bookInParts(refunded: Refunded, at: number): void {
    const part = Math.floor(refunded.total / 3);
    this.#book({ ...refunded, total: part, tax: 0 }, at, { reference: "order" });
    const rest = { ...refunded, total: refunded.total - part, tax: 0 };
    this.#book(rest, at + 4 * MINUTE, { reference: "order" });
  }

  #payOut(credit: LifeDocument, at: number): void {
    this.#document += 1;
    const [first] = credit.versions;
    if (first === undefined) return;
    this.documents.push({
      ...credit,
      documentId: String(this.#document),
      type: "CustRfnd",
      tranId: `RF${this.#document}`,
      pays: credit.documentId,
      versions: [
        {
          ...first,
          at: iso(at),
          externalId: null,
          otherRefNum: null,
          memo: null,
          lines: [],
          status: "R",
          statusText: "Customer Refund : Issued",
        },
      ],
    });
  }

  #spelt(refunded: Refunded | null): string | null {
    const id = refunded?.refund?.refundId;
    if (id === undefined) return null;
    return this.#of.random.pick([id, `gid://shopify/Refund/${id}`, `shopify-refund-${id}`]);
  }

  /** A difference that cannot be a rounding or the amount of another refund. */
  #odd(): number {
    return this.#of.random.pick([-1, 1]) * this.#of.random.int(37, 450);
  }

  #text(minor: number): string {
    return decimalText(minor, this.#of.digits);
  }
}

type Refunded = {
  readonly order: LifeOrder;
  readonly refund: LifeRefund;
  readonly total: number;
  readonly tax: number;
};

type Edit = "void" | "name" | "spoil" | "correct";

type Booking = {
  readonly type?: LifeDocument["type"];
  /** How the document names the refund; by default by its id and its order. */
  readonly reference?: "order" | "none";
  /** The minor units by which the document's total is too high. */
  readonly off?: number;
  readonly namedFirst?: Refunded;
  /** Later versions: the change, and how many minutes it comes after the first version. */
  readonly later?: readonly (readonly [Edit, number])[];
  readonly deletedAfter?: number;
};

function version(of: {
  readonly at: number;
  readonly total: string;
  readonly tax: string;
  readonly net: string;
  readonly currency: string;
  readonly externalId: string | null;
  readonly otherRefNum: string | null;
}): LifeDocument["versions"][number] {
  return {
    at: iso(of.at),
    by: MACHINE,
    externalId: of.externalId,
    otherRefNum: of.otherRefNum,
    memo: `for Jane ${CANARY}, call 5550104477, card 4111111111111111`,
    tranDate: iso(of.at).slice(0, 10),
    currency: of.currency,
    exchangeRate: "1",
    total: of.total,
    lines: [
      {
        itemType: "InvtPart",
        itemName: "SHIRT-M",
        quantity: 1,
        rate: of.net,
        amount: of.net,
        taxLine: false,
      },
      {
        itemType: "TaxItem",
        itemName: "Sales tax",
        quantity: null,
        rate: null,
        amount: of.tax,
        taxLine: true,
      },
    ],
    status: "C",
    statusText: "Fully applied",
    voided: false,
    posting: true,
  };
}

function orderText(refunded: Refunded | null, odd: number): string {
  return refunded === null ? `#7${odd}` : refunded.order.name;
}

/** Minor units as a decimal text, for a currency with this number of digits. */
export function decimalText(minor: number, digits: number): string {
  const sign = minor < 0 ? "-" : "";
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  return digits === 0
    ? `${sign}${text}`
    : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** This word is in every input field with personal data; it must not appear anywhere else. */
export const CANARY = "Canaryx";
const MACHINE = { id: "1455", name: `Connector ${CANARY}` };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LASTS_MS = 36 * HOUR;
/** Days on which clocks change, a leap day, the ends of a month and a year, and an ordinary day. */
const BEGINNINGS = [
  "2026-11-09T05:00:00.000Z",
  "2026-10-31T05:00:00.000Z",
  "2027-03-13T05:00:00.000Z",
  "2027-03-27T05:00:00.000Z",
  "2028-02-28T05:00:00.000Z",
  "2026-12-30T20:00:00.000Z",
  "2026-11-29T05:00:00.000Z",
];
const ZONES = [
  "America/New_York",
  "Europe/London",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "UTC",
];
const CURRENCIES: readonly (readonly [readonly [string, number], number])[] = [
  [["USD", 2], 7],
  [["JPY", 0], 1],
  [["KWD", 3], 1],
];
