import { appendTo } from "../../collections/group-by.ts";
import type { DailyRollup } from "../rollup/daily-rollup.ts";

/** A refund as store credit or gift card, as the roll-ups keep it. */
export type GivenCredit = DailyRollup["credits"][number];

/**
 * A store credit loop: a refund gave a customer credit, the credit paid an order, and that order was
 * refunded too. Two refund events for one problem.
 */
export type CreditLoop = {
  readonly issued: GivenCredit;
  /** Other credits of the same customer that may have paid the order as well. */
  readonly rivals: number;
  /** The refund of the order that was paid with the credit. */
  readonly again: GivenCredit;
};

/** The loops of the last days, by the refunds in them. */
export class CreditLoops {
  readonly all: readonly CreditLoop[];
  readonly #of = new Map<string, CreditLoop[]>();

  /** @param older credits that were given before the days of the roll-ups */
  constructor(rollups: readonly DailyRollup[], older: readonly GivenCredit[] = []) {
    const byHolder = new Map<string, GivenCredit[]>();
    for (const credit of [...older, ...rollups.flatMap(({ credits }) => credits)]) {
      appendTo(byHolder, credit.holder, credit);
    }
    this.all = [...byHolder.values()].flatMap((credits) => loopsIn(credits));
    for (const loop of this.all) {
      appendTo(this.#of, loop.issued.refundId, loop);
      appendTo(this.#of, loop.again.refundId, loop);
    }
  }

  of(refundId: string): readonly CreditLoop[] {
    return this.#of.get(refundId) ?? [];
  }
}

/**
 * The order was placed after the credit was given. Of several credits before it that have paid for no
 * earlier order, the newest one is named, and the others are counted as its rivals.
 */
function loopsIn(credits: readonly GivenCredit[]): readonly CreditLoop[] {
  const inOrder = credits.toSorted(
    (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0) || (a.refundId < b.refundId ? -1 : 1),
  );
  const spent = new Set<GivenCredit>();
  return inOrder.flatMap((again) => {
    if (!again.orderPaidWithIt) return [];
    const before = inOrder.filter(
      (one) => one.at <= again.orderCreatedAt && one.orderId !== again.orderId && !spent.has(one),
    );
    const issued = before.at(-1);
    if (issued === undefined) return [];
    spent.add(issued);
    return [{ issued, rivals: before.length - 1, again }];
  });
}
