import * as z from "zod";

import { after } from "../../refund/time/instant.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { Item, Ports, Table } from "../ports.ts";

/**
 * Messages that were decided and not yet published. The decision is written first. Then a run
 * claims a message with a conditional write, publishes it and marks it as sent. So two runs at the
 * same time publish it once. After a crash in between it may be published again under the same
 * dedupe key, but it is never lost.
 */
export type Message = {
  readonly dedupeKey: string;
  readonly topic: "ops" | "finance";
  readonly channel: "sms" | "email";
  readonly subject: string;
  readonly body: string;
  readonly decidedAt: Instant;
};

/** A message that is already in the outbox is not changed: another run may have claimed it. */
export async function enqueue({ table }: Ports, messages: readonly Message[]): Promise<void> {
  for (const { dedupeKey, ...message } of messages) {
    if (await isSent(table, dedupeKey)) continue;
    await table.put({ pk: "outbox", sk: dedupeKey, v: 1, ...message }, 0);
  }
}

/** Waiting time of the oldest message of all topics, in minutes; 0 when no message waits. */
export async function oldestWaitingMinutes(table: Table, now: Instant): Promise<number> {
  const messages = (await table.query("outbox", { consistent: true })).map(messageIn);
  const waited = messages.map(({ decidedAt }) => Date.parse(now) - Date.parse(decidedAt));
  return Math.round(Math.max(0, ...waited) / 60_000);
}

/**
 * Publishes the waiting messages of one topic, because each job may publish to its own topic only.
 * A refused message does not stop the others; one error at the end reports all refused messages.
 *
 * @param clock the time for claims, because an event may be minutes old when it is tried again
 * @throws NotAllPublished when one was refused; it waits for the next run
 */
export async function sendQueued(
  { table, notifier }: Ports,
  topic: Message["topic"],
  now: Instant,
  clock: () => Instant = () => now,
): Promise<{ readonly published: number }> {
  const refused: { readonly dedupeKey: string; readonly error: unknown }[] = [];
  let published = 0;
  for (const { version, claimedUntil, ...message } of await queued(table, topic)) {
    const { dedupeKey } = message;
    if (claimedUntil > clock()) continue;
    if (!(await table.put(claimed(message, version, clock()), version))) continue;
    try {
      // The message was queued again after it was published: it is marked as sent already.
      if (!(await isSent(table, dedupeKey))) {
        await notifier.publish(message);
        published += 1;
        await table.put(sent(message, now), "any");
      }
      await table.remove({ pk: "outbox", sk: dedupeKey });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      refused.push({ dedupeKey, error });
      // The claim is removed, so that the next run need not wait until it ends.
      await table.put(
        { pk: "outbox", sk: dedupeKey, v: version + 2, ...bodyOf(message) },
        version + 1,
      );
    }
  }
  if (refused.length > 0) throw new NotAllPublished(refused, published);
  return { published };
}

async function queued(table: Table, topic: Message["topic"]): Promise<readonly QueuedMessage[]> {
  const items = await table.query("outbox", { consistent: true });
  return items.map(messageIn).filter((message) => message.topic === topic);
}

type QueuedMessage = Message & { readonly version: number; readonly claimedUntil: Instant };

async function isSent(table: Table, dedupeKey: string): Promise<boolean> {
  return (await table.get({ pk: "sent", sk: dedupeKey })) !== null;
}

function messageIn(item: Item): QueuedMessage {
  const { sk, v: version, claimedUntil = "", ...message } = queuedSchema.parse(item);
  return { dedupeKey: sk, version, claimedUntil, ...message };
}

function claimed(message: Message, version: number, now: Instant): Item {
  const claimedUntil = after(now, CLAIM_MS);
  return {
    pk: "outbox",
    sk: message.dedupeKey,
    v: version + 1,
    claimedUntil,
    ...bodyOf(message),
  };
}

function bodyOf({ topic, channel, subject, body, decidedAt }: Message): Omit<Message, "dedupeKey"> {
  return { topic, channel, subject, body, decidedAt };
}

function sent({ dedupeKey }: Message, now: Instant): Item {
  const expiresAt = Math.ceil(Date.parse(now) / 1_000) + REMEMBERED_SECONDS;
  return { pk: "sent", sk: dedupeKey, at: now, expiresAt };
}

class NotAllPublished extends Error {
  override readonly name = "NotAllPublished";
  readonly published: number;
  constructor(
    refused: readonly { readonly dedupeKey: string; readonly error: unknown }[],
    published: number,
  ) {
    const [first] = refused;
    const why = first?.error instanceof Error ? first.error.name : "unknown error";
    super(
      `${refused.length} of ${refused.length + published} messages were refused (${why}), the first is ${first?.dedupeKey ?? ""}: they wait for the next run`,
    );
    this.published = published;
  }
}

const REMEMBERED_SECONDS = 60 * 86_400;
/** Longer than a publish takes, shorter than the time to the next run. */
const CLAIM_MS = 2 * 60_000;

export const messageSchema = z.object({
  dedupeKey: z.string(),
  topic: z.enum(["ops", "finance"]),
  channel: z.enum(["sms", "email"]),
  subject: z.string(),
  body: z.string(),
  decidedAt: z.string(),
});
const queuedSchema = messageSchema
  .omit({ dedupeKey: true })
  .extend({ sk: z.string(), v: z.int(), claimedUntil: z.string().optional() });
