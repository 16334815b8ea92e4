import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { playDemo } from "../local/demo.ts";
import type { Figure } from "./figure.ts";

/** How long a new user waits for the demo, from the first line of its code to the last cycle. */
export async function demoBench(): Promise<readonly Figure[]> {
  const state = mkdtempSync(join(tmpdir(), "refund-watch-demo-"));
  const began = performance.now();
  try {
    await playDemo({
      state,
      seed: 1,
      days: 30,
      storefront: "shopify",
      erp: "netsuite",
      say: () => undefined,
    });
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  return [
    { name: "demoSeconds", value: seconds, unit: "s", goal: "at most 60", met: seconds <= 60 },
  ];
}
