import * as z from "zod";

import { alertSchema } from "../../refund/alerts/alert.ts";
import type { Alert } from "../../refund/alerts/alert.ts";
import type { Instant } from "../../refund/time/instant.ts";
import { appendActs } from "./act-log.ts";
import type { Act } from "./act-log.ts";
import { saveAlerts } from "./alerts.ts";
import { messageSchema, enqueue } from "./outbox.ts";
import type { Message } from "./outbox.ts";
import { pack, unpack } from "./packing.ts";
import { ItemRefused } from "../ports.ts";
import type { Ports, Table } from "../ports.ts";

/** The messages that a run decided to send, and the alerts as they are afterwards. */
export type Decision = {
  readonly now: Instant;
  readonly messages: readonly Message[];
  readonly acts: readonly Act[];
  readonly alerts: readonly Alert[];
};

/**
 * Decides and carries out, so that no message is sent twice when a run dies in between or two runs
 * decide at the same time. The whole decision is one item. It is written first, on condition of the
 * version that was read. A run that finds an unfinished decision carries it out and then decides
 * again.
 *
 * @throws Error when other runs decided first in every attempt
 */
export async function decideOnce(ports: Ports, decide: () => Promise<Decision>): Promise<void> {
  const { table } = ports;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const { version, unfinished } = await readDecision(table);
    if (unfinished !== null) {
      await carryOut(ports, unfinished);
      await table.put(itemOf(version + 1, null), version);
      continue;
    }
    const decision = await decide();
    // Without a message nothing can be sent twice.
    if (decision.messages.length === 0) return carryOut(ports, decision);
    if (!(await writeAhead(table, decision, version))) continue;
    await carryOut(ports, decision);
    await table.put(itemOf(version + 2, null), version + 1);
    return;
  }
  throw new Error(`other runs decided ${MOST_ATTEMPTS} times meanwhile: left for the next run`);
}

async function carryOut(ports: Ports, { now, messages, acts, alerts }: Decision): Promise<void> {
  await enqueue(ports, messages);
  await appendActs(ports.objects, acts, now);
  await saveAlerts(ports.table, alerts, now);
}

/** @returns false when another run decided meanwhile */
async function writeAhead(table: Table, decision: Decision, version: number): Promise<boolean> {
  try {
    return await table.put(itemOf(version + 1, decision), version);
  } catch (error) {
    // Too large for one item: after a crash some messages may be sent twice, but none is lost.
    if (!(error instanceof ItemRefused)) throw error;
    return table.put(itemOf(version + 1, null), version);
  }
}

async function readDecision(
  table: Table,
): Promise<{ readonly version: number; readonly unfinished: Decision | null }> {
  const item = await table.get(KEY);
  if (item === null) return { version: 0, unfinished: null };
  const { v, decision } = itemSchema.parse(item);
  const unfinished = decisionSchema.nullable().parse(unpack(decision));
  return { version: v, unfinished };
}

function itemOf(v: number, decision: Decision | null) {
  if (decision === null) return { ...KEY, v, decision: pack(null) };
  const { messages: letters, ...rest } = decision;
  return { ...KEY, v, decision: pack({ ...rest, letters }) };
}

const KEY = { pk: "source", sk: "decision" };
const MOST_ATTEMPTS = 5;

const itemSchema = z.object({ v: z.int(), decision: z.instanceof(Uint8Array) });
/** The item has the names of the first version: a run of that version may have left it unfinished. */
const decisionSchema = z
  .object({
    now: z.string(),
    letters: z.array(messageSchema),
    acts: z.array(
      z.object({
        act: z.enum(["resolve", "answer", "fix", "alert"]),
        subject: z.string(),
        by: z.string(),
        said: z.string(),
      }),
    ),
    alerts: z.array(alertSchema),
  })
  .transform(({ letters, ...rest }): Decision => ({ ...rest, messages: letters }));
