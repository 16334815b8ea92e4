import * as z from "zod";

import { interventionSchema } from "../../refund/diagnosis/repairs/check-in.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { Repair } from "../../refund/diagnosis/repairs/repair-progress.ts";
import { shortName } from "./answers.ts";
import type { Table } from "../ports.ts";

/** Recorded repairs with the rate before. One for the same day and cohort replaces the old one. */
export async function readRepairs(table: Table): Promise<readonly Repair[]> {
  const items = await table.query("intervention");
  return items.map((item) => {
    const { body, note } = itemSchema.parse(item);
    const value: unknown = JSON.parse(body);
    return { intervention: interventionSchema.parse(value), note };
  });
}

export async function saveRepair(
  table: Table,
  { intervention, note }: Repair,
  now: Instant,
): Promise<void> {
  const key = {
    pk: "intervention",
    sk: `${intervention.on}#${shortName(intervention.cohort)}`,
  };
  await table.put({ ...key, body: JSON.stringify(intervention), note, recordedAt: now }, "any");
}

const itemSchema = z.object({ body: z.string(), note: z.string() });
