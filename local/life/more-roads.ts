import { totalOf } from "./erp/booking.ts";
import type { Booking, Entry, EntryLine } from "./erp/booking.ts";
import { linesOf } from "./erp/book.ts";
import { MINUTE } from "./calendar.ts";
import { ratio } from "./minor.ts";
import type { Random } from "./random.ts";
import { CASH, GIFT_CARD, STORE_CREDIT } from "./shop.ts";
import type { Story } from "./story.ts";
import type { World } from "./world.ts";

/**
 * Books some correct refunds in other ways that ERPs have:
 *
 * - an even exchange as a credit for the whole return, or as a credit of zero with the new item;
 * - a cheaper exchange as a credit for the whole return, of which only the difference is paid out;
 * - a cancelled order as the payout of its deposit.
 */
export function addMoreRoads(world: World): void {
  if (world.options.moreRoads !== true) return;
  const dice = world.random.fork("more roads");
  for (const booking of world.bookings) {
    if (booking.fault !== null) continue;
    if (booking.benign === "exchange_netted") bookExchange(booking, world, dice);
    else if (booking.benign === null) {
      if (booking.story.flow === "cancel") payBackDeposit(booking, dice);
      else exchangeForLess(booking, dice);
    }
  }
}

function bookExchange(booking: Booking, world: World, dice: Random): void {
  const { story } = booking;
  const { connector, shop, calendar } = world;
  const whole = linesOf(story, shop, connector);
  const newItem: EntryLine = {
    type: "InvtPart",
    name: "Exchange item",
    quantity: -1,
    amount: -totalOf(whole),
  };
  const foreign = story.sale.presentment !== null && connector.currency === "presentment";
  const at = story.at + dice.int(5, 200) * MINUTE;
  const isWhole = dice.chance(0.5);
  if (foreign || at >= world.toMs) return;
  booking.entries = [
    {
      sale: story.sale,
      at,
      kind: "CustCred",
      by: connector.user,
      source: connector.source,
      entity: connector.entity === "each_buyer" ? story.sale.customer : connector.buyers,
      subsidiary: connector.subsidiary,
      linked: true,
      externalId: null,
      otherRefNum: connector.orderText(story.sale.number),
      memo: null,
      tranDate: calendar.date(story.at),
      currency: shop.currency,
      exchangeRate: "1",
      lines: isWhole ? whole : [...whole, newItem],
      approved: true,
      payout: null,
      edits: [],
      deletedAt: null,
      documentId: "",
      payoutId: null,
    },
  ];
}

/** Half of the return's value stays in the shop for another item: the refund pays the rest. */
function exchangeForLess(booking: Booking, dice: Random): void {
  const { story } = booking;
  const [entry, another] = booking.entries;
  const [payment, second] = story.payments;
  if (entry === undefined || another !== undefined || !isPlain(entry)) return;
  const { payout } = entry;
  if (payment === undefined || second !== undefined || payment.outcome !== "success") return;
  const isReturn = story.flow === "app_return" && story.returnNumber !== null;
  if (!isReturn || entry.kind !== "CustCred" || staysInTheShop(story)) return;
  if (payout === null || story.oddBy !== 0 || !dice.chance(0.06)) return;
  const kept = ratio(payment.amount, dice.int(2, 6), 10);
  story.payments = [{ ...payment, amount: payment.amount - kept }];
  entry.payout = { ...payout, kept };
}

function payBackDeposit(booking: Booking, dice: Random): void {
  const [entry, another] = booking.entries;
  if (entry === undefined || another !== undefined || !isPlain(entry)) return;
  if (entry.kind !== "CustCred" || staysInTheShop(booking.story) || !dice.chance(0.5)) return;
  entry.kind = "CustRfnd";
  entry.payout = null;
}

function isPlain({ edits, deletedAt, exchangeRate, approved }: Entry): boolean {
  return edits.length === 0 && deletedAt === null && exchangeRate === "1" && approved;
}

function staysInTheShop({ payments }: Story): boolean {
  return payments.some(({ gateway }) => [CASH, GIFT_CARD, STORE_CREDIT].includes(gateway));
}
