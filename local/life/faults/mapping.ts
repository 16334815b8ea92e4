import { type Booking, blame, type Entry, type EntryLine, totalOf } from "../erp/booking.ts";
import { isoDate } from "../calendar.ts";
import { digitsOf, ratio } from "../minor.ts";
import type { Shop } from "../shop.ts";
import type { World } from "../world.ts";
import { discountOf, profiles } from "./profile.ts";
import { plain, struck, untouched } from "./struck.ts";

/** The ERP credits the price before the discount, for goods with some kinds of discount. */
export function promoMismatch(world: World): void {
  const dice = world.random.fork("promo");
  const taxedAnew = dice.chance(0.2) && !world.shop.taxesIncluded;
  const { hits } = struck(world, {
    fault: "promo_mismatch",
    manner: "systematic",
    eligible: (booking) => plain(booking) && discountOf(booking.story) !== "none",
    groups: (story) => profiles(story).filter((profile) => profile.includes(discountOf(story))),
  });
  for (const booking of hits) {
    const [entry] = booking.entries;
    if (entry === undefined) continue;
    const before = booking.story.lines.map(({ line, quantity, subtotal }) => ({
      sku: line.product.sku,
      off: line.unitPrice * quantity - subtotal,
    }));
    const offs = before.reduce((sum, { off }) => sum + off, 0);
    const extraTax = taxedAnew ? ratio(offs, booking.story.sale.taxRate, 100_000) : 0;
    const discountLines = entry.lines.some(({ type }) => type === "Discount");
    entry.lines = entry.lines
      .filter(({ type }) => type !== "Discount")
      .map((line) => {
        if (line.type === "TaxItem") return { ...line, amount: line.amount + extraTax };
        const off = before.find(({ sku }) => sku === line.name)?.off ?? 0;
        return line.type === "InvtPart" && !discountLines
          ? { ...line, amount: line.amount + off }
          : line;
      });
    const kinds = ["amount", ...(discountLines ? ["discount"] : [])];
    const tax = extraTax !== 0 && entry.lines.some(({ type }) => type === "TaxItem");
    blame(booking, {
      fault: "promo_mismatch",
      cause: "integration",
      pattern: "promo_mismatch",
      mismatches: tax ? [...kinds, "tax"] : kinds,
    });
  }
}

/** For one type of refund, one field is wrong: the currency, the kind of document or the order. */
export function fieldMapping(world: World): void {
  const foreign = world.shop.otherCurrencies.length > 0;
  const field = world.random
    .fork("field")
    .pick(
      foreign ? (["currency", "currency", "type", "order"] as const) : (["type", "order"] as const),
    );
  const { hits } = struck(world, {
    fault: "field_mapping",
    manner: "systematic",
    eligible: (booking) =>
      field === "currency" ? isForeign(booking, world.shop) : untouched(booking),
    groups: profiles,
  });
  for (const booking of hits) {
    for (const entry of booking.entries) MISMAP[field](entry, world);
    blame(booking, {
      fault: "field_mapping",
      cause: "integration",
      pattern: field === "order" ? "partial_sync" : null,
      mismatches: [
        { currency: "currency", type: "transaction_type", order: "order_reference_missing" }[field],
      ],
    });
  }
}

const MISMAP: Record<"currency" | "type" | "order", (entry: Entry, world: World) => void> = {
  currency: (entry, { shop }) => {
    const code = entry.sale.presentment?.code ?? shop.currency;
    entry.currency = entry.currency === shop.currency ? code : shop.currency;
    entry.exchangeRate = "1";
  },
  type: (entry) => {
    entry.kind = entry.kind === "CashRfnd" ? "CustCred" : "CashRfnd";
    entry.payout = null;
  },
  order: (entry) => {
    entry.linked = false;
    entry.externalId = null;
    entry.otherRefNum = null;
    entry.memo = null;
  },
};

/** The mapping leaves out a component. */
export function taxDropped(world: World): void {
  dropComponent(world, "tax_dropped", "TaxItem", "tax");
}

export function shippingDropped(world: World): void {
  dropComponent(world, "shipping_dropped", "ShipItem", "shipping");
}

function dropComponent(
  world: World,
  fault: "tax_dropped" | "shipping_dropped",
  type: EntryLine["type"],
  kind: string,
): void {
  const { hits } = struck(world, {
    fault,
    manner: "systematic",
    eligible: (booking) => plain(booking) && has(booking, type) && hasOther(booking, type),
    groups: profiles,
  });
  for (const booking of hits) {
    for (const entry of booking.entries) {
      entry.lines = entry.lines.filter((line) => line.type !== type);
    }
    blame(booking, { fault, cause: "integration", pattern: null, mismatches: ["amount", kind] });
  }
}

/** A line is wrong, and the connector posts the rest to a balancing line: the totals agree. */
export function hiddenBalance(world: World): void {
  const { hits, dice } = struck(world, {
    fault: "hidden_balance",
    manner: "systematic",
    eligible: (booking) => plain(booking) && has(booking, "InvtPart"),
    groups: profiles,
  });
  for (const booking of hits) {
    for (const entry of booking.entries) {
      const total = totalOf(entry.lines);
      const wrong = dice.int(0, entry.lines.filter(({ type }) => type === "InvtPart").length - 1);
      const factor = dice.pick([0, 50, 80, 90]);
      let seen = -1;
      const lines = entry.lines.map((line) => {
        if (line.type === "InvtPart") seen += 1;
        const hit = line.type === "InvtPart" && seen === wrong;
        return hit ? { ...line, amount: ratio(line.amount, factor, 100) } : line;
      });
      const rest = total - totalOf(lines);
      entry.lines = [
        ...lines,
        { type: "OthCharge", name: "Refund adjustment", quantity: null, amount: rest },
      ];
    }
    blame(booking, {
      fault: "hidden_balance",
      cause: "integration",
      pattern: null,
      mismatches: ["amount"],
    });
  }
}

/** At the end of a month, the date of the batch or of UTC is booked instead of the brand's date. */
export function wrongPeriod(world: World): void {
  const { hits } = struck(world, {
    fault: "wrong_period",
    manner: "habit",
    eligible: (booking) => untouched(booking) && otherMonth(booking, world) !== null,
    groups: () => ["month end"],
  });
  for (const booking of hits) {
    const wrong = otherMonth(booking, world);
    for (const entry of booking.entries) entry.tranDate = wrong ?? entry.tranDate;
    blame(booking, {
      fault: "wrong_period",
      cause: "integration",
      pattern: null,
      mismatches: ["period"],
    });
  }
}

function otherMonth({ story, entries }: Booking, { calendar }: World): string | null {
  const [entry] = entries;
  if (entry === undefined) return null;
  const candidates = [calendar.date(entry.at), isoDate(story.at)];
  return candidates.find((date) => month(date) !== month(entry.tranDate)) ?? null;
}

function isForeign(booking: Booking, shop: Shop): boolean {
  const code = booking.story.sale.presentment?.code;
  // Between currencies with different digits the number itself would change, not only the code.
  return untouched(booking) && code !== undefined && digitsOf(code) === digitsOf(shop.currency);
}

function has(booking: Booking, type: EntryLine["type"]): boolean {
  return booking.entries.some(({ lines }) =>
    lines.some((line) => line.type === type && line.amount !== 0),
  );
}

function hasOther(booking: Booking, type: EntryLine["type"]): boolean {
  return booking.entries.some(({ lines }) => lines.some((line) => line.type !== type));
}

function month(date: string): string {
  return date.slice(0, 7);
}
