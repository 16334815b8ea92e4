import * as z from "zod";

import { after } from "../../refund/time/instant.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { Item, Ports, Table } from "../ports.ts";

/**
 * Messages decided and not yet published. The decision is written first; then a message is claimed
 * by a condition, published, and marked: two runs at once publish it once, and a crash in between
 * publishes again under the same dedupe key and never loses one.
 */
export type Letter = {
  readonly dedupeKey: string;
  readonly topic: "ops" | "finance";
  readonly channel: "sms" | "email";
  readonly subject: string;
  readonly body: string;
  readonly decidedAt: Instant;
};

/** A letter that lies there already is left as it is: another run may have claimed it. */
export async function postLetters({ table }: Ports, letters: readonly Letter[]): Promise<void> {
  for (const { dedupeKey, ...letter } of letters) {
    if (await isSent(table, dedupeKey)) continue;
    await table.put({ pk: "outbox", sk: dedupeKey, v: 1, ...letter }, 0);
  }
}

/** How long the oldest message has waited, whoever it is for, in minutes; 0 when none does. */
export async function oldestWaitingMinutes(table: Table, now: Instant): Promise<number> {
  const letters = (await table.query("outbox", { consistent: true })).map(letterOf);
  const waited = letters.map(({ decidedAt }) => Date.parse(now) - Date.parse(decidedAt));
  return Math.round(Math.max(0, ...waited) / 60_000);
}

/**
 * Publishes what waits for a topic: each job may publish to its own only. A message that is refused
 * holds up no other; what was refused is told at the end.
 *
 * @param clock by which claims begin and end: an event may be minutes old when it is tried again
 * @throws NotAllPublished when one was refused; it waits for the next run
 */
export async function emptyOutbox(
  { table, notifier }: Ports,
  topic: Letter["topic"],
  now: Instant,
  clock: () => Instant = () => now,
): Promise<{ readonly published: number }> {
  const refused: { readonly dedupeKey: string; readonly error: unknown }[] = [];
  let published = 0;
  for (const { version, claimedUntil, ...letter } of await waiting(table, topic)) {
    const { dedupeKey } = letter;
    if (claimedUntil > clock()) continue;
    if (!(await table.put(claimed(letter, version, clock()), version))) continue;
    try {
      // Posted again after it was published: the mark is older than the claim.
      if (!(await isSent(table, dedupeKey))) {
        await notifier.publish(letter);
        published += 1;
        await table.put(sent(letter, now), "any");
      }
      await table.remove({ pk: "outbox", sk: dedupeKey });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      refused.push({ dedupeKey, error });
      // Let go of, so that the next run need not wait for the claim to end.
      await table.put(
        { pk: "outbox", sk: dedupeKey, v: version + 2, ...bodyOf(letter) },
        version + 1,
      );
    }
  }
  if (refused.length > 0) throw new NotAllPublished(refused, published);
  return { published };
}

async function waiting(table: Table, topic: Letter["topic"]): Promise<readonly WaitingLetter[]> {
  const items = await table.query("outbox", { consistent: true });
  return items.map(letterOf).filter((letter) => letter.topic === topic);
}

type WaitingLetter = Letter & { readonly version: number; readonly claimedUntil: Instant };

async function isSent(table: Table, dedupeKey: string): Promise<boolean> {
  return (await table.get({ pk: "sent", sk: dedupeKey })) !== null;
}

function letterOf(item: Item): WaitingLetter {
  const { sk, v: version, claimedUntil = "", ...letter } = waitingSchema.parse(item);
  return { dedupeKey: sk, version, claimedUntil, ...letter };
}

function claimed(letter: Letter, version: number, now: Instant): Item {
  const claimedUntil = after(now, CLAIM_MS);
  return {
    pk: "outbox",
    sk: letter.dedupeKey,
    v: version + 1,
    claimedUntil,
    ...bodyOf(letter),
  };
}

function bodyOf({ topic, channel, subject, body, decidedAt }: Letter): Omit<Letter, "dedupeKey"> {
  return { topic, channel, subject, body, decidedAt };
}

function sent({ dedupeKey }: Letter, now: Instant): Item {
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

export const letterSchema = z.object({
  dedupeKey: z.string(),
  topic: z.enum(["ops", "finance"]),
  channel: z.enum(["sms", "email"]),
  subject: z.string(),
  body: z.string(),
  decidedAt: z.string(),
});
const waitingSchema = letterSchema
  .omit({ dedupeKey: true })
  .extend({ sk: z.string(), v: z.int(), claimedUntil: z.string().optional() });
