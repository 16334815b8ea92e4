import type { SyncRecord } from "../../record/sync-record.ts";

/**
 * Where a person's hand shows on a refund, on either side. What cannot be told is not listed: an
 * unknown user is not a machine.
 */
export function touchesOf({ refund, documents }: SyncRecord): readonly HumanTouch[] {
  const hands: HumanTouch[] = [];
  const add = (hand: TouchKind, touched: boolean | null): void => {
    if (touched !== null) hands.push({ hand, touched });
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
  return hands;
}

type TouchKind =
  | "staff made the refund"
  | "order edited"
  | "document entered by hand"
  | "document changed by hand";
export type HumanTouch = { readonly hand: TouchKind; readonly touched: boolean };

function anyHuman(kinds: readonly ("human" | "integration" | "unknown")[]): boolean | null {
  if (kinds.includes("human")) return true;
  return kinds.includes("unknown") ? null : false;
}
