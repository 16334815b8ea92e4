import { afterAll, beforeAll, expect, it } from "vitest";
import type { ErpDocument } from "../../../../lambdas/refund/observation/observation.ts";
import { http } from "../../../../lambdas/systems/http/http.ts";
import { sap } from "../../../../lambdas/systems/erp/sap/sap.ts";
import { generateLife } from "../../../../local/life/generate.ts";
import { ENTITIES } from "../../../../local/sap/entities.ts";
import { REFUND_FIELD, SHIPPING_MATERIAL, withCancellations } from "../../../../local/sap/rows.ts";
import { sapSimulator, startSap } from "../../../../local/sap/serve.ts";
import { startEngine } from "./odata-engine.ts";
import { everyPage, type Row } from "./system.ts";

const PAGE = 7;
const life = withCancellations(
  generateLife({ seed: 5, from: "2026-11-01T00:00:00.000Z", days: 4, ordersPerDay: 150 }),
);
let engine: Awaited<ReturnType<typeof startEngine>> | undefined;

beforeAll(async () => {
  engine = await startEngine(await rowsOf(), PAGE);
}, 120_000);
afterAll(() => {
  if (typeof engine === "object") engine.stop();
});

it("reads from an OData engine by other people what it reads from the simulator", async ({
  skip,
}) => {
  if (typeof engine !== "object") return skip(engine);
  const simulator = await startSap({ life });
  const wanted = await documentsAt(simulator.url);
  await simulator.stop();
  const read = await documentsAt(engine.url);
  expect(wanted.length).toBeGreaterThan(5 * PAGE);
  expect(read).toEqual(wanted);
});

async function documentsAt(baseUrl: string): Promise<readonly ErpDocument[]> {
  const door = http({ baseUrl, log });
  const system = sap({
    baseUrl,
    credentials: { username: "REFUND_WATCH", password: "local sap" },
    http: door,
    door: () => door,
    log,
    integrationUsers: life.settings.erpMachines.map(({ id }) => id),
    referenceFields: [REFUND_FIELD],
    shippingItems: [SHIPPING_MATERIAL],
  });
  const window = { since: life.from, until: new Date(Date.parse(life.to) + DAY_MS).toISOString() };
  const { observations, rejected } = await everyPage(system, window);
  expect(rejected).toEqual([]);
  const byId = new Map(observations.map((one) => [one.documentId, one]));
  const again = await system.documentsById([...byId.keys()].slice(0, 3 * PAGE));
  expect(again.observations.map(({ documentId }) => byId.has(documentId))).not.toContain(false);
  expect(again.observations).toHaveLength(3 * PAGE);
  return [...byId.values()].toSorted((one, other) => (one.documentId < other.documentId ? -1 : 1));
}

/** All rows of the life, asked of the simulator by its own protocol. */
async function rowsOf(): Promise<ReadonlyMap<string, readonly Row[]>> {
  const simulator = sapSimulator({ life, serverPage: 100_000 });
  const all = new Map<string, readonly Row[]>();
  for (const [path, { fields }] of ENTITIES) {
    const { answer } = await simulator.ask({
      method: "GET",
      url: `http://sap/sap/opu/odata/sap/${path}?$select=${[...fields.keys()].join()}`,
      headers: new Headers({
        accept: "application/json",
        authorization: `Basic ${btoa("REFUND_WATCH:local sap")}`,
      }),
      body: "",
    });
    const { d } = JSON.parse(answer.body) as { d: { results: Row[] } };
    all.set(path, d.results);
  }
  return all;
}

function log(): void {
  // Nobody reads the log of this check.
}

const DAY_MS = 86_400_000;
