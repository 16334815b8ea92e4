import { gunzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { pull } from "../../lambdas/jobs/pull.ts";
import type { PullReport } from "../../lambdas/jobs/pull.ts";
import { readSourceState } from "../../lambdas/ledger/store/source-state.ts";
import type { LogEvent } from "../../lambdas/log.ts";
import type { Observation } from "../../lambdas/refund/observation/observation.ts";
import type { SourcePage, System } from "../../lambdas/systems/source.ts";
import { MemoryPorts } from "../fakes/memory-ports.ts";
import { scriptedSystem } from "../fakes/scripted-system.ts";
import { refundInStep } from "../refund/record-in-step.ts";
import { brandInStep } from "./brand-in-step.ts";

const NOON = "2026-11-22T12:00:00.000Z";
const LATER = "2026-11-22T12:15:00.000Z";

function pullAt(
  ports: MemoryPorts,
  now: string,
  system: System,
  change: Partial<Parameters<typeof pull>[0]> = {},
): Promise<PullReport> {
  return pull({
    ports,
    system,
    brand: brandInStep(),
    source: "storefront",
    now,
    run: `run at ${now}`,
    remainingMs: () => 600_000,
    log: () => undefined,
    ...change,
  });
}

const five = ["1", "2", "3", "4", "5"].map((id) => refundInStep(id));
const shows = (...seen: readonly Observation[]): System => scriptedSystem(() => seen);

function recordKeys(ports: MemoryPorts): string[] {
  return [...ports.items.values()]
    .flatMap(({ sk }) => (sk.startsWith("refund:") ? [sk] : []))
    .toSorted();
}

describe("a pull", () => {
  it("writes nothing for a page that it reads again unchanged", async () => {
    const ports = new MemoryPorts();
    await pullAt(ports, NOON, shows(...five));
    ports.writes = [];
    await pullAt(ports, LATER, shows(...five));
    expect(ports.writes).toEqual(["put source|storefront"]); // how far it has read
  });

  it("keeps by name what a whole window left out on purpose, page after page", async () => {
    const ports = new MemoryPorts();
    const system: System = {
      ...shows(),
      since: async (_, cursor) => ({
        ...(await shows(...five).since({ since: NOON, until: NOON }, null)),
        skipped: cursor === null ? { test_order: 2 } : { test_order: 1, test_transaction: 4 },
        next: cursor === null ? "second" : null,
      }),
    };
    await pullAt(ports, NOON, system);
    const { leftOut } = await readSourceState(ports.table, "storefront");

    expect(leftOut).toEqual({ test_order: 3, test_transaction: 4 });
  });

  it("keeps a record that it cannot read, with its reason, and takes in the rest of the page", async () => {
    const ports = new MemoryPorts();
    const rejected = [
      { id: "77", reason: 'totalRefunded: not an amount of USD: "12,50"', raw: '{"id":77}' },
    ];
    const report = await pullAt(
      ports,
      NOON,
      scriptedSystem(() => five, { rejected: () => rejected }),
    );
    expect(report).toMatchObject({ complete: true, quarantined: 1, changed: 5 });
    expect(ports.items.get("quarantine|storefront#77")).toMatchObject({
      reason: 'totalRefunded: not an amount of USD: "12,50"',
    });
    const raw = ports.files.get("quarantine/storefront/77.json.gz") ?? Buffer.from([]);
    expect(gunzipSync(raw).toString()).toBe('{"id":77}');
  });

  it("lets a record out of quarantine once it can be read", async () => {
    const ports = new MemoryPorts();
    const rejected = [{ id: "7", reason: "no currency", raw: "{}" }];
    await pullAt(
      ports,
      NOON,
      scriptedSystem(() => five, { rejected: () => rejected }),
    );
    const fixed = refundInStep("7", { updatedAt: "2026-11-22T12:05:00.000Z" });
    await pullAt(ports, LATER, shows(...five, fixed));
    expect([...ports.items.keys()].filter((key) => key.startsWith("quarantine"))).toEqual([]);
    expect(recordKeys(ports)).toContain("refund:7");
  });

  it("does nothing when the clock is behind what was already read", async () => {
    const ports = new MemoryPorts();
    await pullAt(ports, LATER, shows(...five));
    ports.writes = [];
    const said: LogEvent[] = [];
    const report = await pullAt(ports, NOON, shows(), { log: (event) => said.push(event) });
    expect(report.complete).toBe(false);
    expect(ports.writes).toEqual([]);
    expect(said.map(({ code }) => code)).toEqual(["CLOCK_BEHIND"]);
  });

  it("never takes its watermark from our clock", async () => {
    const ports = new MemoryPorts();
    await pullAt(ports, NOON, shows(...five));
    const windows: string[] = [];
    const listening: System = {
      ...shows(),
      since: async (window, cursor) => {
        windows.push(window.since);
        return shows().since(window, cursor);
      },
    };
    await pullAt(ports, "2026-11-22T18:00:00.000Z", listening);
    expect(windows).toEqual(["2026-11-22T09:45:00.000Z"]); // newest change 10:00, less the overlap
  });

  it("stops in good time and goes on from its cursor", async () => {
    const ports = new MemoryPorts();
    const first = await pullAt(ports, NOON, shows(...five), { remainingMs: () => 0 });
    expect(first.complete).toBe(false);
    expect(recordKeys(ports)).toHaveLength(2);
    const again = await pullAt(ports, NOON, shows(...five));
    expect(again.complete).toBe(true);
    expect(recordKeys(ports)).toHaveLength(5);
  });

  it("leaves the source alone while another run holds it, and takes over when the lease ends", async () => {
    const ports = new MemoryPorts();
    await pullAt(ports, NOON, shows(...five), { remainingMs: () => 0 });
    const refused = await pullAt(ports, "2026-11-22T12:05:00.000Z", shows(...five));
    expect(refused).toMatchObject({ complete: false, fetched: 0, changed: 0, quarantined: 0 });
    expect(refused.refused).toMatch(/holds the lease/);
    const taken = await pullAt(ports, LATER, shows(...five));
    expect(taken.complete).toBe(true);
    expect(recordKeys(ports)).toHaveLength(5);
  });

  it("is fenced out when another pull saved in between, and has lost nothing", async () => {
    const ports = new MemoryPorts();
    const system = shows(...five);
    const overtaken: System = {
      ...system,
      since: async (window, cursor) => {
        const page = await system.since(window, cursor);
        if (cursor === null) await pullAt(ports, NOON, shows(...five), { run: "the other" });
        return page;
      },
    };
    await expect(pullAt(ports, NOON, overtaken)).rejects.toThrow(
      /another pull of the storefront saved/,
    );
    expect(recordKeys(ports)).toHaveLength(5);
  });

  it("asks again for a refund whose payment is pending until it is not", async () => {
    const ports = new MemoryPorts();
    const transaction = {
      id: "9",
      gateway: "card",
      method: "card",
      manual: false,
      amount: "50.00",
      presentmentAmount: null,
      rounding: "0.00",
      references: [],
      processedAt: null,
      location: null,
      user: null,
    };
    const pending = refundInStep("1", {
      settled: "0.00",
      pending: "50.00",
      settledAt: null,
      transactions: [{ ...transaction, status: "pending" }],
    });
    const settled = refundInStep("1", { transactions: [{ ...transaction, status: "success" }] });
    let now: Observation = pending;
    const asked: string[][] = [];
    const system: System = {
      since: async (window, cursor) =>
        shows(...(cursor === null ? [pending] : [])).since(window, cursor),
      byId: async (ids) => {
        asked.push([...ids]);
        return { ...(await shows().byId([])), observations: [now] };
      },
    };
    await pullAt(ports, NOON, system);
    await pullAt(ports, "2026-11-22T14:00:00.000Z", {
      ...shows(pending),
      byId: async (ids) => system.byId(ids),
    });
    now = settled;
    await pullAt(ports, "2026-11-22T15:00:00.000Z", {
      ...shows(pending),
      byId: async (ids) => system.byId(ids),
    });
    await pullAt(ports, "2026-11-22T16:00:00.000Z", {
      ...shows(pending),
      byId: async (ids) => system.byId(ids),
    });
    expect(asked).toEqual([["1"], ["1"]]);
  });

  it("never goes back to an older version of a refund", async () => {
    const ports = new MemoryPorts();
    const edited = refundInStep("1", { settled: "40.00", updatedAt: "2026-11-22T11:00:00.000Z" });
    await pullAt(ports, NOON, shows(edited));
    const before = ports.state();
    await pullAt(
      ports,
      LATER,
      scriptedSystem(() => [refundInStep("1")], { changedAt: () => "2026-11-22T12:01:00.000Z" }),
    );
    expect(ports.state()).toEqual(before);
  });

  it("keeps the window open when a source gives the same cursor twice", async () => {
    const ports = new MemoryPorts();
    const stuck: System = {
      ...shows(),
      since: async (window, cursor): Promise<SourcePage<Observation>> => ({
        ...(await shows(...five).since(window, null)),
        next: cursor ?? "again",
      }),
    };
    await expect(pullAt(ports, NOON, stuck)).rejects.toThrow(/same cursor twice/);
    expect((await pullAt(ports, NOON, shows(...five))).complete).toBe(true);
  });
});
