import type { StorefrontRefund } from "../../../refund/observation/observation.ts";
import type { RejectedRecord, SourcePage } from "../../source.ts";
import { archived } from "./archive.ts";

/** The parts of a page that follow from what was read; a record that was rejected twice counts once. */
export function pageOf(
  taken: Pick<SourcePage<StorefrontRefund>, "observations" | "skipped"> & {
    readonly rejected?: readonly RejectedRecord[];
  },
  more: readonly RejectedRecord[],
): Pick<SourcePage<StorefrontRefund>, "observations" | "rejected" | "skipped" | "fetched"> {
  const rejected = [...more, ...(taken.rejected ?? [])].filter(
    (one, index, all) => one.id === null || all.findIndex(({ id }) => id === one.id) === index,
  );
  const skipped = Object.values(taken.skipped).reduce((sum, count) => sum + count, 0);
  const { observations } = taken;
  const fetched = observations.length + rejected.length + skipped;
  return { observations, rejected, skipped: taken.skipped, fetched };
}

export function unread(id: string | null, reason: string, row: unknown): RejectedRecord {
  return { id, ...(id === null && { again: null }), reason, raw: archived(row) };
}

/** The id of a row that may be unreadable otherwise. */
export function idOf(row: unknown): string | null {
  const id = textIn(row, "id");
  return id !== null && /^\d{1,18}$/.test(id) ? id : null;
}

export function textIn(row: unknown, name: string): string | null {
  const value: unknown = typeof row === "object" && row !== null ? Reflect.get(row, name) : null;
  return typeof value === "string" ? value : null;
}
