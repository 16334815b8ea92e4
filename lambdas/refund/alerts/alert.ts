import * as z from "zod";
import { MISMATCH_KINDS } from "../record/mismatch.ts";

/**
 * One problem about which people got a message or will get one: refunds that became stale together,
 * mismatches over the threshold that were found together, or a source that stopped answering.
 *
 * It is stored in the table and read back, so it needs a schema. Pass every alert whose `doneAt` is
 * null or in the future to the next decision. After `doneAt` it may be removed.
 */
export type Alert = z.infer<typeof alertSchema>;
export type AlertKind = Alert["kind"];
export type AlertMember = Alert["members"][number];
export type AlertSource = NonNullable<Alert["source"]>;
/** What was sent to one channel about an alert. */
export type ChannelState = Alert["told"]["email"];

/**
 * A message to publish. It is complete in itself, so that it can wait in an outbox and be sent
 * again.
 */
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
  /**
   * When the record got its status. If it gets the same status again later, that is a new problem.
   */
  changedAt: instant,
  mismatches: z.array(z.enum(MISMATCH_KINDS)).readonly(),
});

const channelState = z.object({
  last: z.enum(["nothing", "open", "over"]),
  /** The number of messages so far; it is a part of the dedupe key. */
  messages: count,
  /** Null until the first message to this channel. */
  repeatDueAt: instant.nullable(),
  /** How many members were resolved since the last message to this channel. */
  cleared: count,
});

export const alertSchema = z.object({
  key: z.string(),
  kind,
  state: z.enum(["open", "over"]),
  /** The silent source, or the source that decides whether the members are true. */
  source: source.nullable(),
  members: z.array(member).readonly(),
  /** Members that left recently: if one soon comes back, no message is sent. */
  left: z.array(z.object({ recordId: z.string(), at: instant })).readonly(),
  openedAt: instant,
  overAt: instant.nullable(),
  doneAt: instant.nullable(),
  told: z.object({ email: channelState, sms: channelState }),
});

export const alertMessageSchema = z.object({
  /**
   * Made from the alert keys, the type of message and the number of messages: it is the same when a
   * run is repeated after a crash.
   */
  dedupeKey: z.string(),
  channel: z.enum(["email", "sms"]),
  kind,
  what: z.enum(["new", "repeat", "over"]),
  decidedAt: instant,
  /** The number of refunds in the message; for "over", the number of resolved refunds. */
  count,
  /** For a repeat: the number of refunds resolved since the last message. */
  cleared: count,
  /** One entry for each currency, the brand's currency first. */
  atRisk: z.array(z.object({ amount, currency: z.string() })).readonly(),
  oldest: member.nullable(),
  /** The members with the most money at risk, the brand's currency first. */
  listed: z.array(member).readonly(),
  /** For source_silent: the silent sources, and the time through which each was read. */
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
