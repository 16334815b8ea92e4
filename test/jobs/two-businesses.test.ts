import { describe, expect, it } from "vitest";

import type { ErpDocument } from "../../lambdas/refund/observation/observation.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { brandInStep } from "./brand-in-step.ts";
import { every, LivingWorld } from "./living-world.ts";

const START = "2026-11-22T12:00:00.000Z";
const END = "2026-11-22T22:00:00.000Z";

/** A document of this shop (company 1) for order `#10<id>`, by the order's number alone. */
function ours(id: string, change: Partial<ErpDocument> = {}): ErpDocument {
  const references = [{ field: "order", text: `#10${id}` } as const];
  return documentInStep(id, { references, company: "1", ...change });
}

/** A document of another business (company 2), for its own order of the same number. */
function theirs(id: string, change: Partial<ErpDocument> = {}): ErpDocument {
  return ours(id, { documentId: `8${id}`, documentNumber: `CM8${id}`, company: "2", ...change });
}

async function lived(
  documents: readonly ErpDocument[],
  brand: Record<string, unknown> = {},
): Promise<LivingWorld> {
  const world = new LivingWorld();
  world.brand = brandInStep(brand);
  world.show(...["1", "2", "3", "4", "5"].map((id) => refundInStep(id)), ...documents);
  for (const now of every(60, START, END)) await world.tick(now);
  await world.digest("2026-11-23T12:15:00.000Z");
  return world;
}

const OUR_BOOKS = ["2", "3", "4", "5"].map((id) => ours(id));

/** The newest summary of the world. */
function summaryOf(world: LivingWorld): {
  totals: { exposure: string };
  exceptions: { refundId: string | null; exposure: string; ownership?: string }[];
  otherBusinesses: { count: number; setting: string | null };
} {
  const [body] = [...world.ports.files.entries()]
    .filter(([key]) => key.endsWith("22/summary.json"))
    .map(([, value]) => value);
  return JSON.parse(Buffer.from(body ?? "{}").toString());
}

describe("a missing refund of order #101, while another business books its own #101", () => {
  for (const [amount, total, ownership, exposure] of [
    ["the same amount", "50.00", "unclear", "50.00"],
    ["another amount", "61.00", "probably_not_ours", "0.00"],
  ] as const) {
    it(`is found without a scope when that memo has ${amount}`, async () => {
      const world = await lived([...OUR_BOOKS, theirs("1", { total })]);
      expect(await world.record("1", END)).toMatchObject({ status: "stale", documents: [] });
      expect(await world.record("81", END)).toMatchObject({
        status: "orphaned",
        ownership,
        exposure,
      });
      expect(await world.record("2", END)).toMatchObject({ status: "matched" });
    });

    it(`is found with a scope when that memo has ${amount}, and the memo is benign`, async () => {
      const scope = { companies: ["1"] };
      const { erp } = brandInStep();
      const world = await lived([...OUR_BOOKS, theirs("1", { total })], { erp: { ...erp, scope } });
      expect(await world.record("1", END)).toMatchObject({ status: "stale", documents: [] });
      expect(await world.record("81", END)).toMatchObject({
        status: "matched",
        benign: ["outside_scope"],
      });
    });
  }

  it("is never matched when nothing shows yet which company is this shop's", async () => {
    const world = new LivingWorld();
    world.show(refundInStep("1"), theirs("1"), theirs("7", { company: "3" }));
    for (const now of every(60, START, END)) await world.tick(now);
    const record = await world.record("1", END);
    expect(record).toMatchObject({ status: "stale", documents: [], ambiguous: ["81"] });
  });

  it("is found in an account without companies if the memo carries its own order's id", async () => {
    const other = theirs("1", {
      company: null,
      references: [
        { field: "order", text: "#101" },
        { field: "external_id", text: "shopify-order-7700000000001" },
      ],
    });
    const world = await lived([...OUR_BOOKS, other]);
    expect(await world.record("1", END)).toMatchObject({ status: "stale", documents: [] });
    expect(await world.record("81", END)).toMatchObject({ status: "orphaned" });
  });
});

