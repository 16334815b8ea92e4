import { pairLoose } from "../../lambdas/refund/circumstantial.ts";
import { dayOf } from "../../lambdas/refund/local-time.ts";
import type { ErpDocument, Instant, StorefrontRefund } from "../../lambdas/refund/observation.ts";
import { normaliseOrder, orderOf, refundIdsOf } from "../../lambdas/refund/order-reference.ts";
import { rollUp } from "../../lambdas/refund/rollup.ts";
import type { DailyRollup } from "../../lambdas/refund/rollup.ts";
import type { Policy, SyncRecord } from "../../lambdas/refund/sync-record.ts";
import { tieOut } from "../../lambdas/refund/tie-out.ts";
import type { Life } from "../../local/life/life.ts";
import type { Observed } from "./observed-life.ts";

/** Every record of a life at an instant, order by order as `pull` does it, then rule 5 over the rest. */
export function tieOutLife(
  { refunds, documents }: Observed,
  policy: Policy,
  now: Instant,
): SyncRecord[] {
  const orders = new Map<string, { refunds: StorefrontRefund[]; documents: ErpDocument[] }>();
  const orderOfRefund = new Map<string, string>();
  const at = (order: string): { refunds: StorefrontRefund[]; documents: ErpDocument[] } => {
    const seen = orders.get(order) ?? { refunds: [], documents: [] };
    orders.set(order, seen);
    return seen;
  };
  for (const refund of refunds) {
    const order = normaliseOrder(refund.orderNumber, policy.orderPrefixes) ?? refund.orderId;
    at(order).refunds.push(refund);
    orderOfRefund.set(refund.refundId, order);
  }
  const loose: ErpDocument[] = [];
  for (const document of documents) {
    const byRefund = refundIdsOf(document).flatMap((id) => orderOfRefund.get(id) ?? [])[0];
    const order = orderOf(document, policy) ?? byRefund;
    if (order === undefined) loose.push(document);
    else at(order).documents.push(document);
  }
  const tied = [...orders].flatMap(([order, sides]) => tieOut({ order, ...sides }, policy, now));
  const withRefund = tied.filter(({ refund }) => refund !== null);
  const others = tied.filter(({ refund }) => refund === null);
  return [...others, ...pairLoose({ refunds: withRefund, documents: loose }, policy, now)];
}

export function policyOfLife(life: Life): Policy {
  return {
    brandCurrency: life.shop.currency,
    timeZone: life.shop.timeZone,
    orderPrefixes: life.settings.orderPrefixes,
    windowMs: 72 * 3_600_000,
    tolerancePerLine: "0.00",
    staleAfterMs: life.planted.lateAfterHours * 3_600_000,
    checkpointAfterMs: 24 * 3_600_000,
    approvalLimit: life.settings.approvalLimit,
    integrationUsers: life.settings.erpMachines.flatMap(({ id, name }) => [id, name]),
    integrationApps: life.settings.storefrontMachines,
  };
}

/** The roll-ups of every local day of a life. */
export function rollUpLife(
  records: readonly SyncRecord[],
  policy: Policy,
  now: Instant,
): DailyRollup[] {
  const byDay = new Map<string, SyncRecord[]>();
  for (const record of records) {
    const times = [
      record.refund?.processedAt,
      ...record.documents.map(({ createdAt }) => createdAt),
    ];
    for (const day of new Set(
      times.flatMap((time) => (time === undefined ? [] : dayOf(time, policy.timeZone))),
    )) {
      const seen = byDay.get(day) ?? [];
      seen.push(record);
      byDay.set(day, seen);
    }
  }
  return [...byDay]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, ofTheDay]) => rollUp({ day, records: ofTheDay, policy, now }));
}
