import type { StorefrontRefund } from "../../refund/observation/observation.ts";
import type { Known, SourcePage, System, Window } from "../source.ts";

/** The functions of a storefront that `pull` uses. */
export interface Storefront extends Pick<
  System,
  "identify" | "absent" | "stillShows" | "examine" | "paymentsBack" | "lookBackDays"
> {
  /**
   * Refunds of orders that changed in the window, oldest change first, one page at a time. A refund
   * whose listed version `known` returns as stored is not read again.
   */
  refundsSince(
    window: Window,
    cursor: string | null,
    known?: Known,
  ): Promise<SourcePage<StorefrontRefund>>;
  /** Reads the current state of these refunds, for example because they were not final before. */
  refundsById(
    refundIds: readonly string[],
    orders?: ReadonlyMap<string, string>,
  ): Promise<SourcePage<StorefrontRefund>>;
}
