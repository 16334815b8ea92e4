import { canonicalAmount, Money } from "../../../lambdas/refund/money/money.ts";
import type {
  ErpDocument,
  StorefrontRefund,
} from "../../../lambdas/refund/observation/observation.ts";
import type { MismatchKind } from "../../../lambdas/refund/record/mismatch.ts";
import { aDocument, aRefund, hours, nth } from "../order-in-step.ts";

/** What is really so of one refund (or of a document without one), by how it was made. */
export type Label = {
  readonly id: string;
  /** The documents that really book it; none when it is missing. */
  readonly documents: readonly string[];
  readonly kinds: readonly MismatchKind[];
  /** Nothing in the data can tell which document it is: a watcher must leave it alone. */
  readonly abstain?: true;
};

export type Case = {
  readonly name: string;
  readonly refunds: readonly StorefrontRefund[];
  readonly documents: readonly ErpDocument[];
  readonly labels: readonly Label[];
};

export type Made = Omit<Case, "name">;

let nextNumber = 10_000;

/** The same corpus has the same ids each time. */
export function beginCorpus(): void {
  nextNumber = 10_000;
}

/** Random but repeatable; every order, refund and document has ids of its own. */
export class Draw {
  #state: number;
  readonly #number: number;
  #count = 0;
  constructor(seed: number) {
    this.#state = seed % 2_147_483_647 || 1;
    this.#number = nextNumber++;
  }
  below(bound: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state % bound;
  }
  get order(): string {
    return `#${this.#number}`;
  }
  /** An amount that no other draw of this case has. */
  amount(currency = "USD", whole = 20 + this.below(400) + 500 * this.#count++): string {
    const digits = currency === "JPY" ? 0 : currency === "KWD" ? 3 : 2;
    const cents = String(1 + this.below(98)).padStart(2, "0");
    return canonicalAmount(
      digits === 0 ? `${whole}${cents}` : `${whole}.${cents}${digits === 3 ? 5 : ""}`,
      currency,
    );
  }
  refund(spoilt: Parameters<typeof aRefund>[0] = {}): StorefrontRefund {
    const refundId = `8${this.#number}${String(this.#count++).padStart(4, "0")}`;
    const processedAt = spoilt.processedAt ?? hours(this.below(24));
    return aRefund({
      refundId,
      orderNumber: this.order,
      orderId: `55${this.#number}`,
      processedAt,
      ...(spoilt.amount === undefined && spoilt.settled === undefined
        ? { amount: this.amount(spoilt.currency) }
        : {}),
      ...spoilt,
    });
  }
  /** Booked a while after the refund, in one of the ways in which books refer. */
  booking(refund: StorefrontRefund, spoilt: Parameters<typeof aDocument>[0] = {}): ErpDocument {
    const documentId = `3${this.#number}${String(this.#count++).padStart(4, "0")}`;
    const number = this.order.slice(1);
    const spellings = [this.order, number, `SO-${number}`, ` so${number} `];
    const order = nth(spellings, this.below(4));
    const createdAt = spoilt.createdAt ?? after(refund, 1 + this.below(4));
    return aDocument({
      documentId,
      order,
      createdAt,
      currency: refund.currency,
      total: refund.settled,
      ...spoilt,
    });
  }
  /** The refund's id as some integration writes it. */
  naming({ refundId }: StorefrontRefund): string {
    const global = `gid://shopify/Refund/${refundId}`;
    return nth([global, refundId, `shopify-refund-${refundId}`, `R-${refundId}`], this.below(4));
  }
}

export function after({ processedAt }: StorefrontRefund, count: number): string {
  return new Date(Date.parse(processedAt) + count * 3_600_000).toISOString();
}

export function label(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  ...kinds: MismatchKind[]
): Label {
  return {
    id: `refund:${refund.refundId}`,
    documents: documents.map(({ documentId }) => documentId),
    kinds,
  };
}

export function orphan(document: ErpDocument): Label {
  return {
    id: `document:${document.documentId}`,
    documents: [document.documentId],
    kinds: ["missing_in_storefront"],
  };
}

export function plus(amount: string, more: string, currency = "USD"): string {
  return Money.of(amount, currency).plus(Money.of(more, currency)).toString();
}

export const LOOSE = { order: "" };
