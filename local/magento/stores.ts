/** The store views of a life's shop: one for each source of its orders. */
export function storeOf(sourceName: string): Store {
  return STORES.find(({ source }) => source === sourceName) ?? OTHER;
}

export type Store = {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly source: string | null;
};

const WEB: Store = { id: 1, code: "web", name: "Default Store View", source: "web" };
/** The channels of other sellers. */
const OTHER: Store = { id: 4, code: "marketplace", name: "Marketplace", source: null };

export const STORES: readonly Store[] = [
  WEB,
  { id: 2, code: "pos", name: "Point of Sale", source: "pos" },
  { id: 3, code: "phone", name: "Orders by Phone", source: "shopify_draft_order" },
  OTHER,
];