describe("documents of another business", () => {
  const wholesale = ["41", "42", "43"].map((id) =>
    theirs(id, { references: [], total: `${id}00.00` }),
  );

  it("are not at risk, stand last in the digest, and the digest proposes the setting", async () => {
    const world = await lived([...OUR_BOOKS, ...wholesale]);
    const { totals, exceptions, otherBusinesses } = summaryOf(world);
    expect(totals.exposure).toBe("50.00");
    expect(exceptions.map(({ refundId }) => refundId)).toEqual(["1", null, null, null]);
    expect(exceptions.at(-1)?.ownership).toBe("probably_not_ours");
    expect(otherBusinesses).toMatchObject({ count: 3, setting: 'companies: ["1"]' });
  });

  it("ring no bell", async () => {
    const world = await lived([...OUR_BOOKS, ours("1"), ...wholesale]);
    expect(world.ports.published.filter(({ topic }) => topic === "ops")).toEqual([]);
  });

  it("are evaluated again when the brand file gets a scope", async () => {
    const world = await lived([...OUR_BOOKS, ...wholesale]);
    const { erp } = brandInStep();
    world.brand = brandInStep({ erp: { ...erp, scope: { companies: ["1"] } } });
    await world.watch("2026-11-23T13:00:00.000Z");
    const now = "2026-11-23T13:00:00.000Z";
    expect(await world.ports.table.queryOpen()).toHaveLength(1);
    expect(await world.record("841", now)).toMatchObject({ status: "matched" });
  });
});

it("two shops with the same orders and the same prices are never mixed", async () => {
  const world = await lived([...OUR_BOOKS, ...["1", "2", "3", "4", "5"].map((id) => theirs(id))]);
  for (const id of ["1", "2", "3", "4", "5"]) {
    const record = await world.record(id, END);
    expect(record?.documents.filter(({ company }) => company === "2")).toEqual([]);
  }
});

it("a match by order that another business's document made first ends when its company is known", async () => {
  const world = new LivingWorld();
  world.show(refundInStep("1"), theirs("1"));
  await world.tick(START);
  expect(await world.record("1", START)).toMatchObject({ status: "matched" });
  world.show(...["2", "3", "4", "5"].map((id) => refundInStep(id)), ...OUR_BOOKS);
  for (const one of world.documents.values()) {
    if (one.company === "1") {
      world.show({ ...one, modifiedAt: "2026-11-22T12:20:00.000Z" });
    }
  }
  for (const [id, one] of world.refunds) {
    if (id !== "1") world.show({ ...one, updatedAt: "2026-11-22T12:20:00.000Z" });
  }
  for (const now of every(60, "2026-11-22T13:00:00.000Z", END)) await world.tick(now);
  expect(await world.record("1", END)).toMatchObject({ status: "stale", documents: [] });
  expect(world.ports.published.map(({ subject }) => subject).join()).toMatch(/1 refund/);
});

it("a new company of this shop is matched again once three of its documents agree", async () => {
  const world = await lived([ours("1"), ...OUR_BOOKS]);
  const ids = ["61", "62", "63", "64"];
  const later = { updatedAt: "2026-11-23T12:30:00.000Z" };
  world.show(
    ...ids.map((id) => refundInStep(id, later)),
    ...ids.map((id) => ours(id, { company: "9", modifiedAt: "2026-11-23T12:30:00.000Z" })),
  );
  const last = "2026-11-23T16:00:00.000Z";
  for (const now of every(30, "2026-11-23T12:45:00.000Z", last)) await world.tick(now);
  for (const id of ids) expect((await world.record(id, last))?.documents).toHaveLength(1);
});

it("a second booking that names only the refund's id counts once in the digest", async () => {
  const world = new LivingWorld();
  const again = { createdAt: "2026-11-22T10:20:00.000Z", modifiedAt: "2026-11-22T10:20:00.000Z" };
  const references = [{ field: "external_id", text: "shopify-refund-811000010003" }] as const;
  world.show(
    refundInStep("1", { refundId: "811000010003" }),
    ours("1"),
    ours("2", { ...again, references }),
  );
  for (const now of every(60, START, END)) await world.tick(now);
  await world.digest("2026-11-23T12:15:00.000Z");
  const { totals, exceptions } = summaryOf(world);
  expect(exceptions).toMatchObject([{ refundId: "811000010003", exposure: "50.00" }]);
  expect(totals.exposure).toBe("50.00");
});

