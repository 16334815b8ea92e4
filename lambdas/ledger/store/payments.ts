import * as z from "zod";

import type { PaymentBack } from "../../refund/observation/payments-back.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { Table } from "../ports.ts";

/** The storefront's own list of payments back to buyers, of one UTC day. */
export type PaymentsOfDay = {
  /** `2026-11-22` */
  readonly day: string;
  /** Null when the storefront does not show the list. */
  readonly payments: readonly PaymentBack[] | null;
  readonly unreadable: number;
  /** The date of the digest that told the comparison; null before one did. */
  readonly toldIn: string | null;
};

/** The list needs items of a limited size, so a long one has several. A repeated write is harmless. */
export async function savePayments(
  table: Table,
  { day, payments, unreadable, toldIn }: PaymentsOfDay,
): Promise<void> {
  const parts = payments === null || payments.length === 0 ? [payments] : chunks(payments);
  for (const [index, part] of parts.entries()) {
    const item = {
      pk: PARTITION,
      sk: `${day}#${String(index).padStart(4, "0")}`,
      payments: JSON.stringify(part),
      unreadable,
      toldIn: toldIn ?? "",
      expiresAt: Math.ceil(Date.parse(day) / 1_000) + KEPT_SECONDS,
    };
    await table.put(item, "any");
  }
}

/** The days from `from` on that end at `to` or earlier, oldest first. */
export async function readPayments(
  table: Table,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<readonly PaymentsOfDay[]> {
  const items = await table.query(PARTITION, {
    from: from.slice(0, 10),
    to: `${to.slice(0, 10)}#`,
  });
  const days = new Map<string, PaymentsOfDay>();
  for (const item of items) {
    const { sk, payments, unreadable, toldIn } = itemSchema.parse(item);
    const [day = ""] = sk.split("#");
    if (endOf(day) > to) continue;
    const value: unknown = JSON.parse(payments);
    const part = partSchema.parse(value);
    const before = days.get(day)?.payments;
    days.set(day, {
      day,
      payments: before === undefined || before === null ? part : [...before, ...(part ?? [])],
      unreadable,
      toldIn: toldIn === "" ? null : toldIn,
    });
  }
  return [...days.values()];
}

function endOf(day: string): Instant {
  return new Date(Date.parse(day) + DAY_MS).toISOString();
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / MOST_ROWS) }, (_, index) =>
    items.slice(index * MOST_ROWS, (index + 1) * MOST_ROWS),
  );
}

const PARTITION = "payments";
/** About 200 bytes a row; an item may have 400 KB. */
const MOST_ROWS = 1_000;
const DAY_MS = 86_400_000;
const KEPT_SECONDS = 30 * 86_400;
const itemSchema = z.object({
  sk: z.string(),
  payments: z.string(),
  unreadable: z.int(),
  toldIn: z.string(),
});
const partSchema = z
  .array(
    z.object({
      paymentId: z.string(),
      orderId: z.string().nullable(),
      orderNumber: z.string().nullable(),
      amount: z.string(),
      currency: z.string(),
      at: z.string(),
    }),
  )
  .nullable();
