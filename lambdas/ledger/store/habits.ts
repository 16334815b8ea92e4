import * as z from "zod";

import type { BookingHabit } from "../../refund/observation/booking-habit.ts";
import type { Table } from "../ports.ts";

/** How the ERP usually books and pays out, as the last digest learned it. One item. */
export async function readHabits(table: Table): Promise<readonly BookingHabit[]> {
  const item = await table.get(KEY, { consistent: false });
  if (item === null) return [];
  const value: unknown = JSON.parse(itemSchema.parse(item).habits);
  return habitsSchema.parse(value);
}

export async function saveHabits(table: Table, habits: readonly BookingHabit[]): Promise<void> {
  await table.put({ ...KEY, habits: JSON.stringify(habits) }, "any");
}

const KEY = { pk: "source", sk: "habits" };
const itemSchema = z.object({ habits: z.string() });
const since = z.object({ from: z.iso.date(), to: z.iso.date() });
const habitsSchema = z.array(
  z.object({
    path: z.string(),
    kind: z.string().nullable(),
    paidWithinMs: z.number().nullable(),
    change: since.extend({ kind: z.string() }).nullable(),
    unpaid: since.nullable(),
    until: z.iso.date().nullable(),
  }),
) satisfies z.ZodType<BookingHabit[]>;
