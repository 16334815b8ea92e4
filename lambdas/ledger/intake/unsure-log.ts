import type { Instant } from "../../refund/time/instant.ts";
import { hasLogged } from "../store/event-log.ts";
import type { Stores } from "../ports.ts";
import { LONGEST_LOOK_BACK_DAYS, logFrom } from "./known-listings.ts";
import type { Source, SourceState } from "../store/source-state.ts";

/**
 * Adds to the source's state which part of the log cannot be believed. When the log has later runs
 * than the table, the table was restored or a run died.
 */
export async function withUnsureLog(
  {
    ports: { objects },
    source,
    now,
  }: { readonly ports: Stores; readonly source: Source; readonly now: Instant },
  state: SourceState,
): Promise<SourceState> {
  const { savedAt } = state;
  const unsure = state.unsureLog;
  const before =
    unsure !== null && unsure.until > logFrom(now, LONGEST_LOOK_BACK_DAYS) ? unsure : null;
  const from =
    savedAt === null || savedAt < logFrom(now, LONGEST_LOOK_BACK_DAYS)
      ? logFrom(now, LONGEST_LOOK_BACK_DAYS)
      : savedAt;
  const isBehind =
    savedAt !== null && (await hasLogged(objects, `pull-${source}`, { after: from, before: now }));
  if (!isBehind) return { ...state, unsureLog: before };
  const first = before !== null && before.from < from ? before.from : from;
  return { ...state, unsureLog: { from: first, until: now } };
}
