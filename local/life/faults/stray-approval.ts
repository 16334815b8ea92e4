import type { Entry } from "../erp/booking.ts";
import { DAY, OFFICE_HOURS } from "../calendar.ts";
import type { Random } from "../random.ts";
import type { World } from "../world.ts";

/** The opposite: promised on the telephone, booked in the ERP, never made in the storefront. */
export function strayApproval(world: World, dice: Random): void {
  const { connector, calendar, shop } = world;
  const sale = dice.pick(world.sales);
  const day = calendar.day(Math.max(sale.at, world.fromMs) + dice.between(1, 8) * DAY);
  const at = calendar.moment(day, OFFICE_HOURS, dice);
  if (at >= world.toMs || at < world.fromMs || sale.total < 600) return;
  const by = dice.pick(connector.accountants);
  const entry: Entry = {
    sale,
    at,
    kind: "CustCred",
    by,
    source: null,
    entity: connector.entity === "each_buyer" ? sale.customer : connector.buyers,
    subsidiary: connector.subsidiary,
    linked: dice.chance(0.5),
    externalId: null,
    otherRefNum: connector.orderText(sale.number),
    memo: `Refund ${connector.orderText(sale.number)}`,
    tranDate: calendar.date(at),
    currency: shop.currency,
    exchangeRate: "1",
    lines: [
      {
        type: "OthCharge",
        name: "Refund adjustment",
        quantity: null,
        amount: Math.min(sale.total, dice.pick([500, 1_000, 1_500, 2_000, 2_500, 5_000])),
      },
    ],
    approved: true,
    payout: { at: at + 30 * 60_000, by, kept: 0 },
    edits: [],
    deletedAt: null,
    documentId: "",
    payoutId: null,
  };
  world.strays.push({
    entry,
    cause: "process",
    pattern: null,
    benign: null,
    fault: "verbal_approval",
  });
}
