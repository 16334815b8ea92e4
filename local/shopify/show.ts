import type { LifePerson, LifePlace } from "../life/life.ts";
import type { SeenOrder, SeenRefund } from "./world.ts";

/**
 * How the parts of an answer are shown; handed down, because orders show refunds and refunds show
 * their order.
 */
export type Show = {
  person(person: LifePerson | null, field: string): object | null;
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
