import type { LifePerson, LifePlace } from "./life.ts";
import type { Random } from "./random.ts";
import { ADMIN_APP, type App, POS_APP, type Shop } from "./shop.ts";
import type { Flow, Sale } from "./story.ts";

/** The place to which the goods go back; null where none go back. */
export function placeOf(flow: Flow, sale: Sale, shop: Shop, random: Random): LifePlace | null {
  if (flow === "goodwill" || flow === "shipping_only") return sale.store?.place ?? null;
  if (flow === "web_return_in_store") {
    return random.weighted(shop.stores.map(({ place, weight }) => [place, weight] as const));
  }
  if (sale.store !== null) return sale.store.place;
  if (flow === "damaged" || flow === "edit_before_import") return shop.warehouse;
  return random.chance(0.62) ? shop.warehouse : random.pick(shop.distribution);
}

type People = {
  staff: LifePerson | null;
  app: App;
  note: string | null;
  returnNumber: number | null;
};

/** Who makes the refund: an app, the support staff or a store clerk, with or without a note. */
export function peopleOf(flow: Flow, where: LifePlace | null, shop: Shop, random: Random): People {
  const store = shop.stores.find(({ place }) => place === where);
  if (store !== undefined) {
    const staff = random.weighted(store.clerks);
    const note = random.chance(0.3) ? random.pick(STORE_NOTES) : null;
    return { staff, app: POS_APP, note, returnNumber: random.chance(0.35) ? 1 : null };
  }
  const machine = flow === "app_return" || (flow === "cancel" && random.chance(0.6));
  if (machine) {
    const note = random.chance(0.25) ? "Return received" : null;
    return { staff: null, app: shop.returnsApp, note, returnNumber: flow === "cancel" ? null : 1 };
  }
  const staff = random.weighted(shop.supportStaff);
  const written = random.chance(flow === "goodwill" ? 0.55 : 0.7);
  const ticket = random.chance(0.5) ? ` #${random.int(20_000, 99_000)}` : "";
  const note = written ? `${random.pick(SUPPORT_NOTES)}${ticket}` : null;
  const returning = flow === "desk_return" && random.chance(0.8);
  return { staff, app: ADMIN_APP, note, returnNumber: returning ? 1 : null };
}

const STORE_NOTES = ["Receipt shown", "Wrong size", "Gift return"];
const SUPPORT_NOTES = [
  "Agreed by ticket",
  "Arrived late",
  "Wrong item sent",
  "Damaged in transit",
  "Ticket",
];
