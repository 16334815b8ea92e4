import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import type { MatchRule } from "../../record/sync-record.ts";

/** Refunds and documents that belong together, and the rule that says so. */
export type Link = {
  readonly refunds: readonly StorefrontRefund[];
  readonly documents: readonly ErpDocument[];
  /** Documents that book the same refund again. */
  readonly extra: readonly ErpDocument[];
  readonly rule: MatchRule;
  /** In words that finance can read. */
  readonly reason: string;
};

/** Why a record is unmatched: the equally good candidates, and the reason in words. */
export type Ambiguity = { readonly ambiguous: readonly string[]; readonly note: string | null };

/**
 * The state of the matching of one order: the unmatched refunds and documents, the links, and the
 * records that stay unmatched because two answers are equally good. A rule takes only from the
 * unmatched ones, so nothing is used twice.
 */
export class Matches {
  readonly refunds: Set<StorefrontRefund>;
  readonly documents: Set<ErpDocument>;
  /** By the id of the link's first refund. */
  readonly links = new Map<string, Link>();
  /**
   * Why some stay unmatched. The key is the object, because an order can have a hundred thousand of
   * them.
   */
  readonly ambiguities = new Map<StorefrontRefund | ErpDocument, Ambiguity>();

  constructor(refunds: Iterable<StorefrontRefund>, documents: Iterable<ErpDocument>) {
    this.refunds = new Set(refunds);
    this.documents = new Set(documents);
  }

  link(link: Omit<Link, "extra"> & { readonly extra?: readonly ErpDocument[] }): void {
    const { refunds, documents, extra = [], rule, reason } = link;
    for (const refund of refunds) this.refunds.delete(refund);
    for (const document of [...documents, ...extra]) this.documents.delete(document);
    this.links.set(keyOf(refunds), { refunds, documents, extra, rule, reason });
  }

  /** Replaces a link with one that has more documents. */
  widen(link: Link, wider: Partial<Pick<Link, "documents" | "extra" | "reason">>): void {
    const next = { ...link, ...wider };
    for (const document of [...next.documents, ...next.extra]) this.documents.delete(document);
    this.links.set(keyOf(link.refunds), next);
  }

  /** These stay unmatched: each may belong to more than one of the others. */
  leaveAmbiguous(
    refunds: readonly StorefrontRefund[],
    documents: readonly ErpDocument[],
    why: string,
  ): void {
    for (const refund of refunds) this.refunds.delete(refund);
    for (const document of documents) this.documents.delete(document);
    this.nameCandidates(refunds, documents, why);
  }

  /** Names the candidates, but keeps them available for the weaker rules. */
  nameCandidates(
    refunds: readonly StorefrontRefund[],
    documents: readonly ErpDocument[],
    why: string,
  ): void {
    const documentIds = documents.slice(0, MOST_CANDIDATES).map(({ documentId }) => documentId);
    const refundIds = refunds.slice(0, MOST_CANDIDATES).map(({ refundId }) => refundId);
    const forRefunds = { ambiguous: documentIds.toSorted(), note: why };
    const forDocuments = { ambiguous: refundIds.toSorted(), note: why };
    for (const refund of refunds) this.ambiguities.set(refund, forRefunds);
    for (const document of documents) this.ambiguities.set(document, forDocuments);
  }
}

function keyOf([refund]: readonly StorefrontRefund[]): string {
  return refund?.refundId ?? "";
}

/** Only the first ten in order of time, so that a record stays readable and small. */
const MOST_CANDIDATES = 10;
