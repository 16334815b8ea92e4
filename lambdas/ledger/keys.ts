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
 * Partition of the documents of one amount that name no order, and of the refunds of that amount
 * that look for one.
 *
 * @param key see `amountKey`
 */
export function amountPartition(key: string): string {
  return `${AMOUNT}${key}`;
}

export function isAmountPartition(pk: string): boolean {
  return pk.startsWith(AMOUNT);
}

/** Partition of the notes that say where the documents lie that name this refund. */
export function namedPartition(refundId: string): string {
  return `named#${refundId}`;
}

const ORDER = "order#";
/** As the first version named it: stored items keep their keys. */
const AMOUNT = "loose#";
