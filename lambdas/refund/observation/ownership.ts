import type { ErpDocument } from "./observation.ts";
import type { LearnedOwnership, Trait, TraitTally } from "./learned-ownership.ts";
import type { DocumentScope, Policy } from "../policy.ts";

/**
 * Whose document it is. Several businesses may share one account of the ERP, and each may have an
 * order #1001.
 *
 * `outside_scope`: the brand file says that it is another business's. `probably_not_ours`: documents
 * with its company, number or maker do not match this shop's refunds, while others do. `unclear`:
 * the data do not decide it yet. Only a document that is `ours` may be matched without the id of a
 * refund.
 */
export type Ownership = "ours" | "unclear" | "probably_not_ours" | "outside_scope";

export function ownershipOf(document: Traits, policy: OwnershipPolicy): Ownership {
  const { scope, learned } = policy;
  if (scope !== undefined && isOutside(document, scope)) return "outside_scope";
  if (scope !== undefined && isNamed(document, scope)) return "ours";
  // The watch learns before it decides anything, and evaluates again what is not ours then.
  if (learned === undefined || learned === null) return "ours";
  return learnedTrait(document, learned, policy)?.ownership ?? "ours";
}

/** Why a document is not this shop's, in words; empty for a document that is. */
export function ownershipWords(document: Traits, policy: OwnershipPolicy): string {
  const { scope, learned } = policy;
  if (ownershipOf(document, policy) === "ours") return "";
  if (scope !== undefined && isOutside(document, scope)) {
    return "erp.scope of the brand file excludes it, by its company, number or segment";
  }
  if (learned === undefined || learned === null) return "";
  const found = learnedTrait(document, learned, policy);
  if (found === null) return "";
  const { trait, value, tally, ownership } = found;
  const of = `${TRAIT_WORDS[trait]} ${value}`;
  const shown =
    tally === null
      ? ""
      : `: ${tally.agreed} of ${tally.seen} of its documents have the order and the amount, or the id, of a refund of this shop`;
  return ownership === "probably_not_ours"
    ? `it is probably another business's, by ${of}${shown}`
    : `it cannot be told whether ${of} belongs to this shop${shown}; erp.scope of the brand file decides it`;
}

/** The trait because of which a document is not certainly this shop's; null for any other. */
export function otherOwnerTrait(
  document: Traits,
  learned: LearnedOwnership,
): { readonly trait: Trait; readonly value: string } | null {
  return learnedTrait(document, learned, {});
}

/**
 * The line below `erp.scope` of the brand file that leaves out what is not certainly this shop's;
 * null where no such line can: the brand file has no list of users that are not this shop's.
 */
export function proposedScope({ company, prefix }: LearnedOwnership): string | null {
  const [key, tallies] = company.some(({ ownership }) => ownership !== "ours")
    ? (["companies", company] as const)
    : (["documentPrefixes", prefix] as const);
  const ours = tallies.filter(({ ownership }) => ownership === "ours");
  if (tallies.every(({ ownership }) => ownership === "ours") || ours.length === 0) return null;
  const values = ours.map(({ value }) => JSON.stringify(value.replace(/ \(.*$/, "")));
  return `${key}: [${[...new Set(values)].join(", ")}]`;
}

export const TRAITS = ["company", "prefix", "maker"] as const;

/** The texts of a document that show whose it is, each with its trait. */
export function traitsOf(document: Traits): readonly (readonly [Trait, string])[] {
  const { company, documentNumber, kind, createdBy } = document;
  const prefix = /^[^\d]+/.exec(documentNumber ?? "")?.[0];
  const traits: [Trait, string][] = [];
  if (company !== null) traits.push(["company", company]);
  // Each kind of document has its own numbers, so prefixes are compared within a kind.
  if (prefix !== undefined) traits.push(["prefix", `${prefix} (${kind.replaceAll("_", " ")})`]);
  if (createdBy.kind === "integration" && createdBy.id !== null) {
    traits.push(["maker", createdBy.id]);
  }
  return traits;
}

type Traits = Pick<
  ErpDocument,
  "documentId" | "company" | "documentNumber" | "kind" | "createdBy" | "segments"
>;
export type OwnershipPolicy = Pick<Policy, "scope" | "learned" | "companyCount">;

type Found = {
  readonly trait: Trait;
  readonly value: string;
  readonly tally: TraitTally | null;
  readonly ownership: "unclear" | "probably_not_ours";
};

/**
 * The first trait because of which the document is not certainly this shop's. What the brand file
 * decides is not learned again. Only the company can make it probably another business's: a series
 * of numbers, or an integration user, whose documents agree with nothing may be this shop's own.
 */
function learnedTrait(
  document: Traits,
  learned: LearnedOwnership,
  { scope, companyCount }: Pick<OwnershipPolicy, "scope" | "companyCount">,
): Found | null {
  if (learned.proved?.includes(document.documentId) === true) return null;
  for (const [trait, value] of traitsOf(document)) {
    // Where the brand file lists companies or prefixes, it decides about them.
    if (trait === "company" && (scope?.companies.length ?? 0) > 0) continue;
    if (trait === "prefix" && (scope?.documentPrefixes.length ?? 0) > 0) continue;
    const tallies = learned[trait];
    const tally = tallies.find((one) => one.value === value) ?? null;
    if (trait === "company") {
      const isOnly = (companyCount ?? 1) <= 1 && tallies.length <= (tally === null ? 0 : 1);
      const ownership = isOnly ? "ours" : (tally?.ownership ?? "unclear");
      const isShared = learned.shared?.includes(`${value} ${document.createdBy.id ?? ""}`) === true;
      if (ownership === "probably_not_ours" && isShared) {
        return { trait, value, tally, ownership: "unclear" };
      }
      if (ownership !== "ours") return { trait, value, tally, ownership };
    } else if (tally !== null && tally.ownership !== "ours") {
      return { trait, value, tally, ownership: "unclear" };
    }
  }
  return null;
}

/** The brand file names its company, its number or its segment: then nothing is learned about it. */
function isNamed(
  { company, documentNumber, segments = [] }: Traits,
  scope: DocumentScope,
): boolean {
  const { companies, documentPrefixes, channels } = scope;
  if (company !== null && companies.includes(company)) return true;
  const number = (documentNumber ?? "").toUpperCase();
  if (documentPrefixes.some((prefix) => number.startsWith(prefix.toUpperCase()))) return true;
  const wanted = new Set(channels.map((channel) => channel.toUpperCase()));
  return segments.some((segment) => wanted.has(segment.toUpperCase()));
}

/** A text that the ERP does not give is unknown, and never outside. */
function isOutside({ company, documentNumber, segments }: Traits, scope: DocumentScope): boolean {
  const { companies, documentPrefixes, channels } = scope;
  if (companies.length > 0 && company !== null && !companies.includes(company)) return true;
  if (documentPrefixes.length > 0 && documentNumber !== null) {
    const number = documentNumber.toUpperCase();
    if (!documentPrefixes.some((prefix) => number.startsWith(prefix.toUpperCase()))) return true;
  }
  if (channels.length === 0 || segments === undefined || segments.length === 0) return false;
  const wanted = new Set(channels.map((channel) => channel.toUpperCase()));
  return !segments.some((segment) => wanted.has(segment.toUpperCase()));
}

const TRAIT_WORDS: Record<Trait, string> = {
  company: "company",
  prefix: "the number prefix",
  maker: "the integration user",
};
