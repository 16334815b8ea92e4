import type { StorefrontRefund } from "../../refund/observation/observation.ts";
import type { Known, SourcePage, System, Window } from "../source.ts";

/** A storefront, as `pull` sees it. */
export interface Storefront extends Pick<System, "meet" | "absent" | "stillShows"> {
  /**
   * Refunds of orders that changed in the window, oldest change first, a page at a time. What is
   * `known` as it is listed is not read again.
   */
  refundsSince(
    window: Window,
    cursor: string | null,
    known?: Known,
  ): Promise<SourcePage<StorefrontRefund>>;
  /** These refunds as they are now: the ones that were not final when last seen. */
  refundsById(
    refundIds: readonly string[],
    orders?: ReadonlyMap<string, string>,
  ): Promise<SourcePage<StorefrontRefund>>;
}
