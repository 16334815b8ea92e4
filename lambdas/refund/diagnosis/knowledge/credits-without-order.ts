import { appendTo } from "../../collections/group-by.ts";
import { amountKey } from "../../observation/amount-key.ts";
import { amountKeys } from "../../observation/amount-key.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * Credits in the ERP without an order, and refunds without a document, among the open exceptions,
 * by currency and amount. To link them would be a guess. But they are evidence for the question why
 * a refund is missing: the ERP did receive something.
 */
export class CreditsWithoutOrder {
  readonly #credits = new Map<string, ErpDocument[]>();
  readonly #refunds = new Map<string, StorefrontRefund[]>();

  constructor(exceptions: readonly SyncRecord[]) {
    for (const { refund, documents, order } of exceptions) {
      if (refund !== null && documents.length === 0) {
        for (const key of amountKeys(refund)) appendTo(this.#refunds, key, refund);
      }
      if (refund !== null || order !== null) continue;
      for (const document of documents) {
        appendTo(this.#credits, amountKey(document.currency, document.total), document);
      }
    }
  }

  /** Credits that may be this refund's, and how many refunds they may belong to. */
  for(refund: StorefrontRefund): CreditWithoutOrder | null {
    for (const key of amountKeys(refund)) {
      const credits = (this.#credits.get(key) ?? []).filter((one) => isAfter(one, refund));
      const rivals = this.#refunds.get(key)?.length ?? 0;
      if (credits.length > 0 && rivals > 0) return { credits, rivals };
    }
    return null;
  }

  /** Missing refunds that a credit may belong to. */
  missingFor(document: ErpDocument): readonly StorefrontRefund[] {
    const refunds = this.#refunds.get(amountKey(document.currency, document.total)) ?? [];
    return refunds.filter((refund) => isAfter(document, refund));
  }
}

export type CreditWithoutOrder = {
  readonly credits: readonly ErpDocument[];
  readonly rivals: number;
};

/** People often give round amounts, so two equal round amounts prove little. */
export function isRoundSum({ total }: Pick<ErpDocument, "total">): boolean {
  return /^\d*[05](\.0+)?$/.test(total);
}

/** A person may enter a refund weeks later; a credit from before the refund belongs to another. */
function isAfter({ createdAt }: ErpDocument, { processedAt }: StorefrontRefund): boolean {
  const gap = Date.parse(createdAt) - Date.parse(processedAt);
  return gap >= 0 && gap <= LONGEST_MS;
}

const LONGEST_MS = 30 * 86_400_000;
