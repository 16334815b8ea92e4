import type { Booking, Entry, EntryLine } from "./booking.ts";
import { totalOf } from "./booking.ts";
import { type Calendar, DAY, HOUR, MINUTE } from "../calendar.ts";
import { type Batches, type Connector, externalIdOf } from "./connector.ts";
import { digitsOf, ratio, sum } from "../minor.ts";
import type { Random } from "../random.ts";
import { CASH, GIFT_CARD, GIFT_CARDS, type Shop, STORE_CREDIT } from "../shop.ts";
import type { Sale, Story } from "../story.ts";

/** Books a refund into the ERP without any fault: complete, correct, with the next batch. */
export function book(
  story: Story,
  world: {
    shop: Shop;
    connector: Connector;
    batches: Batches;
    calendar: Calendar;
    erpFirst: boolean;
  },
  random: Random,
): Booking {
  const booking: Booking = {
    story,
    entries: [],
    mismatches: new Set(),
    fault: null,
    cause: null,
    pattern: null,
    benign: reasonNotToBook(story),
    healedAt: null,
  };
  const waiting = story.payments.some(({ outcome }) => outcome === "settled_later");
  if (waiting) booking.benign = "payment_pending";
  if (booking.benign !== null && !waiting) return booking;
  const { shop, connector, batches, calendar } = world;
  const batch = batches.arrival(story.settledAt ?? story.at, 0, random);
  const before = world.erpFirst && !waiting;
  const at = before ? story.at - random.int(3, 170) * MINUTE : batch;
  const legacy = random.chance(connector.legacy.share);
  const lines = linesOf(story, shop, connector);
  const kind = kindOf(story, connector);
  const { presentment } = story.sale;
  const foreign = presentment !== null && connector.currency === "presentment" ? presentment : null;
  booking.entries = [
    {
      sale: story.sale,
      at,
      kind,
      by: connector.user,
      source: connector.source,
      entity: connector.entity === "each_buyer" ? story.sale.customer : connector.buyers,
      subsidiary: connector.subsidiary,
      linked: true,
      // A document that is made first cannot contain an id that the storefront gives later.
      externalId: before
        ? null
        : externalIdOf(story, legacy ? connector.legacy.spelling : connector.spelling),
      otherRefNum: connector.orderText(story.sale.number),
      memo: memoOf(story, before ? { ...connector, memo: "order" } : connector),
      tranDate: calendar.date(story.at),
      currency: foreign?.code ?? shop.currency,
      exchangeRate: foreign === null ? "1" : inverse(foreign.rate),
      lines: foreign === null ? lines : converted(lines, story, foreign, shop),
      approved: true,
      payout:
        kind === "CustCred" && !isCredit(story)
          ? payoutAfter(at, connector, calendar, random, keptIn(story, foreign !== null))
          : null,
      edits: [],
      deletedAt: null,
      documentId: "",
      payoutId: null,
    },
  ];
  if (before) booking.benign = "negative_gap";
  if (foreign !== null) booking.benign ??= "presentment_beside_shop";
  if (story.payments.some(({ rounding }) => rounding !== 0)) booking.benign ??= "cash_rounding";
  if (story.oddBy !== 0) booking.benign ??= "odd_identity";
  return booking;
}

function reasonNotToBook(story: Story): string | null {
  if (story.sale.test) return "test";
  if (story.sale.channel === "marketplace") return "outside_scope";
  if (story.exchange) return "exchange_netted";
  if (story.flow === "edit_before_import") return "quantity_only_before_import";
  if (story.flow === "restock") return "restock_only";
  return story.settledAt === null ? "payment_failed" : null;
}

function isCredit(story: Story): boolean {
  return story.payments.every(({ gateway }) => gateway === STORE_CREDIT || gateway === GIFT_CARD);
}

function kindOf(story: Story, connector: Connector): Entry["kind"] {
  if (isCredit(story)) return "CustCred";
  if (connector.booking === "by_channel")
    return story.sale.channel === "pos" ? "CashRfnd" : "CustCred";
  return connector.booking === "cash_refund" ? "CashRfnd" : "CustCred";
}

function memoOf(story: Story, connector: Connector): string | null {
  const order = connector.orderText(story.sale.number);
  // If the external id names only the order, the memo must not name the refund.
  if (connector.memo === "refund" && connector.spelling !== "order") {
    return `Shopify refund ${story.refundId} for ${order}`;
  }
  return connector.memo === "none" ? null : `Refund for order ${order}`;
}

