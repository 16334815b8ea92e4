import { describe, expect, it } from "vitest";

import { generateLife } from "../../local/life/generate.ts";
import type { Life } from "../../local/life/life.ts";

function lived(options: { readonly moreRoads?: boolean; readonly otherShop?: boolean }): Life {
  return generateLife({
    seed: 34_101,
    from: "2026-10-01T00:00:00.000Z",
    days: 30,
    ordersPerDay: 200,
    faults: "none",
    ...options,
  });
}

describe("a life with other ways to book", () => {
  const life = lived({ moreRoads: true });
  const documentsOf = (refundId: string) => {
    const truth = life.truths.find((one) => one.refundId === refundId);
    return life.documents.filter(
      ({ documentId }) => truth?.documentIds.includes(documentId) === true,
    );
  };

  it("has exchanges whose credit is for the whole return, and credits of zero", () => {
    const totals = life.refunds
      .filter(({ exchange }) => exchange === true)
      .flatMap(({ refundId }) => documentsOf(refundId).map(({ versions }) => versions[0]?.total));
    expect(totals.length).toBeGreaterThan(5);
    expect(totals).toContain("0.00");
    expect(totals.some((total) => total !== "0.00")).toBe(true);
  });

  it("has deposits that are paid back for a cancelled order, without a credit", () => {
    const deposits = life.documents.filter(({ createdFrom }) => createdFrom?.type === "CustDep");
    expect(deposits.length).toBeGreaterThan(5);
    expect(new Set(deposits.map(({ type, pays }) => `${type} ${pays}`))).toEqual(
      new Set(["CustRfnd null"]),
    );
  });

  it("has cheaper exchanges, of whose credit only the difference is paid out", () => {
    const partly = life.documents.filter(({ pays, versions }) => {
      const credit = life.documents.find(({ documentId }) => documentId === pays);
      return credit !== undefined && Number(versions[0]?.total) < Number(credit.versions[0]?.total);
    });
    expect(partly.length).toBeGreaterThan(0);
  });

  it("is the same life without the option", () => {
    const plain = lived({});
    expect(plain.documents.some(({ createdFrom }) => createdFrom?.type === "CustDep")).toBe(false);
    expect(plain.refunds.map(({ refundId }) => refundId)).toEqual(
      life.refunds.map(({ refundId }) => refundId),
    );
  });
});

it("another shop on the account books for orders of the same numbers, in a company of its own", () => {
  const life = lived({ otherShop: true });
  const theirs = life.documents.filter(({ createdBy }) => createdBy.name.includes("other shop"));
  const numbers = new Set(life.orders.map(({ name }) => name));
  expect(theirs.length).toBeGreaterThan(20);
  expect(new Set(theirs.map(({ subsidiary }) => subsidiary))).toEqual(new Set(["2"]));
  expect(theirs.every(({ versions }) => numbers.has(versions[0]?.otherRefNum ?? ""))).toBe(true);
});
