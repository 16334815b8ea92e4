import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * What a person did to a refund, in either system. A touch that is not known is not listed, because
 * an unknown user may be a person.
 */
export function touchesOf({ refund, documents }: SyncRecord): readonly HumanTouch[] {
  const touches: HumanTouch[] = [];
  const add = (kind: TouchKind, touched: boolean | null): void => {
    if (touched !== null) touches.push({ kind, touched });
  };
  if (refund !== null) {
    add("staff made the refund", refund.staff !== null ? true : refund.staffKnown ? false : null);
    add("order edited", refund.orderEdited);
  }
  if (documents.length > 0) {
    add("document entered by hand", anyHuman(documents.map(({ createdBy }) => createdBy.kind)));
    add(
      "document changed by hand",
      anyHuman(
        documents.map(({ modifiedBy, modifiedAt, createdAt }) =>
          modifiedAt > createdAt ? modifiedBy.kind : "integration",
        ),
      ),
    );
  }
  return touches;
}

export type TouchKind =
  | "staff made the refund"
  | "order edited"
  | "document entered by hand"
  | "document changed by hand";
export type HumanTouch = { readonly kind: TouchKind; readonly touched: boolean };

function anyHuman(kinds: readonly ("human" | "integration" | "unknown")[]): boolean | null {
  if (kinds.includes("human")) return true;
  return kinds.includes("unknown") ? null : false;
}
