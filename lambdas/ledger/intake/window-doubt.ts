import type { System, Window } from "../../systems/source.ts";
import type { Source, WindowProgress } from "../store/source-state.ts";

/**
 * Why a window that was read to its end cannot be believed; null when it can.
 *
 * An empty window should have shown the record at the watermark, because the window begins before
 * it: the record was deleted, or the source answers wrongly. When the source no longer shows that
 * record, the empty window is believed if the next run finds the same.
 */
export async function doubtOf(
  { system, source }: { readonly system: System; readonly source: Source },
  { since, until, counted, reported, showed }: WindowProgress,
  { shown, newest, trouble }: Canary,
): Promise<string | null> {
  if (reported !== null && counted < reported) {
    // Records that were edited meanwhile have left the window. So the source is asked again for the
    // count of this window, and for the count of the time after it. If both counts together are too
    // small, the source is not believed.
    const { reported: again } = await system.since({ since, until }, null, knowsAll);
    const { reported: behind } =
      again === null || again >= reported
        ? { reported: null }
        : await system.since({ since: until, until: FAR_FUTURE }, null, knowsAll);
    const gone = behind === null ? 0 : Math.max(0, reported - (again ?? 0) - behind);
    if (again !== null && (counted < again || gone > 0)) {
      const first = gone > 0 ? `first said ${reported} and now says` : "says that";
      return `The ${source} ${first} ${again} records changed in this window, and showed ${counted}: the next run reads the window again.`;
    }
  }
  if (counted > 0) return null;
  if (newest !== null) {
    if ((await system.byId([newest])).fetched > 0) {
      return `The ${source} shows nothing in this window, though its newest record (${newest}) is still there: the next run reads the window again.`;
    }
    const gone = `The ${source} shows nothing in this window, and its newest record (${newest}) is gone: the window is read once more.`;
    if (trouble !== gone) return gone;
  }
  if (showed !== undefined && (await isInWindow(system, showed, { since, until }))) {
    return `The ${source} shows nothing in this window now, and it showed ${showed}, which is still there: the next run reads the window again.`;
  }
  if (shown.length === 0) return null;
  if (system.stillShows === undefined || (await system.stillShows(shown))) return null;
  return `The ${source} shows nothing at all, not even records that it showed before: check its permissions and filters.`;
}

/** A record that was changed meanwhile belongs to another window. */
async function isInWindow(system: System, id: string, { since, until }: Window): Promise<boolean> {
  const { observations } = await system.byId([id]);
  return observations.some((one) => {
    const at = one.role === "erp" ? one.modifiedAt : one.updatedAt;
    return at >= since && at <= until;
  });
}

const FAR_FUTURE = "9999-12-31T00:00:00.000Z";

export type Canary = {
  /** Ids of records that the source showed recently: one of them must still be there. */
  readonly shown: readonly string[];
  /** The id with which to read the record at the watermark; null when it is not known. */
  readonly newest: string | null;
  /** Why the window could not be believed when it was read last. */
  readonly trouble: string | null;
};

/** Only the count is needed: all records count as known, so that none is read. */
async function knowsAll<Shown>(all: readonly Shown[]): Promise<Set<Shown>> {
  return new Set(all);
}
