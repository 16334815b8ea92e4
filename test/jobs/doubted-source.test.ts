import { describe, expect, it } from "vitest";

import type { SourcePage, System } from "../../lambdas/systems/source.ts";
import type { Observation } from "../../lambdas/refund/observation/observation.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { every, LivingWorld } from "./living-world.ts";

const NOON = "2026-11-22T12:00:00.000Z";

function refunds(world: LivingWorld): number {
  return [...world.ports.items.values()].filter(
    ({ pk, sk }) => pk.startsWith("order#") && sk.startsWith("refund:"),
  ).length;
}

function isFirst(one: Observation): boolean {
  return one.role === "erp" && one.documentId === "71";
}

const nothing: SourcePage<Observation> = {
  raw: [],
  observations: [],
  rejected: [],
  skipped: {},
  next: null,
  highWater: null,
  fetched: 0,
  reported: null,
};

describe("a source that shows less than it has", () => {
  it("blinds nobody by a change time in the future: the record is marked, and the rest is read", async () => {
    const world = new LivingWorld();
    world.answers.storefront = (system) => ({
      ...system,
      since: async (window, cursor) =>
        system.since({ ...window, until: "2100-01-01T00:00:00.000Z" }, cursor),
    });
    world.show(refundInStep("1"), refundInStep("2", { updatedAt: "2099-01-01T00:00:00.000Z" }));
    await world.tick(NOON);
    for (const [index, now] of [
      ...every(360, "2026-11-22T18:00:00.000Z", "2026-11-24T12:00:00.000Z"),
    ].entries()) {
      world.show(refundInStep(`3${index}`, { updatedAt: now, processedAt: now }));
      await world.tick(now);
    }
    expect(refunds(world)).toBe(2 + 8);
    expect(await world.record("2", "2026-11-24T12:00:00.000Z")).toMatchObject({
      refund: { marks: ["future_dated"] },
    });
  });

  it("is not believed when a window that showed a record is read again and shows nothing", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1", { updatedAt: "2026-11-22T11:00:00.000Z" }));
    let calls = 0;
    world.answers.storefront = (system) => ({
      ...system,
      since: async (window, cursor) => {
        calls += 1;
        if (cursor === "more") throw new Error("the cursor is refused");
        if (calls > 1) return nothing;
        return { ...(await system.since(window, null)), next: "more", newest: "1" };
      },
    });
    await expect(world.pull("storefront", NOON)).rejects.toThrow("the cursor is refused");
    const again = await world.pull("storefront", "2026-11-22T12:15:00.000Z");
    expect(again.trouble).toMatch(/shows nothing in this window now, and it showed 1/);
    expect(again.complete).toBe(false);
  });

  it("and tells no deletions has a document that vanished asked for, and its match ended after a day", async () => {
    const world = new LivingWorld();
    let isGone = false;
    world.answers.erp = (system) => ({
      ...system,
      deletesUnseen: true,
      since: async (window, cursor) => {
        const page = await system.since(window, cursor);
        const left = page.observations.filter((one) => !isGone || !isFirst(one));
        return {
          ...page,
          observations: left,
          fetched: left.length,
          counted: left.length,
          reported: null,
        };
      },
      byId: async (ids) => {
        const page = await system.byId(ids);
        const observations = page.observations.filter((one) => !isGone || !isFirst(one));
        const shown = observations.map((one) => (one.role === "erp" ? one.documentId : ""));
        return { ...page, observations, notShown: ids.filter((id) => !shown.includes(id)) };
      },
    });
    for (const id of ["1", "2"]) {
      const references = [{ field: "order" as const, text: `#10${id}` }];
      world.show(refundInStep(id), documentInStep(id, { references }));
    }
    await world.tick(NOON);
    expect(await world.record("1", NOON)).toMatchObject({ status: "matched" });
    isGone = true;
    for (const now of every(240, "2026-11-22T16:00:00.000Z", "2026-11-26T12:00:00.000Z"))
      await world.tick(now);
    const after = "2026-11-26T12:00:00.000Z";
    expect(await world.record("1", after)).toMatchObject({
      status: "stale",
      documents: [{ documentId: "71", state: "deleted" }],
    });
    expect(await world.record("2", after)).toMatchObject({ status: "matched" });
  });

  it("has the record that shows itself a day late found by the daily look back", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"), refundInStep("9", { updatedAt: "2026-11-22T11:59:00.000Z" }));
    await world.tick(NOON);
    world.show(refundInStep("2", { updatedAt: "2026-11-22T11:30:00.000Z" })); // 30 min before it was read
    let foundLate = 0;
    for (const now of every(60, "2026-11-22T13:00:00.000Z", "2026-11-23T13:00:00.000Z")) {
      world.show(refundInStep("9", { updatedAt: now }));
      foundLate += (await world.pull("storefront", now)).foundLate;
    }
    expect(foundLate).toBe(1);
    expect(refunds(world)).toBe(3);
  });

  it("begins the window again when it no longer takes the saved cursor", async () => {
    const world = new LivingWorld();
    for (let id = 1; id <= 120; id += 1) world.show(refundInStep(String(id)));
    await world.pull("storefront", NOON, () => 0);
    let isDead = true;
    world.answers.storefront = (system) => ({
      ...system,
      since: async (window, cursor) => {
        if (cursor !== null && isDead) {
          isDead = false;
          throw new Error("Invalid cursor");
        }
        return system.since(window, cursor);
      },
    });
    const report = await world.pull("storefront", "2026-11-22T12:15:00.000Z");
    expect(world.said.map(({ code }) => code)).toContain("CURSOR_REFUSED");
    expect(report.complete).toBe(true);
    expect(refunds(world)).toBe(120);
  });

  it("hides no refund by a date in the future: it is marked, and missing in time", async () => {
    const world = new LivingWorld();
    const future = "2027-11-22T10:00:00.000Z";
    world.show(
      refundInStep("1", { processedAt: future }),
      refundInStep("2", { settledAt: future, updatedAt: future }),
    );
    world.answers.storefront = (system) => ({
      ...system,
      since: async (window, cursor) => system.since({ ...window, until: future }, cursor),
    });
    await world.tick(NOON);
    await world.tick("2026-11-22T16:15:00.000Z");
    for (const id of ["1", "2"]) {
      expect(await world.record(id, "2026-11-22T16:15:00.000Z")).toMatchObject({
        status: "stale",
        refund: { marks: ["future_dated"] },
      });
    }
  });

  it("is not believed when it takes back its count, and shows nothing behind the window either", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"), refundInStep("2"));
    let asked = 0;
    world.answers.storefront = (system) => ({
      ...system,
      since: async (window, cursor) => {
        asked += 1;
        const page = await system.since(window, cursor);
        const observations = asked === 1 ? page.observations.slice(0, 1) : [];
        const reported = asked === 1 ? 2 : 0;
        return { ...page, observations, fetched: observations.length, reported };
      },
    });
    const report = await world.pull("storefront", NOON);
    expect(report.complete).toBe(false);
    expect(report.trouble).toMatch(/first said 2 and now says 0 .* showed 1/);
  });

  it("is not believed when it says that there is more than it showed", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"), refundInStep("2"));
    world.answers.storefront = (system) => ({
      ...system,
      since: async (window, cursor) => {
        const page = await system.since(window, cursor);
        return {
          ...page,
          observations: page.observations.slice(0, 1),
          fetched: 1,
          reported: page.fetched,
        };
      },
    });
    const report = await world.pull("storefront", NOON);
    expect(report).toMatchObject({ complete: false });
    expect(report.trouble).toMatch(/says that 2 records changed in this window, and showed 1/);

    world.answers.storefront = (system) => system;
    expect(await world.pull("storefront", "2026-11-22T12:15:00.000Z")).toMatchObject({
      complete: true,
      trouble: null,
    });
    expect(refunds(world)).toBe(2);
  });

  it("is read from the beginning of the window until its count is right", async () => {
    const world = new LivingWorld();
    const [one, two, three] = [refundInStep("1"), refundInStep("2"), refundInStep("3")];
    let first: readonly Observation[] = [one];
    world.answers.storefront = (system) => ({
      ...system,
      since: async (_window, cursor) => {
        const observations = cursor === null ? first : [];
        const next = cursor === null ? "second page" : null;
        return { ...nothing, observations, fetched: observations.length, reported: 3, next };
      },
    });
    await world.pull("storefront", NOON);
    // As much is missing as before, though a new record came with the first page.
    first = [two];
    await world.pull("storefront", "2026-11-22T12:15:00.000Z");
    first = [one, two, three];
    expect(await world.pull("storefront", "2026-11-22T12:30:00.000Z")).toMatchObject({
      complete: true,
      trouble: null,
    });
    expect(refunds(world)).toBe(3);
  });

  it("is not believed when its windows are empty and its records can be asked for by their ids", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"));
    await world.tick(NOON);
    world.show(refundInStep("2", { updatedAt: "2026-11-22T12:05:00.000Z" }));
    await world.tick("2026-11-22T12:15:00.000Z");
    world.answers.storefront = (system) => ({ ...system, since: async () => nothing });
    const report = await world.pull("storefront", "2026-11-22T12:30:00.000Z");
    expect(report.trouble).toMatch(/its newest record \(2\) is still there/);
  });

  it("is believed, when its newest record is gone too, by the second run that finds it so", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"), refundInStep("2", { updatedAt: "2026-11-22T12:05:00.000Z" }));
    await world.tick("2026-11-22T12:15:00.000Z");
    world.refunds.delete("2");
    const reports = [];
    for (const now of every(15, "2026-11-22T12:30:00.000Z", "2026-11-22T13:00:00.000Z")) {
      reports.push(await world.pull("storefront", now));
    }
    expect(reports.map(({ trouble }) => trouble)).toEqual([
      expect.stringMatching(/its newest record \(2\) is gone: the window is read once more/),
      null,
      null,
    ]);
  });

  it("has a record that was found late found again after the table was restored", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"), refundInStep("9", { updatedAt: "2026-11-22T12:00:00.000Z" }));
    await world.tick("2026-11-22T12:00:00.000Z");
    await world.tick("2026-11-23T11:45:00.000Z");
    const restored = new Map(world.ports.items);
    world.show(refundInStep("2", { updatedAt: "2026-11-22T11:00:00.000Z" }));
    expect((await world.pull("storefront", "2026-11-23T12:00:00.000Z")).foundLate).toBe(1);

    world.ports.items.clear();
    for (const [key, item] of restored) world.ports.items.set(key, item);
    for (const now of every(60, "2026-11-23T13:00:00.000Z", "2026-11-24T14:00:00.000Z")) {
      await world.pull("storefront", now);
    }
    expect(refunds(world)).toBe(3);
  });

  it("is read on in its backlog though a run has time for one page only", async () => {
    const world = new LivingWorld();
    await world.tick(NOON);
    for (let id = 0; id < 120; id += 1) {
      const updatedAt = new Date(Date.parse(NOON) + id * 3_600_000).toISOString();
      world.show(refundInStep(String(1_000 + id), { updatedAt }));
    }
    const back = "2026-11-27T12:00:00.000Z";
    for (const now of every(15, back, "2026-11-27T15:00:00.000Z")) {
      let asked = 0;
      await world.pull("storefront", now, () => ((asked += 1) > 0 ? 0 : 1));
    }
    expect(refunds(world)).toBe(120);
  });

  it("raises no storm when it answers nothing for a day: one alert about the source instead", async () => {
    const world = new LivingWorld();
    for (let id = 1; id <= 10; id += 1) {
      const at = `2026-11-22T0${id - 1}:00:00.000Z`;
      const order = { field: "order" as const, text: `#10${id}` };
      world.show(
        refundInStep(String(id), { createdAt: at, processedAt: at, updatedAt: at, settledAt: at }),
        documentInStep(String(id), { createdAt: at, modifiedAt: at, references: [order] }),
      );
    }
    await world.tick(NOON);
    world.answers.erp = (system) => ({
      ...system,
      since: async () => nothing,
      byId: async () => nothing,
      stillShows: async () => false,
    });
    for (const [index, now] of [
      ...every(60, "2026-11-22T13:00:00.000Z", "2026-11-23T12:00:00.000Z"),
    ].entries()) {
      world.show(
        refundInStep(`5${index}`, {
          createdAt: now,
          processedAt: now,
          updatedAt: now,
          settledAt: now,
        }),
      );
      await world.tick(now);
    }
    const subjects = world.ports.published.map(({ subject }) => subject);
    expect(subjects.filter((subject) => /not in ERP/.test(subject))).toEqual([]);
    expect(subjects.every((subject) => /ERP (still )?not read/.test(subject))).toBe(true);
    expect(subjects).toHaveLength(4); // by SMS and e-mail, and once more after twelve hours
    const stale = [...world.ports.items.values()].filter(({ status }) => status === "stale");
    expect(stale).toEqual([]);
  });
});

