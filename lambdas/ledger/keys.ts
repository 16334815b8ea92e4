/** Partition of an order's records. */
export function orderPartition(order: string): string {
  return `${ORDER}${order}`;
}

export function isOrderPartition(pk: string): boolean {
  return pk.startsWith(ORDER);
}

/** @param pk an order's partition */
export function orderInPartition(pk: string): string {
  return pk.slice(ORDER.length);
}

/**
 * Partition of the documents of one amount that name no order, and of the notes of refunds that
 * search for a document of that amount.
 *
 * @param key see `amountKey`
 */
export function amountPartition(key: string): string {
  return `${AMOUNT}${key}`;
}

export function isAmountPartition(pk: string): boolean {
  return pk.startsWith(AMOUNT);
}

/** Partition of the pointers to the documents that contain this refund id. */
export function namedPartition(refundId: string): string {
  return `named#${refundId}`;
}

/** Key of the note that says where a document without an order is stored. */
export function placeOfDocument(documentId: string): { readonly pk: string; readonly sk: string } {
  return { pk: `home#${documentId}`, sk: "home" };
}

const ORDER = "order#";
/** The name from the first version: stored items keep their keys. */
const AMOUNT = "loose#";