describe("a company that is added to the scope later", () => {
  it("is read from the first pull on, because its documents were left out until now", async () => {
    const world = new LivingWorld();
    const { erp } = brandInStep();
    const scoped = (companies: string[]) => brandInStep({ erp: { ...erp, scope: { companies } } });
    // As the query does: a pull gives only documents of the companies in the brand file.
    world.answers.erp = (system) => ({
      ...system,
      since: async (window, cursor) => {
        const page = await system.since(window, cursor);
        const { companies } = world.brand.erp.scope;
        const inScope = page.observations.filter(
          (one) => one.role === "erp" && companies.includes(one.company ?? ""),
        );
        const counts = { fetched: inScope.length, counted: inScope.length, reported: null };
        const [first] = inScope;
        const newest = first?.role === "erp" ? { newest: first.documentId } : { highWater: null };
        return { ...page, observations: inScope, ...counts, ...newest };
      },
    });
    const late = { createdAt: "2026-11-22T11:50:00.000Z", modifiedAt: "2026-11-22T11:50:00.000Z" };
    world.show(refundInStep("1"), ours("1"), theirs("9", late));
    world.brand = scoped(["2"]);
    for (const now of every(60, START, END)) await world.tick(now);
    expect(await world.record("1", END)).toMatchObject({ status: "stale" });
    world.brand = scoped(["1"]);
    await world.tick("2026-12-02T12:00:00.000Z");
    await world.tick("2026-12-03T12:00:00.000Z");
    expect(await world.record("1", "2026-12-03T12:00:00.000Z")).toMatchObject({
      documents: [{ documentId: "71" }],
    });
    expect(world.said.map(({ code }) => code)).toContain("SCOPE_CHANGED");
  });
});

it("a document with the whole id of this shop's order is at risk in whatever company", async () => {
  const references = [{ field: "external_id", text: "gid://shopify/Order/5200000000001" }] as const;
  const orderId = "5200000000001";
  const world = new LivingWorld();
  const others = ["2", "3", "4", "5", "6", "7", "8", "9"].map((id) =>
    theirs(id, { total: "61.00" }),
  );
  const odd = theirs("1", { total: "400.00", references });
  world.show(refundInStep("1", { orderId }), ...["2", "3", "4", "5"].map((id) => refundInStep(id)));
  world.show(ours("1"), ...OUR_BOOKS, ...others, odd);
  for (const now of every(60, START, END)) await world.tick(now);
  expect(await world.record("82", END)).toMatchObject({ ownership: "probably_not_ours" });
  expect(await world.record("81", END)).toMatchObject({ ownership: null, exposure: "400.00" });
});

it("documents of an account with several companies are matched once one of them is known", async () => {
  const world = new LivingWorld();
  world.answers.erp = (system) => ({
    ...system,
    identify: async () => ({ identity: "123", absent: [], missing: [], companyCount: 3 }),
  });
  world.show(...["1", "2", "3", "4"].map((id) => refundInStep(id)), ours("1"));
  await world.tick("2026-11-22T12:00:00.000Z");
  expect(await world.record("1", "2026-11-22T12:00:00.000Z")).toMatchObject({ documents: [] });
  world.show(ours("2"), ours("3"), ours("4"));
  for (const now of every(60, "2026-11-22T13:00:00.000Z", END)) await world.tick(now);
  expect(await world.record("1", END)).toMatchObject({
    status: "matched",
    documents: [{ documentId: "71" }],
  });
});

it("documents that agree from the first pull on are matched in an account with several companies", async () => {
  const world = new LivingWorld();
  world.answers.erp = (system) => ({
    ...system,
    identify: async () => ({ identity: "123", absent: [], missing: [], companyCount: 3 }),
  });
  world.show(...["1", "2", "3", "4"].map((id) => refundInStep(id)), ours("1"), ...OUR_BOOKS);
  for (const now of every(60, START, "2026-11-22T14:00:00.000Z")) await world.tick(now);
  expect(await world.record("1", "2026-11-22T14:00:00.000Z")).toMatchObject({ status: "matched" });
  const status = [...world.ports.items].filter(([key]) => key.includes("|refund:"));
  expect(new Set(status.map(([, item]) => item["status"]))).toEqual(new Set(["matched"]));
});