const as =
  (identity: string) =>
  (system: System): System => ({
    ...system,
    identify: async () => ({ identity, absent: [], missing: ["read_all_orders"] }),
  });

describe("the shop or account that is read", () => {
  it("is asserted in each run: another one's answers are not taken in", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"));
    world.answers.storefront = as("acme.myshopify.com");
    await world.pull("storefront", NOON);
    world.answers.storefront = as("other.myshopify.com");
    world.show(refundInStep("2", { updatedAt: "2026-11-22T12:10:00.000Z" }));
    await expect(world.pull("storefront", "2026-11-22T12:15:00.000Z")).rejects.toThrow(
      /is now other.myshopify.com, but acme.myshopify.com was read until now/,
    );
    expect(refunds(world)).toBe(1);
  });

  it("has a permission that it did not grant said in the log and in the digest", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"));
    world.answers.storefront = as("acme.myshopify.com");
    await world.tick("2026-11-23T12:00:00.000Z");
    expect(world.said.map(({ code }) => code)).toContain("PERMISSION_MISSING");
    const { prefix } = await world.digest("2026-11-23T12:00:00.000Z");
    const text = Buffer.from(world.ports.files.get(`${prefix}/digest.txt`) ?? []).toString();
    expect(text.replaceAll(/\s+/g, " ")).toContain("Shopify does not grant read_all_orders");
  });
});

