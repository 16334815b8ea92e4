import * as z from "zod";
import type { Features } from "./features.ts";

/**
 * The workflow path of a refund, as far as the storefront shows it: channel, place, role, method.
 * Roll-ups count refunds and misses by path, so that a bypass can be found.
 */
export type WorkflowPath = z.infer<typeof workflowPathSchema>;

const yesNo = z.boolean().nullable();
const text = z.string().nullable();

export const workflowPathSchema = z.object({
  channel: text,
  location: text,
  handedTo: text,
  way: text,
  gateway: text,
  /** Null where it is the shop's currency. */
  buyerCurrency: text.default(null),
  role: z.enum(["staff", "app", "nobody"]).nullable(),
  staff: text,
  atRegister: yesNo,
  inCash: yesNo,
  asCredit: yesNo,
  undocumented: z.boolean(),
  underLimit: yesNo,
});

export function workflowPathOf(features: Features): WorkflowPath {
  const { segments } = features;
  return {
    channel: segments.channel,
    location: segments.location,
    handedTo: features.handedTo,
    way: features.goodsHandling,
    gateway: segments.gateway,
    buyerCurrency: features.buyerCurrency,
    role: features.role,
    staff: segments.staff,
    atRegister: features.atRegister,
    inCash: features.inCash,
    asCredit: features.asCredit,
    undocumented: features.undocumented,
    underLimit: features.underLimit,
  };
}

/** Whether goods came back and the platform does not show where, nor what happened to them. */
export function isPlaceUnseen({ handedTo, way }: WorkflowPath): boolean {
  return handedTo === null && way === WAY_UNKNOWN;
}

/** How `features.ts` says that the platform does not show what happened to the goods. */
const WAY_UNKNOWN = "goods";

/** The same path without the member of staff, for a day that has too many different paths. */
export function withoutStaff(path: WorkflowPath): WorkflowPath {
  return { ...path, staff: null };
}

/** "pos, Store 3, staff, cash": what is known of the path, for people. */
export function pathInWords({
  channel,
  location,
  handedTo,
  role,
  gateway,
  way,
}: WorkflowPath): string {
  const words = [channel, location, role === "nobody" ? "no person" : role, gateway, way];
  const goods = handedTo === null ? [] : [`goods at ${handedTo}`];
  const known = [...words, ...goods].filter((word) => word !== null);
  return known.length === 0 ? "unknown path" : known.join(", ");
}
