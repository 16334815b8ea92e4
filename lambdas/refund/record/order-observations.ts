import type { ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { Resolution } from "./sync-record.ts";

/** Everything that was read for one order; `order` is null for documents that name none. */
export type OrderSeen = {
  readonly order: string | null;
  readonly refunds: readonly StorefrontRefund[];
  readonly documents: readonly ErpDocument[];
  /** What people decided, by record id. */
  readonly resolutions?: ReadonlyMap<string, Resolution>;
};
