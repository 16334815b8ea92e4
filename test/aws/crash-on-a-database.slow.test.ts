import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";

import type { Ports, Table } from "../../lambdas/ledger/ports.ts";
import { sendQueued } from "../../lambdas/ledger/store/outbox.ts";
import { cycle } from "../jobs/small-world.ts";
import { Crash, MemoryPorts } from "../fakes/memory-ports.ts";
import { local } from "./worlds.ts";
import type { World } from "./worlds.ts";

const MORNING = "2026-11-23T12:00:00.000Z";
/** `FAULTS=all` takes every write of the cycle. */
const EACH = process.env["FAULTS"] === "all" ? 1 : 23;

type How = "dies before" | "dies after" | "loses the reply of";

describe("the jobs on DynamoDB Local", () => {
  const folder = mkdtempSync(join(tmpdir(), "crash-"));
  let world: World | string = "not started";
  beforeAll(async () => {
    world = await local(folder);
  }, 120_000);
  afterAll(async () => {
    if (typeof world !== "string") await world.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    "reach the end that they reach in memory, whichever write to the table a process does not survive",
    { timeout: 600_000 },
    async ({ skip }) => {
      if (typeof world === "string") return skip(world);
      const clean = new MemoryPorts();
      await cycle(clean, MORNING);
      const total = clean.writes.filter((what) => /^(?:put|remove) /.test(what)).length;
      expect(total).toBeGreaterThan(40);
      let played = 0;
      for (let write = 1; write <= total; write += EACH) {
        for (const how of ["dies before", "dies after", "loses the reply of"] as const) {
          const name = `crash-${write}-${how.replaceAll(" ", "-")}`;
          const table = await world.newTable(name);
          const ports = new MemoryPorts();
          await cycle(troubled(ports, table, { write, how }), MORNING).catch(expectTrouble);
          await cycle(portsWith(ports, table), MORNING);
          for (const topic of ["ops", "finance"] as const) {
            await sendQueued(portsWith(ports, table), topic, "2026-11-23T12:15:00.000Z");
          }
          const ended = await contentOf(name, table);
          expect(ended.state(), `${how} write ${write}`).toEqual(clean.state());
          expect(ended.state(["alert", "outbox"]), `${how} write ${write}`).toEqual(
            clean.state(["alert", "outbox"]),
          );
          expect(new Set(ports.published.map(({ dedupeKey }) => dedupeKey))).toEqual(
            new Set(clean.published.map(({ dedupeKey }) => dedupeKey)),
          );
          played += 1;
        }
      }
      expect(played).toBeGreaterThan(6);
    },
  );
});

/** The bucket and the topics stay in memory. */
function portsWith({ objects, notifier }: Ports, table: Table): Ports {
  return { table, objects, notifier };
}

function troubled(
  ports: Ports,
  table: Table,
  { write: last, how }: { readonly write: number; readonly how: How },
): Ports {
  let writes = 0;
  let isDead = false;
  const alive = <Value>(does: () => Promise<Value>): Promise<Value> => {
    if (isDead) throw new Crash("the process is gone");
    return does();
  };
  const writing = async <Value>(does: () => Promise<Value>): Promise<Value> =>
    alive(async () => {
      writes += 1;
      if (writes !== last) return does();
      isDead = how !== "loses the reply of";
      if (how === "dies before") throw new Crash(how);
      await does();
      throw isDead ? new Crash(how) : new LostReply(how);
    });
  const { objects, notifier } = ports;
  return {
    table: {
      get: async (...of) => alive(async () => table.get(...of)),
      query: async (...of) => alive(async () => table.query(...of)),
      queryOpen: async () => alive(async () => table.queryOpen()),
      put: async (...of) => writing(async () => table.put(...of)),
      remove: async (...of) => writing(async () => table.remove(...of)),
    },
    objects: {
      put: async (...of) => alive(async () => objects.put(...of)),
      get: async (...of) => alive(async () => objects.get(...of)),
      list: async (...of) => alive(async () => objects.list(...of)),
    },
    notifier: { publish: async (...of) => alive(async () => notifier.publish(...of)) },
  };
}

class LostReply extends Error {
  override readonly name = "TimeoutError";
}

function expectTrouble(error: unknown): void {
  if (error instanceof Crash || error instanceof LostReply) return;
  // What was written in doubt is met as another writer's, and left for the next run.
  expect(String(error)).toMatch(/another pull|other runs changed|left for the next run|refused/);
}

/** What the database holds, as the memory would hold it. */
async function contentOf(name: string, table: Table): Promise<MemoryPorts> {
  const memory = new MemoryPorts();
  const pages = paginateScan(
    { client: new DynamoDBClient({}) },
    { TableName: name, ConsistentRead: true },
  );
  for await (const { Items = [] } of pages) {
    for (const { pk, sk } of Items) {
      const item = await table.get({ pk: pk?.S ?? "", sk: sk?.S ?? "" });
      if (item !== null) await memory.table.put(item, "any");
    }
  }
  return memory;
}
