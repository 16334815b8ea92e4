import * as z from "zod";
import { MISMATCH_KINDS } from "../record/mismatch.ts";

/**
 * One matter that people were told of, or are to be told of: refunds that went stale together,
 * mismatches over the threshold found together, or a source that stopped answering.
 *
 * Kept in the table and read back, hence a schema. Hand every alert whose `doneAt` is null or still
 * ahead to the next decision; after `doneAt` it may be forgotten.
 */
export type Alert = z.infer<typeof alertSchema>;
export type AlertKind = Alert["kind"];
export type AlertMember = Alert["members"][number];
export type AlertSource = NonNullable<Alert["source"]>;
/** What one channel has been told of an alert. */
export type Told = Alert["told"]["email"];

/** What to publish, whole in itself so that it can wait in an outbox and be sent again. */
export type AlertMessage = z.infer<typeof alertMessageSchema>;
export type AlertChannel = AlertMessage["channel"];

const instant = z.iso.datetime();
const count = z.int().min(0);
const kind = z.enum(["stale", "mismatch", "source_silent"]);
const source = z.enum(["storefront", "erp"]);
const amount = z.string().regex(/^-?\d+(\.\d+)?$/);

const member = z.object({
  recordId: z.string(),
  orderNumber: z.string().nullable(),
  /** Money at risk. */
  amount,
  currency: z.string(),
  /** The storefront's processed time; without a refund, the ERP's created time. */
  since: instant,
  /** When it became what it is: what becomes so anew is another matter. */
  changedAt: instant,
  mismatches: z.array(z.enum(MISMATCH_KINDS)).readonly(),
});

const told = z.object({
  last: z.enum(["nothing", "open", "over"]),
  /** Messages so far: the running part of the dedupe key. */
  messages: count,
  /** Null until this channel was first told that it is open. */
  repeatDueAt: instant.nullable(),
  /** Members that came right since this channel last heard. */
  cleared: count,
});

export const alertSchema = z.object({
  key: z.string(),
  kind,
  state: z.enum(["open", "over"]),
  /** The silent source, or the one without which the members cannot be believed. */
  source: source.nullable(),
  members: z.array(member).readonly(),
  /** Members that left lately: one that comes back soon comes back without a message. */
  left: z.array(z.object({ recordId: z.string(), at: instant })).readonly(),
  openedAt: instant,
  overAt: instant.nullable(),
  doneAt: instant.nullable(),
  told: z.object({ email: told, sms: told }),
});

export const alertMessageSchema = z.object({
  /** Alert keys, what is said and how often it was said: the same after a crash. */
  dedupeKey: z.string(),
  channel: z.enum(["email", "sms"]),
  kind,
  what: z.enum(["new", "repeat", "over"]),
  decidedAt: instant,
  /** Refunds that the message is about; for "over", those that came right. */
  count,
  /** For a repeat: refunds that came right since the last message. */
  cleared: count,
  /** A line a currency, the brand's first. */
  atRisk: z.array(z.object({ amount, currency: z.string() })).readonly(),
  oldest: member.nullable(),
  /** The first few by money at risk, the brand's currency first. */
  listed: z.array(member).readonly(),
  /** For source_silent: what was silent, and through when each had been read. */
  sources: z
    .array(
      z.object({
        source,
        completeThrough: instant.nullable(),
        trouble: z.string().nullable().optional(),
      }),
    )
    .readonly(),
});
