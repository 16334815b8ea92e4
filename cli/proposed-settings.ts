import type { Brand } from "../lambdas/brand.ts";
import { amountKey, amountKeys } from "../lambdas/refund/observation/amount-key.ts";
import { OwnershipEvidence } from "../lambdas/refund/observation/learn-ownership.ts";
import type { LearnedOwnership } from "../lambdas/refund/observation/learned-ownership.ts";
import type { ErpDocument, StorefrontRefund } from "../lambdas/refund/observation/observation.ts";
import { orderOf, orderOfRefund } from "../lambdas/refund/observation/order-reference.ts";
import { normaliseRefundId } from "../lambdas/refund/observation/refund-id.ts";
import { plainId, SHORTEST_ID } from "../lambdas/refund/observation/same-payment.ts";
import { proposedScope } from "../lambdas/refund/observation/ownership.ts";
import type { Instant } from "../lambdas/refund/time/instant.ts";
import type { Policy } from "../lambdas/refund/policy.ts";
import { paymentIds } from "../lambdas/systems/redact.ts";

/** What both systems showed lately. */
export type SeenLately = {
  readonly refunds: readonly StorefrontRefund[];
  readonly documents: readonly ErpDocument[];
  /** Values of the ERP's own fields, by document and by the field's name. */
  readonly fields: ReadonlyMap<string, Readonly<Record<string, string>>>;
};

export type Proposal = {
  readonly learned: LearnedOwnership;
  /** Who made documents, by the ERP's id, the most frequent first. */
  readonly makers: readonly Maker[];
  /** Lines of the brand file; empty when nothing needs to be added. */
  readonly lines: readonly string[];
};

type Maker = {
  readonly id: string;
  readonly documents: number;
  readonly agreed: number;
  /** The ERP marks its documents as made by a machine, or the brand file lists it. */
  readonly isMachine: boolean;
  /** Its documents agree often enough with refunds of this shop. */
  readonly isOurs: boolean;
};

/** The settings that the data of the last days suggest for the brand file. */
export function proposeSettings(
  seen: SeenLately,
  { brand, policy, now }: { readonly brand: Brand; readonly policy: Policy; readonly now: Instant },
): Proposal {
  const evidence = new OwnershipEvidence(policy);
  for (const refund of seen.refunds) evidence.addRefund(refund);
  for (const document of seen.documents) evidence.addDocument(document);
  const learned = evidence.learned(now);
  const makers = makersOf(seen, evidence);
  const listed = new Set(brand.erp.integrationUsers);
  const machines = makers.filter(
    ({ id, isMachine, isOurs }) => isMachine && isOurs && !listed.has(id),
  );
  const { refunds } = seen;
  const ids = refunds.flatMap((one) => [normaliseRefundId(one.refundId), one.orderId]);
  const payments = refunds.flatMap(({ transactions }) =>
    transactions.flatMap(({ references }) => references.map(plainId)),
  );
  const referenceFields = fieldsWith(ids, digitsIn, seen);
  const paymentFields = fieldsWith(payments, (text) => paymentIds(text).map(plainId), seen);
  // A person who named companies knows more than a few days of documents show.
  const isChosen = brand.erp.scope.companies.length > 0 || isInFile(proposedScope(learned), brand);
  const scope = isChosen ? null : proposedScope(learned);
  const erp = [
    ...(scope === null ? [] : ["  scope:", `    ${scope}`]),
    ...listLine(
      "  integrationUsers",
      [...listed],
      machines.map(({ id }) => id),
    ),
    ...listLine("  referenceFields", brand.erp.referenceFields, referenceFields),
    ...listLine("  paymentFields", brand.erp.paymentFields, paymentFields),
  ];
  const prefixes = listLine("  orderPrefixes", policy.orderPrefixes, newPrefixes(seen, policy));
  return {
    learned,
    makers,
    lines: [
      ...(erp.length === 0 ? [] : ["erp:", ...erp]),
      ...(prefixes.length === 0 ? [] : ["matching:", ...prefixes]),
    ],
  };
}

