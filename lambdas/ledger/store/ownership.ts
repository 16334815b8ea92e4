import * as z from "zod";

import type { LearnedOwnership } from "../../refund/observation/learned-ownership.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { DocumentScope } from "../../refund/policy.ts";
import type { Table } from "../ports.ts";

/**
 * What was learned about whose documents the ERP shows, with the scope of the brand file at that
 * time: when one of them changes, the documents concerned are evaluated again. One item.
 */
export type KeptOwnership = {
  readonly learned: LearnedOwnership;
  readonly scope: DocumentScope | null;
  readonly at: Instant;
};

export async function readOwnership(table: Table): Promise<KeptOwnership | null> {
  const item = await table.get(KEY, { consistent: false });
  if (item === null) return null;
  const { kept } = itemSchema.parse(item);
  const value: unknown = JSON.parse(kept);
  return keptSchema.parse(value);
}

export async function saveOwnership(table: Table, kept: KeptOwnership): Promise<void> {
  await table.put({ ...KEY, kept: JSON.stringify(kept) }, "any");
}

const KEY = { pk: "source", sk: "ownership" };
const itemSchema = z.object({ kept: z.string() });
const tallies = z.array(
  z.object({
    value: z.string(),
    seen: z.int().min(0),
    agreed: z.int().min(0),
    ownership: z.enum(["ours", "unclear", "probably_not_ours"]),
  }),
);
const texts = z.array(z.string());
const keptSchema = z.object({
  learned: z.object({
    company: tallies,
    prefix: tallies,
    maker: tallies,
    shared: texts.optional(),
    proved: texts.optional(),
  }),
  scope: z.object({ companies: texts, documentPrefixes: texts, channels: texts }).nullable(),
  at: z.string(),
}) satisfies z.ZodType<KeptOwnership>;
