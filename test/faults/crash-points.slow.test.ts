import { afterAll, expect, it } from "vitest";

import { crashPoints, endAfter } from "../../faults/crash-points.ts";
import { netsuitePlatform } from "../../faults/platforms/netsuite.ts";
import { shopifyPlatform } from "../../faults/platforms/shopify.ts";
import { worldOf } from "../../faults/world.ts";

const PLATFORMS = [shopifyPlatform, netsuitePlatform];
afterAll(async () => netsuitePlatform.stop());

/** With FAULTS=all, as in CI, every point is played; else each 83rd, the first and the last. */
const STEP = process.env["FAULTS"] === "all" ? 1 : 83;

it(
  "reaches the same end after a crash or a lost reply at any call of any job",
  { timeout: 1_200_000 },
  async () => {
    const world = worldOf(5);
    const at = world.from + 20 * 3_600_000;
    const points = await crashPoints(world, PLATFORMS, at);
    expect(points.length).toBeGreaterThan(300);
    expect(new Set(points.map(({ job }) => job)).size).toBe(4);
    const clean = await endAfter(world, PLATFORMS, at, null);
    expect(clean.alerts.length).toBeGreaterThan(1);
    for (const [index, point] of points.entries()) {
      if (index % STEP !== 0 && index !== points.length - 1) continue;
      const end = await endAfter(world, PLATFORMS, at, point);
      const where = `${point.job} ${point.how} call ${point.nth}: ${point.call}`;
      expect(end.isReached, where).toBe(true);
      expect(end.verdicts, where).toEqual(clean.verdicts);
      expect(end.alerts, where).toEqual(clean.alerts);
      expect(end.digests, where).toEqual(clean.digests);
      expect(end.waiting, where).toEqual([]);
      expect(end.twice, where).toBeLessThanOrEqual(end.mayRepeat ? 1 : 0);
    }
  },
);
