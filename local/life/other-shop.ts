import type { Entry } from "./erp/booking.ts";
import { externalIdOf, type Spelling } from "./erp/connector.ts";
import { MINUTE } from "./calendar.ts";
import type { World } from "./world.ts";

/**
 * Adds the documents of another shop of the same group, which books into the same ERP through a
 * connector of its own, in another subsidiary. Its orders have the same numbers as this shop's. Some
 * of its refunds have the same amount as a refund of this shop's order of that number, and one of
 * the two may be missing.
 */
export function addOtherShop(world: World): void {
  if (world.options.otherShop !== true) return;
  const dice = world.random.fork("other shop");
  const spelling = dice.pick<Spelling>(["plain", "prefixed", "gid", "order"]);
  const user = { id: String(dice.int(9_100, 9_900)), name: "Integration user of the other shop" };
  let refundId = dice.int(610_000_000_000, 690_000_000_000);
  for (const { story, entries } of world.bookings) {
    refundId += dice.int(3, 4_000);
    if (!dice.chance(0.35)) continue;
    const at = story.at + dice.int(5, 600) * MINUTE;
    if (at >= world.toMs) continue;
    const same = dice.chance(0.08) ? entries[0] : undefined;
    const product = dice.pick(world.shop.products);
    const quantity = dice.int(1, 3);
    const goods = { type: "InvtPart" as const, name: product.sku, quantity };
    const lines = same?.lines ?? [{ ...goods, amount: product.price * quantity }];
    const entry: Entry = {
      sale: story.sale,
      at,
      kind: "CustCred",
      by: user,
      source: "restWebServices",
      entity: { id: "771", name: "Web customer of the other shop" },
      subsidiary: "2",
      linked: false,
      externalId: externalIdOf({ ...story, refundId: String(refundId) }, spelling),
      otherRefNum: `#${story.sale.number}`,
      memo: null,
      tranDate: world.calendar.date(at),
      currency: same?.currency ?? world.shop.currency,
      exchangeRate: "1",
      lines: [...lines],
      approved: true,
      payout: null,
      edits: [],
      deletedAt: null,
      documentId: "",
      payoutId: null,
    };
    const benign = "another_business";
    world.strays.push({ entry, cause: null, pattern: null, benign, fault: null });
  }
}
