import type { ErpName, StorefrontName } from "../lambdas/platforms.ts";
import type { Life } from "../local/life/life.ts";
import type { Random } from "../local/life/random.ts";

/**
 * A platform in the suite: it serves a life, and it lists the wrong answers that it can give. A new
 * platform is added once to `PLATFORMS` (platforms.ts); then every fault is injected into it.
 */
export type Platform = {
  readonly role: "storefront" | "erp";
  readonly name: StorefrontName | ErpName;
  /** The clock is virtual: milliseconds since the epoch. */
  start(life: Life, clock: () => number): Promise<Running>;
  /** The settings of the brand file that this platform needs. */
  settings?(life: Life): Readonly<Record<string, unknown>>;
  /** The life as far as this platform can hold it; absent where it can hold all of it. */
  fit?(life: Life): Life;
  /** The keys under which an answer lists records: of these lists faults hide some. */
  readonly lists: readonly string[];
  /** The record that this object of an answer is; null where it is none. */
  recordIn(one: Json): ShownRecord | null;
  /**
   * The answer without these records, where it shows them outside `lists` too: as one object, as an
   * array without a key, or by references.
   */
  without?(answer: Answer, question: Question, isGone: (id: string) => boolean): Answer;
  /** Wrong answers whose JSON is valid. */
  readonly wrongAnswers: readonly WrongAnswer[];
  stop(): Promise<void>;
};

export type ShownRecord = {
  /** The id under which a fault hides it: a document's, a refund's, or Shopify's id of an order. */
  readonly id: string;
  /** The id of the life's record, which decides how late it is shown. */
  readonly lagsAs: string;
  /** When it was changed, by the platform's clock; null where the object does not tell. */
  readonly changedAt: number | null;
};

export type Running = {
  readonly baseUrl: string;
  readonly credentials: () => unknown;
  answer(question: Question): Promise<Answer>;
  /** From now on only a new secret is valid; `credentials` returns it. */
  rotate(): void;
};

export type Question = {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type WrongAnswer = {
  /** The fault's number in the table. */
  readonly row: number;
  /** In words, for the report. */
  readonly says: string;
  /**
   * Changes the answer's JSON in place, or returns another answer; "unchanged" where it cannot make
   * this answer wrong.
   */
  readonly apply: (
    json: Json,
    about: { readonly question: Question; readonly random: Random; readonly answer: Answer },
  ) => Answer | "changed" | "unchanged";
};

export type Json = { [key: string]: unknown };

/** Every object inside this value, and the value itself first. */
export function* objectsIn(value: unknown): Generator<Json> {
  if (Array.isArray(value)) {
    for (const item of value) yield* objectsIn(item);
    return;
  }
  if (!isJson(value)) return;
  yield value;
  for (const item of Object.values(value)) yield* objectsIn(item);
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Changes one of the values that have this key. */
export function changeOne(
  json: Json,
  key: string,
  random: Random,
  change: (value: unknown, holder: Json) => unknown,
): "changed" | "unchanged" {
  const holders = [...objectsIn(json)].filter((one) => one[key] !== undefined && one[key] !== null);
  if (holders.length === 0) return "unchanged";
  const holder = random.pick(holders);
  holder[key] = change(holder[key], holder);
  return "changed";
}
