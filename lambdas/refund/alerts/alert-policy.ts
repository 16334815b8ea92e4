import type { AlertSource } from "./alert.ts";
import type { Instant } from "../time/instant.ts";

/** When to speak up, by the brand file. */
export type AlertPolicy = {
  /** From this amount on a mismatch is worth an e-mail; its figure counts in any currency. */
  readonly threshold: { readonly amount: string };
  /** The brand's own, shown first. */
  readonly currency: string;
  readonly timeZone: string;
  readonly repeatEveryMs: number;
  /** Local hours without SMS, such as "22:00-07:00"; null for none. E-mail always goes. */
  readonly quietHours: string | null;
  /** A source not read completely for this long is silent. */
  readonly silentAfterMs: number;
};

/** How far a source has been read: everything that it had by then was seen. */
export type SourceReading = {
  readonly source: AlertSource;
  /** Null when no pull of it was ever completed. */
  readonly completeThrough: Instant | null;
  /** Why the last look into it cannot be believed; null or absent when it can. */
  readonly trouble?: string | null;
};
