import type { ErpDocument, StorefrontRefund } from "./observation.ts";

/**
 * The newest of two versions of the same refund, the same whichever arrives first.
 *
 * The source's change time decides. A platform may settle a payment without moving it, so at the
 * same time the version with less still open wins, then the greater text: any fixed order will do,
 * as long as it does not depend on the order of arrival.
 */
export function newestRefund(one: StorefrontRefund, other: StorefrontRefund): StorefrontRefund {
  return newest(one, other, ({ updatedAt, transactions }) => [
    updatedAt,
    String(transactions.filter(({ status }) => status !== "pending").length).padStart(6, "0"),
  ]);
}

/** The same for a document; one whose payout is known is newer than one without. */
export function newestDocument(one: ErpDocument, other: ErpDocument): ErpDocument {
  return newest(one, other, ({ modifiedAt, settlement, final }) => [
    modifiedAt,
    `${settlement === null ? 0 : 1}${final ? 1 : 0}`,
  ]);
}

function newest<Seen>(one: Seen, other: Seen, age: (seen: Seen) => readonly string[]): Seen {
  const rank = (seen: Seen): string => [...age(seen), JSON.stringify(seen)].join("\n");
  return rank(one) >= rank(other) ? one : other;
}
