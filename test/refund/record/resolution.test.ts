import { describe, expect, it } from "vitest";

import { fingerprint } from "../../../lambdas/refund/record/fingerprint.ts";
import type {
  ErpDocument,
  StorefrontRefund,
} from "../../../lambdas/refund/observation/observation.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import { tieOut } from "../../../lambdas/refund/tie-out/tie-out.ts";
import { aDocument, aRefund, hours, LATER, nth, policy, tie } from "../order-in-step.ts";

const short = aDocument({ total: "50.00" });

function decided(
  refunds: readonly StorefrontRefund[],
  documents: readonly ErpDocument[],
  word: string,
  now: string = LATER,
): SyncRecord {
  const at = hours(20);
  const resolution = { at, by: "finance", note: "written off", fingerprint: word };
  const resolutions = new Map([["refund:900001", resolution]]);
  return nth(tieOut({ order: "1001", refunds, documents, resolutions }, policy, now), 0);
}

describe("a person's word", () => {
  const word = fingerprint(nth(tie([aRefund()], [short]), 0));

  it("resolves the record while both sides stay as they were", () => {
    const record = decided([aRefund()], [short], word);
    expect(record).toMatchObject({
      status: "resolved",
      openedAt: hours(2),
      resolvedAt: hours(20),
      exposure: "0.00",
      resolution: { by: "finance" },
    });
    expect(record.history.at(-1)).toEqual({
      at: hours(20),
      status: "resolved",
      why: "finance: written off",
    });
    expect(record.mismatches).toHaveLength(1);
  });

  it("is not broken by a change that touches no money, reference or state", () => {
    const touched = { ...short, modifiedAt: hours(30) };
    expect(decided([aRefund({ updatedAt: hours(30) })], [touched], word).status).toBe("resolved");
  });

  it("opens again when a side changes, and says since when", () => {
    const edited = { ...short, total: "49.00", modifiedAt: hours(30) };
    const record = decided([aRefund()], [edited], word);
    expect(record).toMatchObject({
      status: "mismatched",
      openedAt: hours(30),
      resolvedAt: null,
      exposure: "5.00",
    });
    expect(record.history.map(({ at, status }) => [at, status]).slice(-2)).toEqual([
      [hours(20), "resolved"],
      [hours(30), "mismatched"],
    ]);
  });

  it("does not hold before it was given", () => {
    expect(decided([aRefund()], [short], word, hours(19)).status).toBe("mismatched");
  });

  it("stays in the history of a record that came right by itself", () => {
    const stale = fingerprint(nth(tie([aRefund()], []), 0));
    const record = decided([aRefund()], [aDocument({ createdAt: hours(30) })], stale);
    expect(record).toMatchObject({ status: "resolved", mismatches: [{ kind: "late" }] });
    expect(record.history.map(({ status }) => status)).toEqual([
      "pending",
      "stale",
      "resolved",
      "resolved",
    ]);
  });

  it("tells any change of money, references or state by another fingerprint", () => {
    const changes: Partial<ErpDocument>[] = [
      { total: "50.01" },
      { currency: "CAD" },
      { state: "voided" },
      { tax: "1.00" },
      { references: [] },
      { bookedOn: "2026-12-01" },
      { settlement: { documentId: "9", amount: "50.00" } },
    ];
    const words = changes.map((change) =>
      fingerprint({ refund: aRefund(), documents: [{ ...short, ...change }] }),
    );
    expect(new Set([word, ...words]).size).toBe(changes.length + 1);
    expect(word).toMatch(/^[0-9a-f]{16}$/);
  });
});
