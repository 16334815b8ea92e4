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
  if (learned === undefined || learned === null) return "ours";
  return learnedTrait(document, learned, scope)?.ownership ?? "ours";
}

/** Why a document is not this shop's, in words; empty for a document that is. */
export function ownershipWords(document: Traits, policy: OwnershipPolicy): string {
  const { scope, learned } = policy;
  if (scope !== undefined && isOutside(document, scope)) {
    return "the brand file's erp.scope excludes it: it is another business's";
  }
  const found =
    learned === undefined || learned === null ? null : learnedTrait(document, learned, scope);
  if (found === null) return "";
  const { trait, value, tally, ownership } = found;
  const of = `${TRAIT_WORDS[trait]} ${value}`;
  if (ownership === "probably_not_ours") {
    return `it is probably another business's: ${tally?.agreed ?? 0} of ${tally?.seen ?? 0} documents of ${of} agree with a refund of this shop`;
  }
  return `it cannot be told whether ${of} belongs to this shop`;
}

/**
 * The line below `erp.scope` of the brand file that leaves out what is probably another business's;
 * null where no such line can: the brand file has no list of users that are not this shop's.
 */
export function proposedScope({ company, prefix }: LearnedOwnership): string | null {
  const [key, tallies] = company.some(isNotOurs)
    ? (["companies", company] as const)
    : (["documentPrefixes", prefix] as const);
  const ours = tallies.filter(({ ownership }) => ownership === "ours");
  if (!tallies.some(isNotOurs) || ours.length === 0) return null;
  const values = ours.map(({ value }) => JSON.stringify(value.replace(/ \(.*$/, "")));
  return `${key}: [${[...new Set(values)].join(", ")}]`;
}

function isNotOurs({ ownership }: TraitTally): boolean {
  return ownership === "probably_not_ours";
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

type Traits = Pick<ErpDocument, "company" | "documentNumber" | "kind" | "createdBy" | "segments">;
export type OwnershipPolicy = Pick<Policy, "scope" | "learned">;

type Found = {
  readonly trait: Trait;
  readonly value: string;
  readonly tally: TraitTally | null;
  readonly ownership: "unclear" | "probably_not_ours";
};

/**
 * The first trait because of which the document is not certainly this shop's. What the brand file
 * decides is not learned again. Only the company can leave it unclear: a new prefix or a new
 * integration user of this shop's own is too common.
 */
function learnedTrait(
  document: Traits,
  learned: LearnedOwnership,
  scope: DocumentScope | undefined,
): Found | null {
  for (const [trait, value] of traitsOf(document)) {
    if (trait === "company" && (scope?.companies.length ?? 0) > 0) continue;
    if (trait === "prefix" && (scope?.documentPrefixes.length ?? 0) > 0) continue;
    const tallies = learned[trait];
    const tally = tallies.find((one) => one.value === value) ?? null;
    if (trait === "company") {
      const isOnly = tallies.length === 0 || (tallies.length === 1 && tally !== null);
      const ownership = isOnly ? "ours" : (tally?.ownership ?? "unclear");
      if (ownership !== "ours") return { trait, value, tally, ownership };
    } else if (tally?.ownership === "probably_not_ours") {
      return { trait, value, tally, ownership: "probably_not_ours" };
    }
  }
  return null;
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
  return !segments.some((segment) => channels.includes(segment));
}

const TRAIT_WORDS: Record<Trait, string> = {
  company: "company",
  prefix: "the number prefix",
  maker: "the integration user",
};
