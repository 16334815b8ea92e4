import { byText } from "../../collections/order.ts";
import { msOf } from "../../time/instant.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { clockStart } from "../../observation/refund-figures.ts";
import type { Policy } from "../../policy.ts";

/**
 * Pairs refunds and documents of the same amount in one order by their times.
 *
 * - One refund and one document belong together, however long before the refund the ERP had it.
 * - If there are as many documents as refunds, and none is before its refund, the first is paired
 *   with the first and the second with the second. Any other pairs would only exchange the labels.
 * - In all other cases a document belongs to the refund whose normal window contains it. Refunds
 *   that compete for fewer documents are contested.
 *
 * Documents without a refund are left for the search for duplicates.
 */
export function pairInTime(
  refunds: readonly StorefrontRefund[],
  documents: readonly ErpDocument[],
  policy: Pick<Policy, "staleAfterMs" | "windowMs">,
): InTime {
  const starts = refunds
    .map((refund) => ({ refund, at: msOf(clockStart(refund)) }))
    .toSorted(
      (one, other) => one.at - other.at || byText(one.refund.refundId, other.refund.refundId),
    );
  const bookings = documents
    .map((document) => ({ document, at: msOf(document.createdAt) }))
    .toSorted(
      (one, other) =>
        one.at - other.at || byText(one.document.documentId, other.document.documentId),
    );
  const paired = inOrder(starts, bookings);
  return paired ?? byWindow(starts, bookings, policy);
}

export type InTime = {
  readonly pairs: readonly { readonly refund: StorefrontRefund; readonly document: ErpDocument }[];
  readonly contested: readonly {
    readonly refunds: readonly StorefrontRefund[];
    readonly documents: readonly ErpDocument[];
  }[];
};

type Start = { readonly refund: StorefrontRefund; readonly at: number };
type Booking = { readonly document: ErpDocument; readonly at: number };

function inOrder(starts: readonly Start[], bookings: readonly Booking[]): InTime | null {
  if (starts.length !== bookings.length) return null;
  const isLonePair = starts.length === 1;
  const pairs = [];
  for (const [index, { refund, at }] of starts.entries()) {
    const booking = bookings[index];
    if (booking === undefined || (booking.at < at && !isLonePair)) return null;
    pairs.push({ refund, document: booking.document });
  }
  return { pairs, contested: [] };
}

/**
 * First pairs inside the normal windows, then pairs the rest: documents that are late or that came
 * before the refund.
 */
function byWindow(
  starts: readonly Start[],
  bookings: readonly Booking[],
  policy: Pick<Policy, "staleAfterMs" | "windowMs">,
): InTime {
  const normal = pairWithin(starts, bookings, 0, policy.staleAfterMs);
  const decided = new Set<unknown>([
    ...normal.pairs.flatMap(({ refund, document }) => [refund, document]),
    ...normal.contested.flatMap(({ refunds, documents }) => [...refunds, ...documents]),
  ]);
  const outside = pairWithin(
    starts.filter(({ refund }) => !decided.has(refund)),
    bookings.filter(({ document }) => !decided.has(document)),
    -policy.windowMs,
    Number.POSITIVE_INFINITY,
  );
  return {
    pairs: [...normal.pairs, ...outside.pairs],
    contested: [...normal.contested, ...outside.contested],
  };
}

/**
 * Both lists are in order of time and every refund's window is equally long, so the refunds to
 * which a document may belong are neighbours: one pass finds the connected groups.
 */
function pairWithin(
  starts: readonly Start[],
  bookings: readonly Booking[],
  from: number,
  to: number,
): InTime {
  const pairs: InTime["pairs"][number][] = [];
  const contested: InTime["contested"][number][] = [];
  let first = 0;
  let last = 0;
  let group: { from: number; to: number; bookings: Booking[] } | null = null;
  const close = (): void => {
    if (group === null) return;
    const members = starts.slice(group.from, group.to);
    const result = firstFits(members, group.bookings, from, to);
    if (result === null) {
      contested.push({
        refunds: members.map(({ refund }) => refund),
        documents: group.bookings.map(({ document }) => document),
      });
    } else pairs.push(...result);
    group = null;
  };
  for (const booking of bookings) {
    while ((starts[first]?.at ?? Infinity) + to < booking.at) first++;
    last = Math.max(last, first);
    while ((starts[last]?.at ?? Infinity) + from <= booking.at) last++;
    if (first === last) continue;
    if (group !== null && first < group.to) {
      group.to = last;
      group.bookings.push(booking);
    } else {
      close();
      group = { from: first, to: last, bookings: [booking] };
    }
  }
  close();
  return { pairs, contested };
}

/** Each refund in turn gets the first free document in its window; null if one gets none. */
function firstFits(
  starts: readonly Start[],
  bookings: readonly Booking[],
  from: number,
  to: number,
): InTime["pairs"] | null {
  const pairs = [];
  let next = 0;
  for (const { refund, at } of starts) {
    while (next < bookings.length && (bookings[next]?.at ?? 0) < at + from) next++;
    const booking = bookings[next];
    if (booking === undefined || booking.at > at + to) return null;
    pairs.push({ refund, document: booking.document });
    next++;
  }
  return pairs;
}
