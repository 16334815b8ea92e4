import { describe, expect, it } from "vitest";

import { laterDocument, newestDocument } from "../../../lambdas/refund/observation/newest.ts";
import { aDocument } from "../order-in-step.ts";

describe("a state that is not known", () => {
  const draft = aDocument({ state: "unposted", final: false });
  const unknown = aDocument({ state: "unknown", final: true });

  it("is replaced by a known one of the same change time, in both orders of reading", () => {
    expect(newestDocument(draft, unknown)).toBe(draft);
    expect(newestDocument(unknown, draft)).toBe(draft);
    expect(laterDocument(unknown, draft)).toBe(draft);
    expect(laterDocument(draft, unknown)).toBe(draft);
  });

  it("counts when the document has changed since", () => {
    const changed = { ...unknown, modifiedAt: "2026-11-30T00:00:00.000Z" };
    expect(newestDocument(draft, changed)).toBe(changed);
    expect(laterDocument(draft, changed)).toBe(changed);
  });
});
