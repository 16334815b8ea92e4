import type { Instant } from "../../refund/time/instant.ts";
import { alertSchema } from "../../refund/alerts/alert.ts";
import type { Alert } from "../../refund/alerts/alert.ts";
import { pack, unpack } from "./packing.ts";
import type { Table } from "../ports.ts";
import * as z from "zod";

/** Alerts that are open, or ended so recently that their refunds may become exceptions again. */
export async function openAlerts(table: Table): Promise<readonly Alert[]> {
  const items = await table.query("alert", { consistent: true });
  return items.map((item) => alertSchema.parse(unpack(itemSchema.parse(item).alert)));
}

export async function saveAlerts(
  table: Table,
  alerts: readonly Alert[],
  now: Instant,
): Promise<void> {
  for (const alert of alerts) {
    const key = { pk: "alert", sk: alert.key };
    if (alert.doneAt !== null && alert.doneAt <= now) await table.remove(key);
    else await table.put({ ...key, alert: pack(alert) }, "any");
  }
}

const itemSchema = z.object({ alert: z.instanceof(Uint8Array) });
