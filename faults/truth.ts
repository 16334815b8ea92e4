import type { LifeDocument, LifeDocumentVersion } from "../local/life/life.ts";
import { worlds } from "../local/shopify/world.ts";
import type { SeenRefund } from "../local/shopify/world.ts";
import type { World } from "./world.ts";

/** The true content of the sources at an instant, from their histories alone. */
export class Truth {
  readonly world: World;
  readonly #shopAt: ReturnType<typeof worlds>;

  constructor(world: World) {
    this.world = world;
    this.#shopAt = worlds(world.life);
  }

  /** Refunds of orders that are not tests, by id. */
  refundsAt(
    ms: number,
  ): ReadonlyMap<string, SeenRefund & { readonly orderName: string; readonly listedAt: number }> {
    const { orders } = this.#shopAt(new Date(ms).toISOString());
    return new Map(
      orders
        .filter(({ order }) => !order.test)
        .flatMap(({ order, refunds, updatedAt }) =>
          refunds.map(
            (seen) =>
              [
                seen.refund.refundId,
                { ...seen, orderName: order.name, listedAt: Date.parse(updatedAt) },
              ] as const,
          ),
        ),
    );
  }

  /** Documents that exist at the instant, by id; the payouts of credits are left out. */
  documentsAt(ms: number): ReadonlyMap<string, SeenDocument> {
    const found = new Map<string, SeenDocument>();
    for (const document of this.world.life.documents) {
      if (document.type === "CustRfnd" && document.pays !== null) continue;
      const isDeleted = document.deletedAt !== null && Date.parse(document.deletedAt) <= ms;
      const version = document.versions.findLast(({ at }) => Date.parse(at) <= ms);
      if (version !== undefined && !isDeleted) {
        found.set(document.documentId, { document, version });
      }
    }
    return found;
  }

  /** The sum of the successful payments of a refund, in minor units. */
  settledOf({ payments }: SeenRefund): bigint {
    return payments
      .filter(({ status, payment }) => status === "SUCCESS" && !payment.test)
      .reduce((sum, { payment }) => sum + minor(payment.amount, this.world.digits), 0n);
  }
}

export type SeenDocument = {
  readonly document: LifeDocument;
  readonly version: LifeDocumentVersion;
};

/** An exact decimal as minor units; more digits than the currency has are an error. */
export function minor(amount: string, digits: number): bigint {
  const [, sign = "", whole = "0", parts = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (parts.length > digits && /[1-9]/.test(parts.slice(digits))) {
    throw new Error(`${amount} has more than ${digits} digits`);
  }
  const value = BigInt(whole + parts.slice(0, digits).padEnd(digits, "0"));
  return sign === "-" ? -value : value;
}
