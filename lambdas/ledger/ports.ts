/**
 * What the ledger needs from outside. `lambdas/aws` implements it with AWS, tests implement it in
 * memory. Every call may fail after it took effect, so every write must be safe to repeat.
 */
export type Ports = Stores & {
  readonly notifier: Notifier;
};

/** What a job needs that sends no messages. */
export type Stores = {
  readonly table: Table;
  readonly objects: Objects;
};

export type Key = { readonly pk: string; readonly sk: string };

/** An item as plain values; numbers are integers, bytes are opaque. */
export type Item = Key & Readonly<Record<string, ItemValue>>;
export type ItemValue = string | number | Uint8Array | readonly string[];

/** The store cannot store this item: it is too large or malformed. */
export class ItemRefused extends Error {
  override readonly name = "ItemRefused";
  constructor({ pk, sk }: Key, why: string) {
    super(`the store refuses ${pk.slice(0, 80)} ${sk.slice(0, 80)}: ${why}`);
  }
}

/** @throws ItemRefused by `put`, for an item that can never be stored */
export interface Table {
  /** `consistent: false` may miss what was written moments ago, for half the price. */
  get(key: Key, options?: { readonly consistent?: boolean }): Promise<Item | null>;
  /**
   * Items of a partition in the order of their sort keys, after `from`, up to and including `to`.
   */
  query(
    pk: string,
    options?: {
      readonly from?: string;
      readonly to?: string;
      readonly consistent?: boolean;
      readonly limit?: number;
    },
  ): Promise<readonly Item[]>;
  /** Every open exception, from the sparse index, which may be a few moments behind the table. */
  queryOpen(): Promise<readonly Item[]>;
  /**
   * Writes the item if the stored one still has this version: `expected: 0` means that no item is
   * stored, `"any"` means no check. False when another run wrote in between.
   */
  put(item: Item, expected: number | "any"): Promise<boolean>;
  /** Removing an item that does not exist is no error. */
  remove(key: Key): Promise<void>;
}

export interface Objects {
  put(key: string, body: string | Uint8Array, contentType: string): Promise<void>;
  get(key: string): Promise<Uint8Array | null>;
  /** Keys below a prefix, in order. */
  list(prefix: string): Promise<readonly string[]>;
}

export type Topic = "ops" | "finance";

export interface Notifier {
  publish(message: {
    readonly topic: Topic;
    readonly subject: string;
    readonly body: string;
    readonly channel: "sms" | "email";
    readonly dedupeKey: string;
  }): Promise<void>;
}
