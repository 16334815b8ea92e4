import * as z from "zod";

import { AMOUNT_KINDS, WORDS_KINDS } from "./mismatch.ts";
import type { Mismatch } from "./mismatch.ts";
import type { Resolution } from "./sync-record.ts";

/** Checks the parts of a record that are read back from storage, except its two sides. */
const amount = z.string().regex(/^-?\d+(\.\d+)?$/);

export const mismatchSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.enum(AMOUNT_KINDS),
    expected: amount,
    actual: amount,
    difference: amount,
    currency: z.string(),
    hidden: z.literal(true).optional(),
    leg: z.literal("paid").optional(),
  }),
  z.object({
    kind: z.enum(WORDS_KINDS),
    expected: z.string(),
    actual: z.string(),
    difference: z.literal(""),
    currency: z.string(),
  }),
]) satisfies z.ZodType<Mismatch>;

export const resolutionSchema = z.object({
  at: z.string(),
  by: z.string(),
  note: z.string(),
  fingerprint: z.string(),
}) satisfies z.ZodType<Resolution>;
