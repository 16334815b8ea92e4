import { buyersCurrency, figuresIn } from "../../observation/refund-figures.ts";
import { FeatureText } from "./feature-words.ts";
import { minorUnits } from "../../money/minor-units.ts";
import { localTime } from "../../time/local-day.ts";
import { gatewaysOf } from "../../observation/tenders.ts";
import type { RefundTransaction, StorefrontRefund } from "../../observation/observation.ts";
import type { Policy } from "../../policy.ts";

/**
 * The features of a refund that are known without the ERP; exceptions are grouped by them. A
 * feature that the platform did not give is null, which means unknown and never "no".
 */
export type Features = {
  readonly segments: Segments;
  /**
   * The profile: order type, channel, gateway, discounts, currency, tax mode. Refunds with the same
   * profile (twins) should have the same result.
   */
  readonly profile: string;
  /** Made at a register: known from the channel, the register or the place. */
  readonly atRegister: boolean | null;
  readonly inCash: boolean | null;
  readonly asCredit: boolean | null;
  /** Who made it: staff, an integration app, nobody (the buyer made it), or null for unknown. */
  readonly role: "staff" | "app" | "nobody" | null;
  /** Null where it is the shop's currency. */
  readonly buyerCurrency: string | null;
  /** The place that took back or sent the goods; null where it is the store that refunded. */
  readonly handedTo: string | null;
  /** What became of the goods: returned, cancelled, not restocked, or amount only. */
  readonly goodsHandling: string;
  /** No return, no note, and no reference in a note. */
  readonly undocumented: boolean;
  readonly underLimit: boolean | null;
};

export const SEGMENT_KEYS = [
  "channel",
  "app",
  "gateway",
  "method",
  "location",
  "staff",
  "category",
  "discount",
  "currency",
  "tax",
  "path",
  "size",
  "hour",
  "day",
  "edited",
] as const;
export type SegmentKey = (typeof SEGMENT_KEYS)[number];
type Segments = Readonly<Record<SegmentKey, string | null>>;

export function featuresOf(refund: StorefrontRefund, policy: Policy): Features {
  const moved = refund.transactions.filter(({ status }) => status !== "failure");
  const gateway = gatewaysOf(refund);
  const method = joined(moved.map(methodOf));
  const location =
    refund.retailLocation ?? moved.find((payment) => payment.location !== null)?.location ?? null;
  const staff = refund.staff ?? moved.find(({ user }) => user !== null)?.user ?? null;
  const destination = destinationOf(refund);
  const local = localTime(refund.processedAt, policy.timeZone);
  const { orderEdited: edited } = refund;
  const segments: Segments = {
    channel: refund.channel,
    app: refund.app,
    gateway,
    method,
    location,
    staff,
    category: categoryOf(refund),
    discount: discountOf(refund),
    currency:
      refund.presentment === null
        ? refund.currency
        : `${buyersCurrency(refund)} in ${shopsCurrency(refund)}`,
    tax: refund.taxesIncluded ? "included" : "on top",
    path: pathOf(refund, destination),
    size: sizeOf(refund, policy),
    hour: local.band,
    day: local.weekday,
    edited: edited === null ? null : edited ? "yes" : "no",
  };
  return {
    segments,
    profile: profileOf(refund, segments),
    atRegister: atRegister(refund, location),
    inCash: mentions(FeatureText.cash, gateway, method),
    asCredit: mentions(FeatureText.credit, gateway, method),
    role: roleOf(refund, staff, policy),
    buyerCurrency: buyerCurrencyOf(refund),
    handedTo: destination === location ? null : destination,
    goodsHandling: goodsHandlingOf(refund),
    undocumented: refund.returnId === null && !refund.hasNote && !refund.noteHasReference,
    underLimit: isUnderLimit(refund, policy),
  };
}

function methodOf({ method, manual }: RefundTransaction): string | null {
  return method ?? (manual ? "manual" : null);
}

function joined(words: readonly (string | null)[]): string | null {
  const known = new Set(words.filter((word) => word !== null));
  return known.size === 0 ? null : [...known].toSorted().join(" + ");
}

function mentions(word: RegExp, ...texts: readonly (string | null)[]): boolean | null {
  const known = texts.filter((text) => text !== null);
  return known.length === 0 ? null : known.some((text) => word.test(text));
}

