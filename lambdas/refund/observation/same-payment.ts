import type { ErpDocument, StorefrontRefund } from "./observation.ts";

/**
 * Whether the document names the refund's payment: `yes`, `no`, or `unknown` if one side names no
 * payment or uses another kind of id (a check number on one side, a processor's id on the other).
 */
export function samePayment(refund: StorefrontRefund, document: ErpDocument): Agreement {
  const theirs = document.paymentReferences.map(plainId).filter((text) => text !== "");
  if (theirs.length === 0) return "unknown";
  const ours = refund.transactions.flatMap(({ references }) => references.map(plainId));
  if (ours.length === 0) return "unknown";
  if (ours.some((one) => theirs.some((other) => isSameId(one, other)))) return "yes";
  return ours.some((one) => theirs.some((other) => kindOfId(one) === kindOfId(other)))
    ? "no"
    : "unknown";
}

export function sameCustomer(refund: StorefrontRefund, document: ErpDocument): Agreement {
  if (refund.customerKey === null || document.customerKey === null) return "unknown";
  return refund.customerKey === document.customerKey ? "yes" : "no";
}

export type Agreement = "yes" | "no" | "unknown";

/** A processor's id is often a part of a longer text ("stripe re_3Nx…"). */
function isSameId(one: string, other: string): boolean {
  if (one === other) return one !== "";
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= SHORTEST_ID && long.includes(short);
}

/** An id as it is compared: small letters and digits alone. */
export function plainId(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** The letters at the beginning and the length: two ids of the same kind have both in common. */
function kindOfId(text: string): string {
  const letters = /^[a-z]{1,4}(?=\d)/.exec(text)?.[0] ?? "";
  return `${letters}:${text.length}`;
}

/** A shorter text may be a word. */
export const SHORTEST_ID = 8;
