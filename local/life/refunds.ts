import {
  type Calendar,
  DAY,
  OFFICE_HOURS,
  HOUR,
  MINUTE,
  STORE_HOURS,
  WEB_HOURS,
} from "./calendar.ts";
import { peopleOf, placeOf } from "./hands.ts";
import type { LifePlace } from "./life.ts";
import { ratio, sum } from "./minor.ts";
import { payOut } from "./erp/payout.ts";
import type { Random } from "./random.ts";
import type { Shop } from "./shop.ts";
import type { Flow, Sale, Story, StoryLine } from "./story.ts";

/** The refunds of one order, oldest first: the reason, the person, the goods and the payout. */
export function refundsOf(
  sale: Sale,
  shop: Shop,
  calendar: Calendar,
  random: Random,
  alreadyReturned = false,
): Story[] {
  const stories: Story[] = [];
  let after = sale.at;
  const times = random.weighted([
    [1, 86],
    [2, 12],
    [3, 2],
  ] as const);
  for (let turn = 0; turn < times; turn += 1) {
    const flow = flowOf(sale, turn, alreadyReturned, random);
    const at = timeOf(flow, after, calendar, random);
    const story = refund({ sale, flow, at, shop, random });
    if (story === null) break;
    stories.push(story);
    after = at;
  }
  return stories;
}

function flowOf(sale: Sale, turn: number, alreadyReturned: boolean, random: Random): Flow {
  if (sale.channel === "pos") {
    return random.weighted([
      ["store_return", 90],
      ["goodwill", 8],
      ["damaged", 2],
    ] as const);
  }
  const first = turn === 0 && !alreadyReturned;
  return random.weighted<Flow>([
    ["app_return", 44],
    ["desk_return", 17],
    ["cancel", first ? 13 : 0],
    ["goodwill", 13],
    ["shipping_only", sale.shipping === null || sale.shippingRefunded ? 0 : 4],
    ["damaged", 6],
    ["web_return_in_store", 6],
    ["restock", first ? 1.2 : 0],
    ["edit_before_import", first ? 0.8 : 0],
  ]);
}

/** Some days or weeks later, at an hour at which the people who do it are active. */
function timeOf(flow: Flow, after: number, calendar: Calendar, random: Random): number {
  if (flow === "edit_before_import") return after + random.int(3, 50) * MINUTE;
  if (flow === "cancel") return after + Math.floor(random.between(0.2, 14) * HOUR);
  const days = MEDIAN_DAYS[flow] * Math.exp(random.normal() * 0.6);
  const hours = HOURS[flow];
  let day = calendar.day(after + days * DAY);
  if (hours === OFFICE_HOURS && calendar.weekday(day) === 0 && random.chance(0.8)) day += 1;
  const at = calendar.moment(day, hours, random);
  return at > after + 10 * MINUTE ? at : after + random.int(15, 300) * MINUTE;
}

const MEDIAN_DAYS: Record<Flow, number> = {
  app_return: 9,
  desk_return: 10,
  cancel: 0,
  goodwill: 6,
  shipping_only: 5,
  damaged: 6,
  store_return: 4,
  web_return_in_store: 8,
  restock: 7,
  edit_before_import: 0,
};

const HOURS: Record<Flow, readonly number[]> = {
  app_return: WEB_HOURS,
  desk_return: OFFICE_HOURS,
  cancel: WEB_HOURS,
  goodwill: OFFICE_HOURS,
  shipping_only: OFFICE_HOURS,
  damaged: OFFICE_HOURS,
  store_return: STORE_HOURS,
  web_return_in_store: STORE_HOURS,
  restock: OFFICE_HOURS,
  edit_before_import: WEB_HOURS,
};

type Asked = { sale: Sale; flow: Flow; at: number; shop: Shop; random: Random };

