import { type Booking, enteredByPerson, type Entry } from "./erp/booking.ts";
import { DAY, OFFICE_HOURS, HOUR, MINUTE } from "./calendar.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** Adds everyday actions of people and connectors that look like faults but are benign. */
export function addNoise(world: World): void {
  const dice = world.random.fork("noise");
  for (const booking of world.bookings) {
    const [entry, ...others] = booking.entries;
    if (entry === undefined || others.length > 0) continue;
    // People also add remarks to faulty bookings, so a remark proves nothing.
    const marked = booking.fault !== null && entry.edits.length === 0 && entry.deletedAt === null;
    if (marked && dice.chance(0.035)) remark(booking, entry, world, dice);
    if (booking.fault !== null) continue;
    const turn = dice.weighted(TURNS);
    if (turn === null) continue;
    const benign = turn(booking, entry, world, dice);
    if (benign !== null) booking.benign ??= benign;
  }
  if (world.connector.merges) merge(world);
  wholesale(world, dice);
}

type Turn = (booking: Booking, entry: Entry, world: World, dice: Random) => string | null;

/** A person adds a remark, days later. */
const remark: Turn = (_, entry, { calendar, connector, toMs }, dice) => {
  const day = calendar.day(entry.at + dice.between(0.3, 9) * DAY);
  const at = calendar.moment(day, OFFICE_HOURS, dice);
  if (at <= entry.at || at >= toMs) return null;
  const memo = entry.memo === null ? "checked" : `${entry.memo}, checked`;
  entry.edits.push({ at, by: dice.pick(connector.accountants), memo });
  return "remark_added";
};

/** Entered by a person, in time and correct. */
const typed: Turn = (booking, entry, world, dice) => {
  if (booking.benign !== null || world.options.erpFirst === true) return null;
  const { accountants, returnsTeam } = world.connector;
  const form = booking.story.distribution && dice.chance(0.5);
  const by = dice.pick(form ? returnsTeam : accountants);
  const at = booking.story.at + Math.floor(dice.between(0.2, 5) * HOUR);
  const typedIn = enteredByPerson(entry, at, by, world.connector);
  if (form) typedIn.memo = `Return form ${dice.int(1_000, 9_999)}`;
  booking.entries = [typedIn];
  return "entered_by_hand";
};

/** The support staff book in the ERP first, and refund in the storefront minutes later. */
const erpBefore: Turn = (booking, entry, world, dice) => {
  if (booking.benign !== null || booking.story.staff === null) return null;
  const by = dice.pick(world.connector.accountants);
  const at = booking.story.at - dice.int(3, 150) * MINUTE;
  booking.entries = [enteredByPerson(entry, at, by, world.connector)];
  return "negative_gap";
};

/** A larger amount waits for an approval. */
const signature: Turn = (booking, entry, world, dice) => {
  if (entry.kind !== "CustCred" || booking.story.total < world.shop.approvalLimit) return null;
  const at = entry.at + dice.int(15, 300) * MINUTE;
  if (at >= world.toMs) return null;
  entry.approved = false;
  entry.edits.push({ at, by: dice.pick(world.connector.accountants), approved: true });
  if (entry.payout !== null) entry.payout = { ...entry.payout, at: at + 30 * MINUTE };
  return "approved_by_hand";
};

/** Voided by a person and posted again without a change. */
const reposted: Turn = (booking, entry, world, dice) => {
  const { calendar, connector, toMs } = world;
  const at = calendar.moment(calendar.day(entry.at + dice.between(1, 4) * DAY), OFFICE_HOURS, dice);
  if (at + HOUR >= toMs || at <= entry.at) return null;
  const by = dice.pick(connector.accountants);
  entry.edits.push({ at, by, voided: true });
  const again = enteredByPerson(entry, at + dice.int(2, 30) * MINUTE, by, connector);
  booking.entries = [{ ...entry, payout: null }, again];
  return "voided_and_reposted";
};

/** Goods and shipping in two documents. */
const split: Turn = (booking, entry, _, dice) => {
  const shipping = entry.lines.filter(({ type }) => type === "ShipItem");
  const rest = entry.lines.filter(({ type }) => type !== "ShipItem");
  if (shipping.length === 0 || rest.length === 0 || booking.benign !== null) return null;
  const second = {
    ...entry,
    at: entry.at + dice.int(3, 40) * 1_000,
    lines: shipping,
    externalId: null,
    edits: [],
  };
  booking.entries = [{ ...entry, lines: rest }, second];
  return "split_in_two";
};

const TURNS: readonly (readonly [Turn | null, number])[] = [
  [null, 905],
  [remark, 30],
  [typed, 25],
  [erpBefore, 14],
  [signature, 14],
  [reposted, 4],
  [split, 8],
];

/** Two refunds of one order that one batch carries become one document. */
function merge(world: World): void {
  const before = new Map<string, Booking>();
  for (const booking of world.bookings) {
    const { story, fault, entries, benign } = booking;
    const [entry] = entries;
    if (fault !== null || benign !== null || entry === undefined) continue;
    const first = before.get(story.sale.orderId);
    const [earlier] = first?.entries ?? [];
    before.set(story.sale.orderId, booking);
    if (first === undefined || earlier === undefined || earlier.kind !== entry.kind) continue;
    const oneBatch = Math.abs(entry.at - earlier.at) < 10 * MINUTE;
    if (!oneBatch || earlier.edits.length > 0 || entry.edits.length > 0) continue;
    earlier.lines = [...earlier.lines, ...entry.lines];
    booking.entries = [earlier];
    booking.benign = "one_document_for_two";
    first.benign = "one_document_for_two";
  }
}

/**
 * Credits to wholesale customers, who are not in the storefront: few, of another subsidiary, with
 * the number of a purchase order. A product that sees only these documents must report them.
 */
function wholesale(world: World, dice: Random): void {
  const { connector, calendar, shop, fromMs, toMs } = world;
  const [sale] = world.sales;
  const weeks = (toMs - fromMs) / (7 * DAY);
  if (sale === undefined || dice.chance(0.5)) return;
  for (let count = Math.round(weeks * dice.between(0.2, 0.9)); count > 0; count -= 1) {
    const day = calendar.day(dice.between(fromMs + DAY, toMs - DAY));
    const at = calendar.moment(day, OFFICE_HOURS, dice);
    const by = dice.pick(connector.accountants);
    const product = dice.pick(shop.products);
    const quantity = dice.int(6, 40);
    if (at < fromMs || at >= toMs) continue;
    const entry: Entry = {
      sale,
      at,
      kind: "CustCred",
      by,
      source: null,
      entity: { id: String(dice.int(300, 900)), name: `Wholesale customer ${dice.int(1, 40)}` },
      subsidiary: "2",
      linked: false,
      externalId: null,
      otherRefNum: `PO-${dice.int(10_000, 99_999)}`,
      memo: "Returned goods",
      tranDate: calendar.date(at),
      currency: shop.currency,
      exchangeRate: "1",
      lines: [
        {
          type: "InvtPart",
          name: product.sku,
          quantity,
          amount: Math.round(product.price * 0.5) * quantity,
        },
      ],
      approved: true,
      payout: null,
      edits: [],
      deletedAt: null,
      documentId: "",
      payoutId: null,
    };
    world.strays.push({ entry, cause: null, pattern: null, benign: "wholesale", fault: null });
  }
}
