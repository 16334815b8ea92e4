import * as z from "zod";
import { burstSchema } from "./bursts.ts";
import { FAILURES } from "../features/failure.ts";
import { SEGMENT_KEYS } from "../features/features.ts";
import { mappingTallySchema } from "../features/field-mapping.ts";
import { roundingCaseSchema } from "../rounding/rounding-case.ts";
import { workflowPathSchema } from "../features/workflow-path.ts";

/**
 * One day of a brand's refunds as counts. The diagnosis reads it instead of the refunds themselves.
 *
 * Its size has an upper limit that does not depend on the day's volume, and no part of it grows
 * with history. The digest writes it, and writes it again under the same key whenever one of the
 * day's refunds has changed: the newest version is the most complete.
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
  /** Quarter of an hour of the settlement (since 1970), lag bucket, refunds. */
  arrived: z.array(z.tuple([count, count, count])),
  /** Quarter of an hour of the settlement (since 1970), refunds that waited at the roll-up. */
  waiting: z.array(z.tuple([count, count])),
});
const bookings = z.object({
  refunds: count,
  /** Of a credit: pairs of lag bucket, from its creation to its payout, and refunds. */
  paid: z.array(z.tuple([count, count])),
  /** Pairs of the hour of its creation (since 1970) and the refunds that were not paid out. */
  unpaid: z.array(z.tuple([count, count])),
});

/** Days of version 1 were never made again for what arrived after two days. */
export const ROLLUP_VERSION = 2;

export const dailyRollupSchema = z.object({
  version: z.literal(ROLLUP_VERSION),
  day: z.iso.date(),
  rolledUpAt: z.iso.datetime(),
  /** Refunds with a known result: money moved, in scope, and arrived or no longer pending. */
  refunds: count,
  failed: z.partialRecord(
    z.enum(FAILURES),
    z.object({ count, ids: z.array(z.string()).describe("samples") }),
  ),
  segments: z.partialRecord(z.enum(SEGMENT_KEYS), z.record(z.string(), tally)),
  paths: z.array(pathTallySchema),
  /** By twin profile. */
  twins: z.record(z.string(), tally),
  /**
   * By formula: refunds to which it would make a difference, and those that show this difference.
   */
  slips: z.record(z.string(), z.object({ applies: count, shown: count })),
  /** By channel and gateway, see `channelPath`. */
  lags: z.record(z.string(), lags),
  /**
   * How the integration booked the day's refunds: by channel and gateway, then by kind of document.
   */
  bookings: z.record(z.string(), z.record(z.string(), bookings)),
  /**
   * Pairs: five-minute interval (counted since 1970), and the documents that the ERP made in it.
   */
  arrivals: z.array(z.tuple([count, count])),
  /** With the workflow paths of their refunds, which `paths` does not include. */
  bursts: z.array(burstSchema.extend({ paths: z.array(pathTallySchema).default([]) })),
  /**
   * Each quarter of an hour (since 1970) that has a refund: its refunds, and those lost or late.
   */
  quarters: z.array(z.tuple([count, count, count])),
  /** By kind of human touch: on how many refunds it is known, and how many were touched. */
  hands: z.record(z.string(), z.object({ known: count, touched: count })),
  /** Refunds as store credit or gift card whose holder the storefront shows, so that their way shows. */
  credits: z.array(
    z.object({
      refundId: z.string(),
      orderId: z.string(),
      orderNumber: z.string(),
      orderCreatedAt: z.string(),
      at: z.string(),
      amount: z.string(),
      currency: z.string(),
      /** A pseudonym. */
      holder: z.string(),
      orderPaidWithIt: z.boolean(),
    }),
  ),
  /** Such refunds beyond the most that a day keeps: they are followed no further. */
  creditsLeftOut: count,
  /** The checkpoints of the refunds that were processed on the day, as far as they are past. */
  checkpoints: z.object({ passed: count, flagged: count, waiting: count, notYet: count }),
  /** Refunds that the ERP booked as a payout alone, without a credit memo. */
  payoutsAlone: count.default(0),
  /** The refunds that are kept for finding the rounding rule, see `RoundingCases`. */
  roundingCases: z.array(roundingCaseSchema),
  /** By refund type, by field. */
  mapping: z.record(z.string(), z.record(z.string(), mappingTallySchema)),
});