function refund(asked: Asked): Story | null {
  const { sale, flow, at, shop, random } = asked;
  const where = placeOf(flow, sale, shop, random);
  const amountOnly = flow === "goodwill" || flow === "shipping_only";
  const lines = amountOnly ? [] : returned(asked, where);
  if (!amountOnly && lines.length === 0) return null;
  const unmoved = flow === "restock" || flow === "edit_before_import";
  const exchange = flow === "app_return" && random.chance(0.05);

  const shipping = unmoved || exchange ? null : shippingOf(sale, flow, random);
  const duties = flow === "cancel" ? sale.duties : 0;
  const onTop = shop.taxesIncluded ? 0 : sum(lines.map(({ tax }) => tax)) + (shipping?.tax ?? 0);
  const parts =
    sum(lines.map(({ subtotal }) => subtotal)) + onTop + (shipping?.amount ?? 0) + duties;
  const adjustments = adjusted(flow, parts, sale, shop, random);
  const total = parts - sum(adjustments.map(({ amount }) => amount));
  if (!unmoved && !exchange && total <= 0) return null;

  const oddBy = random.chance(0.002) ? random.pick([-2, -1, 1, 2, 3]) : 0;
  const nothing = unmoved || exchange;
  const paid = nothing
    ? { payments: [], settledAt: null }
    : payOut({ sale, flow, at, total: total + oddBy, shop, random });
  if (!nothing) sale.refunded += total;
  const people = peopleOf(flow, where, shop, random);
  return {
    sale,
    flow,
    at,
    refundId: "",
    lines,
    shipping,
    adjustments,
    duties,
    total,
    oddBy: nothing ? 0 : oddBy,
    ...paid,
    place: where,
    distribution: where !== null && shop.distribution.includes(where),
    ...people,
    exchange,
    loop: null,
  };
}

/** The returned units, with their share of the line's price and tax; the last one gets the rest. */
function returned({ sale, flow, random }: Asked, where: LifePlace | null): StoryLine[] {
  const open = sale.lines.filter(({ quantity, refunded }) => refunded < quantity);
  const everything = flow === "cancel" || flow === "restock" || random.chance(0.42);
  const chosen = everything ? open : random.shuffled(open).slice(0, random.chance(0.8) ? 1 : 2);
  return chosen.map((line) => {
    const left = line.quantity - line.refunded;
    const quantity = everything ? left : random.int(1, left);
    const until = line.refunded + quantity;
    const part = (whole: number) =>
      ratio(whole, until, line.quantity) - ratio(whole, line.refunded, line.quantity);
    const story: StoryLine = {
      line,
      quantity,
      subtotal: part(line.net),
      tax: part(line.tax),
      restock: RESTOCK[flow] ?? "RETURN",
      location: where,
    };
    line.refunded = until;
    return story;
  });
}

const RESTOCK: Partial<Record<Flow, StoryLine["restock"]>> = {
  cancel: "CANCEL",
  edit_before_import: "CANCEL",
  damaged: "NO_RESTOCK",
};

function shippingOf(sale: Sale, flow: Flow, random: Random): Story["shipping"] {
  const { shipping } = sale;
  if (shipping === null || sale.shippingRefunded) return null;
  const whole = flow === "cancel" || flow === "shipping_only";
  if (!whole && !(flow === "damaged" && random.chance(0.3)) && !random.chance(0.05)) return null;
  sale.shippingRefunded = true;
  return { amount: shipping.amount, tax: shipping.tax };
}

/** The storefront's sign: negative when the buyer gets more than was calculated. */
function adjusted(
  flow: Flow,
  parts: number,
  sale: Sale,
  shop: Shop,
  random: Random,
): Story["adjustments"] {
  const left = sale.total - sale.refunded;
  if (flow === "goodwill") {
    const wanted = goodwill(sale, shop, random);
    return [{ reason: "REFUND_DISCREPANCY", amount: -Math.min(wanted, left - parts) }];
  }
  if (parts > left) return [{ reason: "REFUND_DISCREPANCY", amount: parts - left }];
  const returning = flow.endsWith("_return");
  if (returning && random.chance(0.05)) {
    const fee = random.chance(0.5) ? ratio(parts, 10, 100) : 500;
    return fee < parts ? [{ reason: "RESTOCK", amount: fee }] : [];
  }
  if (flow === "damaged" && random.chance(0.2)) {
    return [{ reason: "DAMAGE", amount: -Math.min(500, left - parts) }].filter(
      ({ amount }) => amount < 0,
    );
  }
  return [];
}

/** Round amounts, a share of a line, or rarely a discount's amount; most are below the limit. */
function goodwill(sale: Sale, shop: Shop, random: Random): number {
  const line = random.pick(sale.lines);
  const wanted = random.weighted([
    [random.pick([500, 1_000, 1_000, 1_500, 2_000, 2_500, 5_000]), 55],
    [ratio(line.net, random.pick([10, 15, 20, 30, 50]), 100), 30],
    [line.discount > 0 ? line.discount : 1_000, 8],
    [ratio(sale.total, random.int(40, 95), 100), 7],
  ] as const);
  const below = shop.approvalLimit - random.pick([1, 1, 100, 500]);
  return wanted >= shop.approvalLimit && random.chance(0.7) ? below : Math.max(100, wanted);
}