/** Usually minutes after the memo; the bank does not work at the weekend. */
function payoutAfter(
  at: number,
  connector: Connector,
  calendar: Calendar,
  random: Random,
  kept: number | null,
): Entry["payout"] {
  const soon = random.chance(0.75);
  const wanted =
    at + Math.floor(soon ? random.between(2, 40) * MINUTE : random.between(2, 24) * HOUR);
  const weekday = calendar.weekday(calendar.day(wanted));
  const rest = !soon && weekday === 0 ? DAY : !soon && weekday === 6 ? 2 * DAY : 0;
  // In the buyer's currency nobody computes the amount kept in the shop: the credit stays open.
  return kept === null ? null : { at: wanted + rest, by: connector.user, kept };
}

function keptIn({ payments }: Story, isForeign: boolean): number | null {
  const kept = payments.filter(({ gateway }) => gateway === STORE_CREDIT || gateway === GIFT_CARD);
  if (isForeign && kept.length > 0) return null;
  return sum(kept.map(({ amount }) => amount));
}

/** The storefront's amounts as lines: goods without tax, tax, shipping, duties, adjustments. */
export function linesOf(story: Story, shop: Shop, connector: Connector): EntryLine[] {
  const inside = (amount: number) => (shop.taxesIncluded ? amount : 0);
  const goods = story.lines.flatMap(({ line, quantity, subtotal, tax }): EntryLine[] => {
    const net = subtotal - inside(tax);
    const off = line.unitPrice * quantity - subtotal;
    const split = connector.goods === "base_and_discount" && off > 0;
    const item: EntryLine = {
      type: line.product.category === GIFT_CARDS ? "GiftCert" : "InvtPart",
      name: line.product.sku,
      quantity,
      amount: split ? net + off : net,
    };
    const label = line.discounts.map((each) => each.label).join(", ");
    return split ? [item, { type: "Discount", name: label, quantity: null, amount: -off }] : [item];
  });
  const ship = story.shipping;
  const tax = sum(story.lines.map((line) => line.tax)) + (ship?.tax ?? 0);
  const rounding = sum(story.payments.map((payment) => payment.rounding));
  return [
    ...goods,
    ...other("Refund adjustment", story.oddBy - sum(story.adjustments.map(({ amount }) => amount))),
    ...other("Duties", story.duties),
    ...(ship === null
      ? []
      : [
          {
            type: "ShipItem" as const,
            name: "Shipping",
            quantity: null,
            amount: ship.amount - inside(ship.tax),
          },
        ]),
    ...(tax === 0
      ? []
      : [{ type: "TaxItem" as const, name: "Sales tax", quantity: null, amount: tax }]),
    ...other("Cash rounding", connector.cashAsPaid ? rounding : 0),
  ];
}

function other(name: string, amount: number): EntryLine[] {
  return amount === 0 ? [] : [{ type: "OthCharge", name, quantity: null, amount }];
}

/** A shop amount in the buyer's currency, rounded half up, as the storefront shows it. */
function inPresentment(amount: number, sale: Sale, shop: Shop): number {
  if (sale.presentment === null) return amount;
  const { code, rate } = sale.presentment;
  const shift = 10 ** (digitsOf(code) - shop.digits);
  return shift >= 1
    ? ratio(amount, rate * shift, 1_000_000)
    : ratio(amount, rate, Math.round(1_000_000 / shift));
}

function converted(
  lines: readonly EntryLine[],
  story: Story,
  { code }: { code: string },
  shop: Shop,
): EntryLine[] {
  const each = lines.map((line) => ({
    ...line,
    amount: inPresentment(line.amount, story.sale, shop),
  }));
  const paid = sum(story.payments.map(({ amount }) => inPresentment(amount, story.sale, shop)));
  const rest = paid - totalOf(each);
  return rest === 0
    ? each
    : [...each, { type: "OthCharge", name: `Rounding ${code}`, quantity: null, amount: rest }];
}

/** The ERP's rate: shop currency for one unit of the other, eight digits. */
function inverse(rate: number): string {
  return (1_000_000 / rate).toFixed(8);
}

/** Whether it was paid in cash at a register. */
export function inCash(story: Story): boolean {
  return story.payments.some(({ gateway }) => gateway === CASH);
}
