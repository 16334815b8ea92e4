import { expect, it } from "vitest";

import { netsuite } from "../../lambdas/systems/erp/netsuite/netsuite.ts";
import { refundInStep } from "../refund/record-in-step.ts";
import { every, LivingWorld } from "../jobs/living-world.ts";

it("asks NetSuite for no row behind an offset, so that its cap of 100,000 rows never bites", async () => {
  const asked: { path: string; query: string }[] = [];
  const books = netsuite({
    baseUrl: "https://1.suitetalk.api.netsuite.com",
    credentials: {
      account: "1",
      consumerKey: "a",
      consumerSecret: "b",
      tokenId: "c",
      tokenSecret: "d",
    },
    integrationUsers: [],
    brandCurrency: "USD",
    log: () => undefined,
    pageSize: 50,
    http: {
      firstAnswerAt: () => null,
      send: async ({ path, body = "" }) => {
        const query = /"q":("(?:[^"\\]|\\.)*")/.exec(body)?.[1] ?? "";
        asked.push({ path, query });
        const isHeaders = /cursor_ts/.test(query) && !/deletedrecord/.test(query);
        const behind = Number(/t\.id > (\d+)/.exec(query)?.[1] ?? 0);
        const left = Math.max(0, ROWS - behind);
        const items = isHeaders
          ? Array.from({ length: Math.min(50, left) }, (_, at) => row(behind + 1 + at))
          : [];
        // What NetSuite counts ends at 100,000, however many rows there are.
        const totalResults = Math.min(left, 100_000);
        const text = JSON.stringify({
          items,
          count: items.length,
          totalResults,
          hasMore: left > 50,
        });
        return { status: 200, headers: new Headers(), text };
      },
    },
  });
  const window = { since: "2026-11-10T00:00:00.000Z", until: "2026-11-11T00:00:00.000Z" };
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await books.documentsSince(window, cursor);
    ids.push(...page.observations.map(({ documentId }) => documentId));
    cursor = page.next;
  } while (cursor !== null && ids.length < 300);

  expect(new Set(ids).size).toBe(300);
  expect(asked.every(({ path }) => path.includes("offset=0"))).toBe(true);
});

it("tells a thousand refunds that turn stale at once in one message a channel", async () => {
  const world = new LivingWorld();
  for (let id = 0; id < 1_000; id += 1) world.show(refundInStep(String(1_000 + id)));
  for (const now of every(60, "2026-11-22T12:00:00.000Z", "2026-11-22T18:00:00.000Z")) {
    await world.tick(now);
  }
  const stale = world.ports.published.filter(({ subject }) =>
    /not in|stale|1,000|1000/i.test(subject),
  );
  expect(stale.map(({ channel }) => channel).toSorted()).toEqual(["email", "sms"]);
  expect(stale.map(({ subject }) => subject).join()).toMatch(/1,?000/);
}, 60_000);

it("reads a table's worth of one order in step with its refunds, not with their square", async () => {
  const [few, many] = [await readsFor(50), await readsFor(200)];
  expect(many / few).toBeLessThan(6);
}, 60_000);

function row(id: number) {
  return {
    id: String(id),
    type: "CashRfnd",
    tranid: `CR${id}`,
    trandate: "2026-11-10",
    created_utc: "2026-11-10T10:00:00Z",
    modified_utc: "2026-11-10T10:00:00Z",
    cursor_ts: "2026-11-10 02:00:00",
    status: "C",
    voided: "F",
    posting: "T",
    currency_code: "USD",
    foreigntotal: "-10.00",
  };
}

async function readsFor(count: number): Promise<number> {
  const world = new LivingWorld();
  for (let id = 0; id < count; id += 1) {
    world.show(refundInStep(String(10_000 + id), { orderNumber: "#7", settled: `${id + 5}.00` }));
  }
  await world.tick("2026-11-22T12:00:00.000Z");
  await world.tick("2026-11-22T18:15:00.000Z");
  return world.ports.reads;
}

const ROWS = 150_000;
