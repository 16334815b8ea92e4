import { byText } from "../collections/order.ts";
import { amountKey, amountKeys } from "./amount-key.ts";
import type { LearnedOwnership, Trait, TraitTally } from "./learned-ownership.ts";
import { traitsOf } from "./ownership.ts";
import type { ErpDocument, StorefrontRefund } from "./observation.ts";
import { orderOf, orderOfRefund, weakOrderOf } from "./order-reference.ts";
import { clockStart } from "./refund-figures.ts";
import { normaliseRefundId, refundIdsOf } from "./refund-id.ts";
import type { Instant } from "../time/instant.ts";
import { msOf } from "../time/instant.ts";
import type { Policy } from "../policy.ts";

/**
 * Learns which companies, number prefixes and integration users book for this shop.
 *
 * Another business on the same account has orders with the same numbers, so some of its documents
 * agree by chance. A value is this shop's if enough of its documents agree, compared with the value
 * whose documents agree most often. The result does not depend on the order of the observations.
 */
export class OwnershipEvidence {
  readonly #policy: Policy;
  /** Ids of refunds and of their orders. */
  readonly #ids = new Set<string>();
  readonly #startsBy = new Map<string, Map<string, number>>();
  readonly #documents = new Map<string, DocumentEvidence>();

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  addRefund(refund: StorefrontRefund): void {
    this.#ids.add(normaliseRefundId(refund.refundId));
    this.#ids.add(refund.orderId);
    const order = orderOfRefund(refund, this.#policy);
    const starts = this.#startsBy.get(order) ?? new Map<string, number>();
    this.#startsBy.set(order, starts);
    for (const key of amountKeys(refund)) starts.set(key, msOf(clockStart(refund)));
  }

  /** A later version replaces an earlier one. */
  addDocument(document: ErpDocument): void {
    const known = this.#documents.get(document.documentId);
    if (known !== undefined && known.modifiedAt > document.modifiedAt) return;
    const { documentId, company, documentNumber, kind, createdBy, segments } = document;
    this.#documents.set(documentId, {
      modifiedAt: document.modifiedAt,
      createdAt: document.createdAt,
      traits: { documentId, company, documentNumber, kind, createdBy, segments },
      order: orderOf(document, this.#policy) ?? weakOrderOf(document, this.#policy),
      amount: amountKey(document.currency, document.total),
      ids: refundIdsOf(document).filter((id) => id.length >= SHORTEST_ID),
    });
  }

