import { linesOf } from "../erp/book.ts";
import type { EntryLine } from "../erp/booking.ts";
import { blame, totalOf } from "../erp/booking.ts";
import { digitsOf, ratio, type RoundingMode, share, sum } from "../minor.ts";
import { ROUNDING_RULES, type RoundingRule } from "../options.ts";
import { GIFT_CARDS } from "../shop.ts";
import type { Story, StoryLine } from "../story.ts";
import type { World } from "../world.ts";
import { profiles } from "./profile.ts";
import { plain, struck, untouched } from "./struck.ts";

/** The ERP computes the refund by another rounding rule: cents differ, always in the same way. */
export function roundingDrift(world: World): void {
  if ((world.shares.rounding_drift ?? 0) <= 0) return;
  const rule = world.options.roundingRule ?? ruleOf(world);
  const anew = new Map(
    world.bookings.filter(plain).map(({ story }) => [story, recomputed(story, rule, world)]),
  );
  const { hits } = struck(world, {
    fault: "rounding_drift",
    manner: "systematic",
    eligible: (booking) => {
      const lines = anew.get(booking.story);
      return plain(booking) && lines !== undefined && differs(lines, booking.entries[0]?.lines);
    },
    groups: profiles,
  });
  world.planted.roundingRule = rule;
  for (const booking of hits) {
    const lines = anew.get(booking.story) ?? [];
    const before = booking.entries[0]?.lines ?? [];
    const kinds = [
      ...(totalOf(lines) === totalOf(before) ? [] : ["amount"]),
      ...(taxOf(lines) === taxOf(before) ? [] : ["tax"]),
    ];
    for (const entry of booking.entries) entry.lines = lines;
    blame(booking, {
      fault: "rounding_drift",
      cause: "integration",
      pattern: "rounding_drift",
      mismatches: kinds,
    });
  }
}

/** The buyer's amount is converted back with four digits, or line by line: it differs by cents. */
export function currencyConversion(world: World): void {
  const anew = (story: Story, lines: readonly EntryLine[]): EntryLine[] => {
    const { presentment } = story.sale;
    if (presentment === null) return [...lines];
    if (world.connector.currency === "presentment") {
      return lines.filter(({ name }) => !name.startsWith("Rounding "));
    }
    const scale = 10 ** (digitsOf(presentment.code) - world.shop.digits);
    const coarse = Math.round(presentment.rate / 100);
    return lines.map((line) => {
      const theirs = Math.round((line.amount * presentment.rate * scale) / 1_000_000);
      return { ...line, amount: Math.round((theirs * 10_000) / (coarse * scale)) };
    });
  };
  const { hits } = struck(world, {
    fault: "currency_conversion",
    manner: "systematic",
    eligible: (booking) => {
      const [entry] = booking.entries;
      if (!untouched(booking) || entry === undefined) return false;
      return totalOf(anew(booking.story, entry.lines)) !== totalOf(entry.lines);
    },
    groups: profiles,
  });
  for (const booking of hits) {
    for (const entry of booking.entries) entry.lines = anew(booking.story, entry.lines);
    blame(booking, {
      fault: "currency_conversion",
      cause: "integration",
      pattern: "rounding_drift",
      mismatches: ["amount"],
    });
  }
}

/** A random rule, among the rules that change enough amounts in this life. */
function ruleOf(world: World): RoundingRule {
  const dice = world.random.fork("rounding rule");
  const sample = world.bookings.filter(plain).slice(0, 500);
  const shows = dice.shuffled(ROUNDING_RULES).filter((rule) => {
    const off = sample.filter(({ story, entries }) =>
      differs(recomputed(story, rule, world), entries[0]?.lines),
    );
    return off.length >= sample.length * 0.03;
  });
  return shows[0] ?? "tax-on-total-half-up";
}

function recomputed(story: Story, rule: RoundingRule, world: World): EntryLine[] {
  const { taxesIncluded } = world.shop;
  const lines = RECOMPUTE[rule](story, ({ line, subtotal, tax }) =>
    line.product.category === GIFT_CARDS ? 0 : subtotal - (taxesIncluded ? tax : 0),
  );
  const gross = lines.map((line, index) => {
    const old = story.lines[index];
    // If the price includes tax, a new tax on the net amount changes the price too.
    const moved = taxesIncluded && old !== undefined ? line.tax - old.tax : 0;
    return { ...line, subtotal: line.subtotal + moved };
  });
  return linesOf({ ...story, lines: gross }, world.shop, world.connector);
}

type Recompute = (story: Story, net: (line: StoryLine) => number) => StoryLine[];

const RECOMPUTE: Record<RoundingRule, Recompute> = {
  "tax-on-total-half-up": onTotal("half-up"),
  "tax-on-total-half-even": onTotal("half-even"),
  "tax-on-total-down": onTotal("down"),
  "tax-per-line-half-even": perLine("half-even"),
  "tax-per-line-down": perLine("down"),
  "tax-per-unit-half-up": (story, net) =>
    story.lines.map((line) => ({
      ...line,
      tax: ratio(net(line), story.sale.taxRate, 100_000 * line.quantity) * line.quantity,
    })),
  "unit-price-half-up": unitPrice("half-up"),
  "unit-price-down": unitPrice("down"),
  "discount-by-quantity": (story) => {
    const { lines } = story.sale;
    const own = lines.map(({ discounts }) =>
      sum(discounts.filter((each) => !each.shared).map(({ amount }) => amount)),
    );
    const shared = sum(lines.map(({ discount }, index) => discount - (own[index] ?? 0)));
    const parts = share(
      shared,
      lines.map(({ quantity, discount }) => (discount > 0 ? quantity : 0)),
    );
    return story.lines.map((each) => {
      const index = lines.indexOf(each.line);
      const { unitPrice: price, quantity } = each.line;
      const net = price * quantity - (own[index] ?? 0) - (parts[index] ?? 0);
      return { ...each, subtotal: ratio(net, each.quantity, quantity) };
    });
  },
};

function onTotal(mode: RoundingMode): Recompute {
  return (story, net) => {
    const tax = ratio(sum(story.lines.map(net)), story.sale.taxRate, 100_000, mode);
    const others = sum(story.lines.slice(1).map((line) => line.tax));
    return story.lines.map((line, index) => (index === 0 ? { ...line, tax: tax - others } : line));
  };
}

function perLine(mode: RoundingMode): Recompute {
  return (story, net) =>
    story.lines.map((line) => ({
      ...line,
      tax: ratio(net(line), story.sale.taxRate, 100_000, mode),
    }));
}

function unitPrice(mode: RoundingMode): Recompute {
  return (story) =>
    story.lines.map((each) => ({
      ...each,
      subtotal: ratio(each.line.net, 1, each.line.quantity, mode) * each.quantity,
    }));
}

function differs(lines: readonly EntryLine[], before: readonly EntryLine[] | undefined): boolean {
  if (before === undefined) return false;
  return totalOf(lines) !== totalOf(before) || taxOf(lines) !== taxOf(before);
}

function taxOf(lines: readonly EntryLine[]): number {
  return sum(lines.filter(({ type }) => type === "TaxItem").map(({ amount }) => amount));
}