describe("documents of refunds from before the first pull", () => {
  it("are no orphans", async () => {
    const world = new LivingWorld();
    world.show(
      documentInStep("1", {
        createdAt: "2026-08-01T10:00:00.000Z",
        modifiedAt: "2026-11-22T11:00:00.000Z",
        references: [{ field: "order", text: "#101" }],
      }),
    );
    await world.tick(NOON);
    await world.tick("2026-11-22T13:00:00.000Z");
    expect(await world.record("71", "2026-11-22T13:00:00.000Z")).toMatchObject({
      status: "matched",
      benign: ["before_watch"],
      exposure: "0.00",
    });
  });
});

describe("after a week without a pull", () => {
  it("reads the newest hours first, and the rest as a second window over several runs", async () => {
    const world = new LivingWorld();
    await world.tick("2026-11-10T12:00:00.000Z");
    for (let id = 0; id < 200; id += 1) {
      const at = new Date(Date.parse("2026-11-11T00:00:00.000Z") + id * 3_240_000).toISOString();
      world.show(refundInStep(String(id), { updatedAt: at, processedAt: at, createdAt: at }));
    }
    const first = await world.pull("storefront", "2026-11-18T12:00:00.000Z", () => 0);
    expect(first.complete).toBe(false);
    expect([...world.ports.items.keys()]).toContain("order#10199|refund:199");
    expect(refunds(world)).toBeLessThan(60);
    for (const now of every(15, "2026-11-18T12:15:00.000Z", "2026-11-18T14:00:00.000Z")) {
      let pages = 0;
      await world.pull("storefront", now, () => ((pages += 1) > 4 ? 0 : 1));
    }
    expect(refunds(world)).toBe(200);
    expect(await world.pull("storefront", "2026-11-18T14:15:00.000Z")).toMatchObject({
      complete: true,
    });
  });
});

describe("a window that nobody finished for an hour", () => {
  it("is a backlog behind a quiet newest window, which is believed", async () => {
    const world = new LivingWorld();
    world.show(documentInStep("1", { modifiedAt: "2026-11-22T10:10:00.000Z" }));
    await world.pull("erp", "2026-11-22T12:00:00.000Z");
    for (let id = 100; id < 160; id += 1) {
      const at = "2026-11-22T12:30:00.000Z";
      world.show(documentInStep(String(id), { createdAt: at, modifiedAt: at }));
    }
    const begun = await world.pull("erp", "2026-11-22T13:00:00.000Z", () => 0);
    expect(begun).toMatchObject({ complete: false, isBehind: true });
    const next = await world.pull("erp", "2026-11-22T15:00:00.000Z");
    expect(next).toMatchObject({ complete: true, trouble: null, added: 11 });
  });
});