function isInFile(scope: string | null, { erp }: Brand): boolean {
  const { companies, documentPrefixes } = erp.scope;
  const written = [
    `companies: [${companies.map((one) => JSON.stringify(one)).join(", ")}]`,
    `documentPrefixes: [${documentPrefixes.map((one) => JSON.stringify(one)).join(", ")}]`,
  ];
  return scope !== null && written.includes(scope);
}

/** A list replaces the one in the file, so its old values are repeated. */
function listLine(key: string, old: readonly string[], found: readonly string[]): string[] {
  const more = found.filter((value) => !old.includes(value));
  if (more.length === 0) return [];
  const values = [...old, ...more].map((value) => JSON.stringify(value));
  return [`${key}: [${values.join(", ")}]`];
}

function makersOf({ documents }: SeenLately, evidence: OwnershipEvidence): Maker[] {
  const makers = new Map<string, Omit<Maker, "isOurs">>();
  const agreeing = evidence.agreeing();
  for (const document of documents) {
    const { id, kind } = document.createdBy;
    if (id === null) continue;
    const { documents: count, agreed, isMachine } = makers.get(id) ?? UNKNOWN_MAKER;
    makers.set(id, {
      id,
      documents: count + 1,
      agreed: agreed + (agreeing.has(document.documentId) ? 1 : 0),
      isMachine: isMachine || kind === "integration",
    });
  }
  const best = Math.max(0, ...[...makers.values()].map(shareOf));
  const judged = [...makers.values()].map((one) => ({
    ...one,
    isOurs: one.agreed >= ENOUGH && shareOf(one) >= best / 2,
  }));
  return judged.toSorted(
    (one, other) => other.documents - one.documents || (one.id < other.id ? -1 : 1),
  );
}

function shareOf({ documents, agreed }: Omit<Maker, "isOurs">): number {
  return agreed / documents;
}

/**
 * The texts that stand before an order number where the product reads none of these orders yet: the
 * text ends with the number of an order that has a refund of exactly this amount.
 */
function newPrefixes({ refunds, documents }: SeenLately, policy: Policy): string[] {
  const amountsBy = new Map<string, Set<string>>();
  const orders = new Set(refunds.map((refund) => orderOfRefund(refund, policy)));
  for (const refund of refunds) {
    const digits = /\d+$/.exec(refund.orderNumber)?.[0] ?? "";
    const amounts = amountsBy.get(digits) ?? new Set<string>();
    amountsBy.set(digits, amounts);
    for (const key of amountKeys(refund)) amounts.add(key);
  }
  const counts = new Map<string, number>();
  for (const document of documents) {
    if (orders.has(orderOf(document, policy) ?? "")) continue;
    const key = amountKey(document.currency, document.total);
    for (const { field, text } of document.references) {
      if (field === "number" || field === "source") continue;
      const [, prefix = "", digits = ""] = /^([A-Za-z][A-Za-z _-]{0,18})(\d+)$/.exec(text) ?? [];
      if (prefix === "" || amountsBy.get(digits)?.has(key) !== true) continue;
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count >= ENOUGH)
    .map(([prefix]) => prefix)
    .toSorted();
}

/** Fields of the ERP in which several documents have an id of this list. */
function fieldsWith(
  ids: readonly string[],
  idsIn: (text: string) => readonly string[],
  { fields }: SeenLately,
): string[] {
  const known = new Set(ids.filter((id) => id.length >= SHORTEST_ID));
  const counts = new Map<string, number>();
  for (const values of fields.values()) {
    for (const [name, value] of Object.entries(values)) {
      if (!idsIn(value).some((id) => known.has(id))) continue;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count >= ENOUGH)
    .map(([name]) => name)
    .toSorted();
}

function digitsIn(text: string): readonly string[] {
  return text.match(/\d+/g) ?? [];
}

const UNKNOWN_MAKER: Omit<Maker, "isOurs"> = { id: "", documents: 0, agreed: 0, isMachine: false };
/** Fewer documents may agree by chance. */
const ENOUGH = 3;
