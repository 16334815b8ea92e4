import * as z from "zod";

import type { Instant } from "../refund/observation.ts";
import type { Item, Ports } from "./ports.ts";

/**
 * Messages decided and not yet published. The decision is written first, then published, then
 * marked: a crash in between sends again under the same dedupe key and never loses one.
 */
export type Letter = {
  readonly dedupeKey: string;
  readonly topic: "ops" | "finance";
  readonly channel: "sms" | "email";
  readonly subject: string;
  readonly body: string;
  readonly decidedAt: Instant;
};

export async function postLetters({ table }: Ports, letters: readonly Letter[]): Promise<void> {
  for (const { dedupeKey, ...letter } of letters) {
    if ((await table.get({ pk: "sent", sk: dedupeKey })) !== null) continue;
    await table.put({ pk: "outbox", sk: dedupeKey, ...letter }, "any");
  }
}

/** Each job may publish to its own topic only, so it sends only what is for it. */
export async function emptyOutbox(
  { table, notifier }: Ports,
  topic: Letter["topic"],
  now: Instant,
): Promise<{ readonly published: number; readonly oldestLetterMinutes: number }> {
  const waiting = (await table.query("outbox", { consistent: true })).map(letterOf);
  const letters = waiting.filter((letter) => letter.topic === topic);
  for (const letter of letters) {
    await notifier.publish(letter);
    await table.put(sent(letter, now), "any");
    await table.remove({ pk: "outbox", sk: letter.dedupeKey });
  }
  const waited = letters.map(({ decidedAt }) => Date.parse(now) - Date.parse(decidedAt));
  return {
    published: letters.length,
    oldestLetterMinutes: Math.round(Math.max(0, ...waited) / 60_000),
  };
}

function letterOf(item: Item): Letter {
  const { sk, ...letter } = letterSchema.parse(item);
  return { dedupeKey: sk, ...letter };
}

function sent({ dedupeKey }: Letter, now: Instant): Item {
  const expiresAt = Math.ceil(Date.parse(now) / 1_000) + REMEMBERED_SECONDS;
  return { pk: "sent", sk: dedupeKey, at: now, expiresAt };
}

const REMEMBERED_SECONDS = 60 * 86_400;

const letterSchema = z.object({
  sk: z.string(),
  topic: z.enum(["ops", "finance"]),
  channel: z.enum(["sms", "email"]),
  subject: z.string(),
  body: z.string(),
  decidedAt: z.string(),
});
