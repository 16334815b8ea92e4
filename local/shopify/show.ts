import type { LifePerson, LifePlace } from "../life/life.ts";
import type { SeenOrder, SeenRefund } from "./world.ts";

/**
 * Functions that build the parts of an answer. They are passed as an argument, because orders
 * contain refunds and refunds contain their order.
 */
export type Show = {
  person(person: LifePerson | null, field: string): object | null;
  customer(customer: LifePerson | undefined): object | null;
  order(seen: SeenOrder): object;
  refund(seen: SeenRefund, parent: SeenOrder): object;
};

export function identity(kind: string, legacy: string) {
  return { id: `gid://shopify/${kind}/${legacy}`, legacyResourceId: legacy };
}

export function shownPlace(place: LifePlace | null): object | null {
  if (place === null) return null;
  return { ...identity("Location", place.id), name: place.name, isActive: true };
}