function atRegister({ channel }: StorefrontRefund, location: string | null): boolean | null {
  if (channel !== null && FeatureText.register.test(channel)) return true;
  if (location !== null) return true;
  return channel === null ? null : false;
}

function roleOf(
  { app, staffKnown }: StorefrontRefund,
  staff: string | null,
  { integrationApps }: Policy,
): Features["role"] {
  if (app !== null && integrationApps.includes(app)) return "app";
  if (staff !== null) return "staff";
  return staffKnown ? "nobody" : null;
}

function buyerCurrencyOf(refund: StorefrontRefund): string | null {
  const { presentment, currency } = refund;
  if (presentment === null || presentment.currency === currency) return null;
  return buyersCurrency(refund);
}

function shopsCurrency({ presentment, currency }: StorefrontRefund): string {
  return presentment?.computedWithin === undefined ? currency : presentment.currency;
}

/** The place that took most of the goods back, or was to send them. */
function destinationOf({ lines }: StorefrontRefund): string | null {
  return biggest(lines.filter(({ location }) => location !== null))?.location ?? null;
}

function categoryOf({ lines }: StorefrontRefund): string | null {
  const sku = biggest(lines)?.sku ?? null;
  return sku === null ? null : (FeatureText.family.exec(sku)?.[0] ?? sku);
}

function discountOf({ lines, discountCodes }: StorefrontRefund): string {
  const kinds = new Set(lines.flatMap(({ discountKinds }) => discountKinds));
  if (kinds.size > 0) return [...kinds].toSorted().join(" + ");
  return discountCodes > 0 ? "code on other goods" : "none";
}

function pathOf(refund: StorefrontRefund, destination: string | null): string {
  const goodsHandling = goodsHandlingOf(refund);
  return destination === null ? goodsHandling : `${goodsHandling}, ${destination}`;
}

function goodsHandlingOf({ lines }: StorefrontRefund): string {
  if (lines.length === 0) return "amount only";
  return [...new Set(lines.map(({ restock }) => GOODS_HANDLING[restock]))].toSorted().join(" + ");
}

const GOODS_HANDLING = {
  return: "returned",
  cancel: "cancelled",
  no_restock: "not restocked",
  unknown: "goods",
} as const;

function isUnderLimit(refund: StorefrontRefund, policy: Policy): boolean | null {
  const settled = figuresIn(refund, policy.brandCurrency)?.settled;
  return settled === undefined ? null : minorUnits(settled) <= limitUnits(policy);
}

function sizeOf(refund: StorefrontRefund, policy: Policy): string | null {
  const settled = figuresIn(refund, policy.brandCurrency)?.settled;
  if (settled === undefined) return null;
  const limit = limitUnits(policy);
  const share = limit === 0 ? 3 : minorUnits(settled) / limit;
  if (share <= 0.25) return "up to a quarter of the approval limit";
  if (share <= 1) return "up to the approval limit";
  return share <= 2.5 ? "above the approval limit" : "far above the approval limit";
}

/** The limit in the brand currency's minor units: a brand file may write it with fewer digits. */
function limitUnits({ approvalLimit, brandCurrency }: Policy): number {
  return minorUnits(approvalLimit, brandCurrency);
}

function profileOf({ lines, components }: StorefrontRefund, segments: Segments): string {
  const { channel, gateway, discount, currency, tax } = segments;
  const goods = lines.length === 0 ? "no goods" : lines.length === 1 ? "one line" : "several lines";
  const shipping = /[1-9]/.test(components.shipping ?? "0") ? "with shipping" : "without shipping";
  return [
    channel ?? "channel unknown",
    gateway ?? "gateway unknown",
    discount === "none" ? "no discount" : `discount ${discount}`,
    currency,
    `tax ${tax}`,
    goods,
    shipping,
  ].join(", ");
}

function biggest<Line extends { readonly amount: string | null; readonly lineId: string }>(
  lines: readonly Line[],
): Line | undefined {
  return lines.toSorted(
    (a, b) =>
      minorUnits(b.amount ?? "0") - minorUnits(a.amount ?? "0") || (a.lineId < b.lineId ? -1 : 1),
  )[0];
}
