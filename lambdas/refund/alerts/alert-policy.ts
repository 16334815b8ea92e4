import type { AlertSource } from "./alert.ts";
import type { Instant } from "../time/instant.ts";

/** The rules for alerts from the brand file. */
export type AlertPolicy = {
  /** A mismatch of this amount or more causes an e-mail; the number applies in any currency. */
  readonly threshold: { readonly amount: string };
  /** The brand's currency; amounts in it are shown first. */
  readonly currency: string;
  readonly timeZone: string;
  readonly repeatEveryMs: number;
  /** Local hours without SMS, such as "22:00-07:00"; null for none. E-mail is always sent. */
  readonly quietHours: string | null;
  /** A source not read completely for this long is silent. */
  readonly silentAfterMs: number;
};

/** How far a source has been read: everything that it had at `completeThrough` was read. */
export type SourceReading = {
  readonly source: AlertSource;
  /** Null when no pull of it was ever completed. */
  readonly completeThrough: Instant | null;
  /** Why the last read of the source is not reliable; null or absent when it is. */
  readonly trouble?: string | null;
};