  /**
   * @param through documents created later are left out, because their refund may not be read yet
   */
  learned(through: Instant): LearnedOwnership {
    const from = (this.#policy.watchedSince ?? "") === "" ? 0 : this.#watchedFrom();
    const evidences = [...this.#documents.values()].filter(
      ({ createdAt }) => createdAt <= through && msOf(createdAt) >= from,
    );
    const contested = contestedRefunds(evidences.filter((one) => this.#agrees(one)));
    const counts = new Map<Trait, Map<string, Counts>>();
    for (const evidence of evidences) {
      const proved = this.#isProved(evidence);
      const agreed = proved || (this.#agrees(evidence) && !contested.has(keyOf(evidence)));
      for (const [trait, value] of traitsOf(evidence.traits)) {
        const ofTrait = counts.get(trait) ?? new Map<string, Counts>();
        counts.set(trait, ofTrait);
        const { seen, agreed: before, proved: known } = ofTrait.get(value) ?? NOTHING;
        ofTrait.set(value, {
          seen: seen + 1,
          agreed: before + (agreed ? 1 : 0),
          proved: known + (proved ? 1 : 0),
        });
      }
    }
    const company = companies(counts.get("company") ?? new Map(), this.#policy.companyCount ?? 1);
    return {
      company,
      proved: this.#provedIn(evidences, company),
      shared: sharedUsers(evidences, company, counts.get("maker") ?? new Map()),
      prefix: weakTrait(counts.get("prefix") ?? new Map(), kindOfPrefix),
      maker: weakTrait(counts.get("maker") ?? new Map(), () => ""),
    };
  }

  /** The documents, for a caller that must find those whose owner changed. */
  *documents(): Iterable<readonly [string, DocumentEvidence]> {
    yield* this.#documents;
  }

  /** The documents that agree with a refund of this shop, by id. */
  agreeing(): ReadonlySet<string> {
    const all = [...this.#documents];
    const agree = all.map(([, evidence]) => evidence).filter((one) => this.#agrees(one));
    const contested = contestedRefunds(agree);
    const found = all.filter(
      ([, one]) => this.#isProved(one) || (this.#agrees(one) && !contested.has(keyOf(one))),
    );
    return new Set(found.map(([documentId]) => documentId));
  }

  #provedIn(
    evidences: readonly DocumentEvidence[],
    companyTallies: readonly TraitTally[],
  ): readonly string[] {
    const ours = new Set(
      companyTallies.filter(({ ownership }) => ownership === "ours").map(({ value }) => value),
    );
    return evidences
      .filter((one) => {
        const { company } = one.traits;
        return company !== null && !ours.has(company) && this.#isProved(one);
      })
      .map(({ traits }) => traits.documentId)
      .toSorted();
  }

  #isProved({ ids }: DocumentEvidence): boolean {
    return ids.some((id) => this.#ids.has(id));
  }

  #agrees({ order, amount, createdAt }: DocumentEvidence): boolean {
    const start = order === null ? undefined : this.#startsBy.get(order)?.get(amount);
    return start !== undefined && msOf(createdAt) >= start - this.#policy.windowMs;
  }

  /** The refund of an older document was perhaps never read. */
  #watchedFrom(): number {
    return msOf(this.#policy.watchedSince ?? "") + this.#policy.windowMs;
  }
}

export type DocumentEvidence = {
  readonly modifiedAt: Instant;
  readonly createdAt: Instant;
  readonly traits: Pick<
    ErpDocument,
    "documentId" | "company" | "documentNumber" | "kind" | "createdBy" | "segments"
  >;
  readonly order: string | null;
  readonly amount: string;
  readonly ids: readonly string[];
};

/**
 * Refunds with which documents of several companies and several users agree, by order and amount:
 * two shops on one account may have the same orders and prices, so these show nothing. One
 * integration user that books a refund in two companies books it twice.
 */
function contestedRefunds(agreeing: readonly DocumentEvidence[]): ReadonlySet<string> {
  const traitsOfKey = new Map<string, DocumentEvidence["traits"]>();
  const contested = new Set<string>();
  for (const evidence of agreeing) {
    const key = keyOf(evidence);
    const { company, createdBy } = evidence.traits;
    const other = traitsOfKey.get(key);
    const isSameUser = createdBy.id !== null && createdBy.id === other?.createdBy.id;
    if (other !== undefined && other.company !== company && !isSameUser) contested.add(key);
    if (other === undefined) traitsOfKey.set(key, evidence.traits);
  }
  return contested;
}

/**
 * Where a few documents of a company that seems to be another business's come from an integration
 * user of this shop, as `company user`. Many such documents are another business's that has the same
 * connector.
 */
function sharedUsers(
  evidences: readonly DocumentEvidence[],
  companyTallies: readonly TraitTally[],
  makers: ReadonlyMap<string, Counts>,
): readonly string[] {
  const others = new Set(
    companyTallies
      .filter(({ ownership }) => ownership === "probably_not_ours")
      .map(({ value }) => value),
  );
  const seen = new Map<string, number>();
  for (const { traits } of evidences) {
    const { company, createdBy } = traits;
    if (company === null || !others.has(company) || createdBy.id === null) continue;
    if ((makers.get(createdBy.id)?.agreed ?? 0) < ENOUGH) continue;
    const pair = `${company} ${createdBy.id}`;
    seen.set(pair, (seen.get(pair) ?? 0) + 1);
  }
  return [...seen]
    .filter(([, count]) => count < MANY_OF_ONE_USER)
    .map(([pair]) => pair)
    .toSorted();
}

function keyOf({ order, amount }: DocumentEvidence): string {
  return `${order} ${amount}`;
}

type Counts = { readonly seen: number; readonly agreed: number; readonly proved: number };
const NOTHING: Counts = { seen: 0, agreed: 0, proved: 0 };

/**
 * The only company of an account is this shop's. Of several, a company is this shop's if a document
 * of it carries the id of a refund, or three agree; and if its share of agreeing documents is at
 * least half of the best one's. Below a fifth it is probably another business's.
 */
function companies(counts: ReadonlyMap<string, Counts>, companyCount: number): TraitTally[] {
  const all = [...counts].map(([value, tally]) => ({ value, ...tally }));
  const isStrong = ({ proved, agreed }: Counts): boolean => proved > 0 || agreed >= ENOUGH;
  const best = Math.max(0, ...all.filter(isStrong).map(rate));
  const ownershipOfValue = (one: Counts): TraitTally["ownership"] => {
    if (all.length === 1 && companyCount <= 1) return "ours";
    if (best === 0) return "unclear";
    if (rate(one) < best * FAR_BELOW) return "probably_not_ours";
    return isStrong(one) && rate(one) >= best * NEAR ? "ours" : "unclear";
  };
  return all
    .map(({ proved, ...one }) => ({ ...one, ownership: ownershipOfValue({ ...one, proved }) }))
    .toSorted((one, other) => byText(one.value, other.value));
}

/**
 * A prefix or an integration user is unclear only if ten of its documents were seen and almost none
 * of them agree, while ten documents with another value of the same group do. With fewer, it may be a
 * series of this shop's own in which somebody books what is no refund; and it is never more than
 * unclear, because nothing hides this shop's own errors then.
 */
function weakTrait(
  counts: ReadonlyMap<string, Counts>,
  groupOf: (value: string) => string,
): TraitTally[] {
  const all = [...counts].map(([value, tally]) => ({ value, ...tally }));
  return all
    .map(({ value, seen, agreed }): TraitTally => {
      const others = all.filter(
        (one) => one.value !== value && groupOf(one.value) === groupOf(value),
      );
      const known = others.reduce((sum, one) => sum + one.agreed, 0);
      const best = Math.max(0, ...others.filter((one) => one.agreed >= ENOUGH).map(rate));
      const isFar = rate({ seen, agreed }) < best * FAR_BELOW;
      const isUnclear = isFar && seen >= SEVERAL && known >= SEVERAL;
      return { value, seen, agreed, ownership: isUnclear ? "unclear" : "ours" };
    })
    .toSorted((one, other) => byText(one.value, other.value));
}

function kindOfPrefix(value: string): string {
  return value.slice(value.lastIndexOf("("));
}

function rate({ agreed, seen }: Pick<Counts, "agreed" | "seen">): number {
  return seen === 0 ? 0 : agreed / seen;
}

/** A shorter number is no proof: it may be equal to a refund's id by chance. */
const SHORTEST_ID = 9;
const ENOUGH = 3;
const SEVERAL = 10;
const MANY_OF_ONE_USER = 20;
const FAR_BELOW = 0.2;
const NEAR = 0.5;
