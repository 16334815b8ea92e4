import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { pack, unpack } from "../../lambdas/ledger/store/packing.ts";
import { cleanDocument, cleanRefund } from "../../bench/clean-refund.ts";

describe("packing", () => {
  it("gives back what was packed", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(unpack(pack(JSON.parse(text))))).toBe(text);
      }),
    );
  });

  it("keeps a clean refund with both its sides well under the kilobyte that a write is billed by", () => {
    const at = "2026-11-22T10:00:00.000Z";
    const sides = {
      refund: cleanRefund(7, at),
      documents: [cleanDocument(7, at)],
      resolution: null,
    };
    expect(pack(sides).length).toBeLessThan(800);
  });

  it.each([
    ["no bytes", new Uint8Array()],
    ["another dictionary", new Uint8Array([9, 1, 2])],
    ["damaged bytes", new Uint8Array([1, 255, 255, 255])],
  ])("says that it cannot read %s", (_, bytes) => {
    expect(() => unpack(bytes)).toThrow(/packed with|damaged/);
  });
});
