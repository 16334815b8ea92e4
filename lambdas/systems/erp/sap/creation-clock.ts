import type { Instant } from "../../../refund/time/instant.ts";
import type { BillingRow } from "./page.ts";

/**
 * The offset of the system's own clock from UTC, learned from its documents.
 *
 * SAP states a date and a time of creation without a zone. A document that was never changed was
 * made at its only change time, which is an instant. So such a document shows the offset, and with
 * it the time of creation of the changed documents is known. The sample that is nearest in time
 * counts, because daylight saving time changes the offset.
 */
export class CreationClock {
  /** By the local time of creation, in milliseconds. */
  readonly #offsets = new Map<number, number>();
  /** Whether SAP was asked for older documents already: once a run is enough. */
  isAsked = false;

  learn(rows: readonly BillingRow[]): void {
    for (const row of rows) {
      const local = localMs(row);
      if (local === null || row.LastChangeDate !== null) continue;
      const offset = Math.round((local - Date.parse(row.LastChangeDateTime)) / SLOT_MS) * SLOT_MS;
      if (Math.abs(offset) > MOST_MS || this.#offsets.size >= MOST_SAMPLES) continue;
      // One sample an hour is enough.
      this.#offsets.set(Math.floor(local / HOUR_MS) * HOUR_MS, offset);
    }
  }

  /** Null where no document near in time shows the offset, or where the row has no time. */
  madeAt(row: BillingRow): Instant | null {
    const local = localMs(row);
    if (local === null) return null;
    let nearest: { readonly gap: number; readonly offset: number } | null = null;
    for (const [at, offset] of this.#offsets) {
      const gap = Math.abs(at - local);
      if (nearest === null || gap < nearest.gap) nearest = { gap, offset };
    }
    if (nearest === null || nearest.gap > NEAR_MS) return null;
    const made = new Date(local - nearest.offset).toISOString();
    return made < row.LastChangeDateTime ? made : row.LastChangeDateTime;
  }
}

/** Date and time of creation as if they were UTC. */
function localMs({ CreationDate: day, CreationTime: time }: BillingRow): number | null {
  const [, hours = "0", minutes = "0", seconds = "0"] = TIME.exec(time ?? "") ?? [];
  if (day === null || time === null || !TIME.test(time)) return null;
  const at = Date.parse(`${day}T00:00:00Z`);
  return at + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}

/** `Edm.Time` in JSON: "PT13H05M09S". */
const TIME = /^PT(?:(\d{1,2})H)?(?:(\d{1,2})M)?(?:(\d{1,2})(?:\.\d+)?S)?$/;
const HOUR_MS = 3_600_000;
/** All offsets of time zones are multiples of it. */
const SLOT_MS = HOUR_MS / 4;
const MOST_MS = 14 * HOUR_MS;
const NEAR_MS = 7 * 24 * HOUR_MS;
const MOST_SAMPLES = 5_000;
