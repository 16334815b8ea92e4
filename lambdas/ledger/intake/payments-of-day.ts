import { savePayments } from "../store/payments.ts";
import { saveSourceState } from "../store/source-state.ts";
import type { SourceState } from "../store/source-state.ts";
import { after } from "../../refund/time/instant.ts";
import type { Instant } from "../../refund/time/instant.ts";
import type { PaymentsBack, Window } from "../../systems/source.ts";
import type { Reading } from "./page-intake.ts";

/**
 * Once a day, reads the storefront's own list of the payments of the last complete UTC day. The
 * digest compares it with the refunds: money may move without a refund, and a refund may say that
 * money moved that did not. After a pause it reads every day since the last one.
 *
 * The list is a second look: when it cannot be read, the pull itself is still complete.
 */
export async function readPaymentsOfDay(reading: Reading, state: SourceState): Promise<void> {
  const { system, ports, source, now, log, remainingMs } = reading;
  let current = state;
  const { paymentsThrough } = state;
  if (paymentsThrough !== null && paymentsThrough < after(now, -(MOST_DAYS + 2) * DAY_MS)) {
    const sentence = `The ${source}'s list of payments was last read through ${paymentsThrough}: days before the last ${MOST_DAYS} are not compared.`;
    log({ level: "warn", code: "PAYMENTS_SKIPPED", sentence, facts: { source, paymentsThrough } });
  }
  for (const window of daysToRead(state, now)) {
    if (system.paymentsBack === undefined || remainingMs() <= 0) return;
    const day = window.since.slice(0, 10);
    let list: PaymentsBack | null;
    try {
      list = await system.paymentsBack(window);
    } catch (error) {
      const sentence = `The ${source}'s list of payments of ${day} cannot be read now: the next run asks again.`;
      const reason = error instanceof Error ? error.name : "unknown";
      log({ level: "warn", code: "PAYMENTS_UNREAD", sentence, facts: { source, reason } });
      return;
    }
    const shown = list ?? { payments: null, unreadable: 0 };
    await savePayments(ports.table, { day, ...shown, toldIn: null });
    const next = { ...current, paymentsThrough: window.until };
    if (!(await saveSourceState(ports.table, source, next, current))) return;
    current = { ...next, version: current.version + 1 };
  }
}

/**
 * Complete UTC days, oldest first: each day is over for two hours, so that it has every payment, and
 * the refunds of the whole day were read.
 */
function daysToRead(
  { paymentsThrough: through, watchedSince }: SourceState,
  now: Instant,
): readonly Window[] {
  const until = `${after(now, -SETTLED_MS).slice(0, 10)}T00:00:00.000Z`;
  const oldest = after(until, -MOST_DAYS * DAY_MS);
  const first = through === null ? after(until, -DAY_MS) : through < oldest ? oldest : through;
  const days: Window[] = [];
  for (let since = first; since < until; since = after(since, DAY_MS)) {
    if (watchedSince === null || since < watchedSince) continue;
    days.push({ since, until: after(since, DAY_MS) });
  }
  return days;
}

const SETTLED_MS = 2 * 3_600_000;
const DAY_MS = 86_400_000;
/** The digest looks no further back. */
const MOST_DAYS = 7;
