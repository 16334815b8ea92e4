import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { OwnershipEvidence } from "../../../lambdas/refund/observation/learn-ownership.ts";
import type { LearnedOwnership } from "../../../lambdas/refund/observation/learned-ownership.ts";
import type { ErpDocument } from "../../../lambdas/refund/observation/observation.ts";
import { ownershipOf, proposedScope } from "../../../lambdas/refund/observation/ownership.ts";
import { policyOf } from "../../../lambdas/ledger/policy.ts";
import { brandInStep } from "../../jobs/brand-in-step.ts";
import { documentInStep, refundInStep } from "../record-in-step.ts";

const POLICY = policyOf(brandInStep());
const THROUGH = "2026-11-30T00:00:00.000Z";
const IDS = Array.from({ length: 40 }, (_, at) => String(100 + at));

/** A document of this shop, by its order and its amount. */
function ours(id: string, change: Partial<ErpDocument> = {}): ErpDocument {
  return documentInStep(id, { references: [{ field: "order", text: `#10${id}` }], ...change });
}

/** A document of this order with an amount that no refund has. */
function theirs(id: string, change: Partial<ErpDocument> = {}): ErpDocument {
  return ours(id, { documentId: `8${id}`, total: "7.77", ...change });
}

function learned(documents: readonly ErpDocument[]): LearnedOwnership {
  const evidence = new OwnershipEvidence(POLICY);
  for (const id of IDS) evidence.addRefund(refundInStep(id));
  for (const document of documents) evidence.addDocument(document);
  return evidence.learned(THROUGH);
}

function series(
  count: number,
  prefix: string,
  change: Partial<ErpDocument> = {},
): readonly ErpDocument[] {
  return IDS.slice(0, count).map((id) =>
    theirs(id, { documentNumber: `${prefix}${id}`, ...change }),
  );
}

function agreeing(count: number, prefix: string): readonly ErpDocument[] {
  return IDS.slice(30, 30 + count).map((id) =>
    ours(id, { documentId: `9${id}`, documentNumber: `${prefix}${id}` }),
  );
}

function ownershipOfWholesale(documents: readonly ErpDocument[]): string | undefined {
  const { prefix } = learned([...BOOKS, ...documents]);
  return prefix.find(({ value }) => value.startsWith("WS"))?.ownership;
}

function ownershipOfCompany(
  documents: readonly ErpDocument[],
  company: string,
): string | undefined {
  return learned(documents).company.find(({ value }) => value === company)?.ownership;
}

const BOOKS = IDS.slice(0, 30).map((id) => ours(id, { company: "1" }));

describe("a number prefix", () => {
  it("is unclear when ten of its documents were seen and none agrees: it may be a series of ours", () => {
    expect(ownershipOfWholesale(series(10, "WS"))).toBe("unclear");
  });

  it("is this shop's with fewer: somebody may book there what is no refund", () => {
    expect(ownershipOfWholesale(series(9, "WS"))).toBe("ours");
  });

  it("stays unclear when one document of it agrees by chance, and is this shop's when many do", () => {
    expect(ownershipOfWholesale([...series(12, "WS"), ...agreeing(1, "WS")])).toBe("unclear");
    expect(ownershipOfWholesale([...series(12, "WS"), ...agreeing(6, "WS")])).toBe("ours");
  });

  it("is compared only with prefixes of the same kind of document", () => {
    expect(ownershipOfWholesale(series(12, "WS", { kind: "customer_refund" }))).toBe("ours");
  });

  it("is proposed as a setting by the prefixes that are this shop's", () => {
    expect(proposedScope(learned([...BOOKS, ...series(12, "WS")]))).toBe(
      'documentPrefixes: ["CM"]',
    );
  });
});

it("whose documents an integration user makes is unclear when ten of them never agree", () => {
  const createdBy = { id: "9804", kind: "integration" } as const;
  const machine = { id: "1455", kind: "integration" } as const;
  const documents = [
    ...IDS.slice(0, 30).map((id) => ours(id, { createdBy: machine })),
    ...IDS.slice(0, 10).map((id) => theirs(id, { createdBy })),
  ];
  const policy = { learned: learned(documents) };
  expect(ownershipOf(theirs("100", { createdBy }), policy)).toBe("unclear");
  expect(ownershipOf(theirs("100", { createdBy: { id: "9804", kind: "human" } }), policy)).toBe(
    "ours",
  );
});

