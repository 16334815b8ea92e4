import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { logLine } from "../lambdas/log.ts";

const event = { level: "info", code: "PAGE_COMMITTED", sentence: "Page stored." } as const;

describe("a line of the log", () => {
  it("is one line of JSON without control characters, whatever a source sends", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => {
        const line = logLine({ ...event, facts: { id: text } });
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
        expect(line.length).toBeLessThan(4_000);
        expect(JSON.parse(line)).toMatchObject({ level: "info", code: "PAGE_COMMITTED" });
      }),
    );
  });

  it("cannot be made to look like another line", () => {
    const line = logLine({ ...event, facts: { id: '1\n{"code":"FORGED"}' } });
    expect(line.split("\n")).toHaveLength(1);
  });
});
