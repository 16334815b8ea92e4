import * as z from "zod";
import { burstSchema } from "./bursts.ts";
import { FAILURES } from "../features/failure.ts";
import { SEGMENT_KEYS } from "../features/features.ts";
import { mappingTallySchema } from "../features/field-mapping.ts";
import { roundingCaseSchema } from "../rounding/rounding-case.ts";
import { workflowPathSchema } from "../features/workflow-path.ts";

/**
 * One day of a brand's refunds as counts: what diagnosis reads instead of the refunds themselves.
 *
 * Its size has a bound that does not depend on the day's volume, and nothing in it grows with
 * history. Written by the digest, and written again while the day's refunds still change (the last
 * few days), under the same key: the newest says most.
 */
export type DailyRollup = z.infer<typeof dailyRollupSchema>;

const count = z.int().min(0);
const failed = z.partialRecord(z.enum(FAILURES), count);
const tally = z.object({ refunds: count, failed });
const pathTallySchema = z.object({
  path: workflowPathSchema,
  refunds: count,
  missing: count,
  failed: count,
});
const lags = z.object({
  /** Lag bucket and how many: arrived, and still waiting when the day was rolled up. */
  arrived: z.array(z.tuple([count, count])),
  waiting: z.array(z.tuple([count, count])),
});

export const dailyRollupSchema = z.object({
  version: z.literal(1),
  day: z.iso.date(),
  rolledUpAt: z.iso.datetime(),
  /** Refunds whose fate is known: money moved, in scope, and arrived or given up waiting for. */
  refunds: count,
  failed: z.partialRecord(
    z.enum(FAILURES),
    z.object({ count, ids: z.array(z.string()).describe("samples") }),
  ),
  segments: z.partialRecord(z.enum(SEGMENT_KEYS), z.record(z.string(), tally)),
  paths: z.array(pathTallySchema),
  /** By twin profile. */
  twins: z.record(z.string(), tally),
  /** By slip: refunds to which it would make a difference, and those that show just that one. */
  slips: z.record(z.string(), z.object({ applies: count, shown: count })),
  /** By channel, and "all". */
  lags: z.record(z.string(), lags),
  /** Documents by the five minutes in which the ERP made them (since 1970), how many. */
  arrivals: z.array(z.tuple([count, count])),
  /** With the ways of their refunds, which `paths` leaves out. */
  bursts: z.array(burstSchema.extend({ paths: z.array(pathTallySchema).default([]) })),
  /** Quarters of an hour (since 1970) with any refund: refunds, and lost or late. */
  quarters: z.array(z.tuple([count, count, count])),
  /** People's hands on refunds: how many could be told, and how many were touched. */
  hands: z.record(z.string(), z.object({ known: count, touched: count })),
  /** Refunds that the ERP booked as a payout alone, without a credit memo. */
  payoutsAlone: count.default(0),
  /** What the platform gave at all: a feature seen nowhere is unknown, not absent. */
  roundingCases: z.array(roundingCaseSchema),
  /** By refund type, by field. */
  mapping: z.record(z.string(), z.record(z.string(), mappingTallySchema)),
});