describe("a company", () => {
  it("is this shop's when it is the only one", () => {
    expect(ownershipOfCompany([theirs("100", { company: "7" })], "7")).toBe("ours");
  });

  it("is unclear while nothing agrees with anything", () => {
    const documents = [theirs("100", { company: "1" }), theirs("101", { company: "2" })];
    expect(ownershipOfCompany(documents, "1")).toBe("unclear");
  });

  it("is this shop's when one document carries the whole id of a refund", () => {
    const evidence = new OwnershipEvidence(POLICY);
    evidence.addRefund(refundInStep("1", { refundId: "870001113286" }));
    const references = [{ field: "external_id", text: "870001113286" }] as const;
    evidence.addDocument(theirs("1", { company: "2", references }));
    evidence.addDocument(theirs("2", { company: "3", documentId: "9" }));
    const { company } = evidence.learned(THROUGH);
    expect(company).toMatchObject([
      { value: "2", ownership: "ours" },
      { value: "3", ownership: "probably_not_ours" },
    ]);
  });

  it("is unclear when a few of its documents agree by chance: another shop has such orders", () => {
    const documents = [
      ...IDS.slice(0, 12).map((id) => ours(id, { company: "1" })),
      ...IDS.slice(12, 16).map((id) => ours(id, { company: "2" })),
      ...IDS.slice(20, 32).map((id) => theirs(id, { company: "2" })),
    ];
    expect(ownershipOfCompany(documents, "1")).toBe("ours");
    expect(ownershipOfCompany(documents, "2")).toBe("unclear");
  });

  it("is unclear when it is the only one seen in an account with several", () => {
    const evidence = new OwnershipEvidence({ ...POLICY, companyCount: 3 });
    evidence.addRefund(refundInStep("1"));
    evidence.addDocument(ours("1", { company: "2" }));
    const policy = { learned: evidence.learned(THROUGH), companyCount: 3 };
    expect(ownershipOf(ours("1", { company: "2" }), policy)).toBe("unclear");
    expect(ownershipOf(ours("1", { company: "2" }), { learned: null, companyCount: 3 })).toBe(
      "ours",
    );
  });

  it("is this shop's when this shop's own user booked every refund in it once more", () => {
    const createdBy = { id: "7", kind: "integration" } as const;
    const twice = IDS.slice(0, 12).flatMap((id) => [
      ours(id, { company: "1", createdBy }),
      ours(id, { company: "3", createdBy, documentId: `9${id}` }),
    ]);
    expect(ownershipOfCompany(twice, "3")).toBe("ours");
  });

  it("does not hide the few documents that this shop's own user booked in it", () => {
    const createdBy = { id: "7", kind: "integration" } as const;
    const documents = (wrong: number) => [
      ...IDS.slice(0, 12).map((id) => ours(id, { company: "1", createdBy })),
      ...IDS.slice(0, wrong).map((id) => theirs(id, { company: "3", createdBy })),
    ];
    const document = theirs("100", { company: "3", createdBy });
    expect(ownershipOf(document, { learned: learned(documents(12)) })).toBe("unclear");
    expect(ownershipOf(document, { learned: learned(documents(25)) })).toBe("probably_not_ours");
  });

  it("shows nothing by refunds with which another company agrees too", () => {
    const both = IDS.slice(0, 5).flatMap((id) => [
      ours(id, { company: "1" }),
      ours(id, { company: "2", documentId: `9${id}` }),
    ]);
    expect(ownershipOfCompany(both, "2")).toBe("unclear");
  });
});

it("the same is learned from the same documents in any order", () => {
  const documents = [
    ...BOOKS.slice(0, 12),
    ...IDS.slice(0, 12).map((id) => theirs(id, { company: "2", documentNumber: `WS${id}` })),
  ];
  const expected = learned(documents);
  fc.assert(
    fc.property(fc.shuffledSubarray(documents, { minLength: documents.length }), (shuffled) => {
      expect(learned(shuffled)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

describe("a document that the brand file names", () => {
  const scope = { companies: [], documentPrefixes: [], channels: [] };
  const tally = { value: "1", seen: 1, agreed: 0, ownership: "unclear" } as const;
  const unknown = { learned: { company: [tally], prefix: [], maker: [] }, companyCount: 3 };

  it.each([
    ["its company", { companies: ["1"] }],
    ["its number, in any case", { documentPrefixes: ["cm"] }],
    ["its segment, in any case", { channels: ["WEB"] }],
  ])("by %s is this shop's, whatever was learned", (_what, named) => {
    const document = ours("100", { company: "1", documentNumber: "CM100", segments: ["5", "Web"] });
    expect(ownershipOf(document, { ...unknown, scope: { ...scope, ...named } })).toBe("ours");
    expect(ownershipOf(document, unknown)).toBe("unclear");
  });

  it.each([
    ["another company", { companies: ["2"] }],
    ["another number", { documentPrefixes: ["WS"] }],
    ["another segment", { channels: ["Wholesale"] }],
  ])("not, because it has %s, is outside the scope", (_what, named) => {
    const document = ours("100", { company: "1", documentNumber: "CM100", segments: ["5", "Web"] });
    expect(ownershipOf(document, { ...unknown, scope: { ...scope, ...named } })).toBe(
      "outside_scope",
    );
  });
});
