import type { StorefrontRefund } from "../../refund/observation.ts";
import type { SourcePage, Window } from "../source.ts";

/** A storefront, as `pull` sees it. */
export interface Storefront {
  /** Refunds of orders that changed in the window, oldest change first, a page at a time. */
  refundsSince(window: Window, cursor: string | null): Promise<SourcePage<StorefrontRefund>>;
  /** These refunds as they are now: the ones that were not final when last seen. */
  refundsById(refundIds: readonly string[]): Promise<SourcePage<StorefrontRefund>>;
}
