import type { Instant } from "../../../refund/time/instant.ts";
import type { MagentoOrder, Memo, Return, Transaction } from "./page.ts";

/** What is read for one credit memo. */
export type MemoFacts = {
  readonly memo: Memo;
  readonly order: MagentoOrder;
  /** The order's refunds at its payment provider; null where they may not be read. */
  readonly transactions: readonly Transaction[] | null;
  /** The order's returns; null where the edition has none, or where they may not be read. */
  readonly returns: readonly Return[] | null;
  /** Code of the store view; its name where the code may not be read. */
  readonly storeView: string | null;
  /** The time of the run. */
  readonly now: Instant;
};

/** A needed value is missing in a record: it is rejected with this reason. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}
