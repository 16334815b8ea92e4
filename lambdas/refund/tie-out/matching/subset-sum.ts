/**
 * The only group of two or more of these amounts that adds up exactly to the target.
 *
 * Equal amounts are interchangeable: two groups with the same amounts are one group, and the first
 * amounts in the given order are taken. If two groups have different amounts, the result is
 * `several`: the function does not guess. It searches groups of at most {@link MOST_PARTS} parts
 * (and the group of all amounts, of any size) in at most {@link MOST_STEPS} steps. A search that
 * stops there gives `bound`, which is not the same as `none`.
 */
export function partsThatSumTo(target: bigint, amounts: readonly bigint[]): PartsFound {
  const groups = grouped(amounts, target);
  const usable = groups.flatMap(({ indexes }) => indexes);
  const total = groups.reduce(
    (sum, { amount, indexes }) => sum + amount * BigInt(indexes.length),
    0n,
  );
  if (usable.length < 2 || total < target) return { kind: "none" };
  if (total === target) return foundOne(usable);
  if (groups.length > MOST_AMOUNTS) return { kind: "bound" };
  const search: Search = { groups, rest: restSums(groups), steps: 0, found: [], taken: [] };
  searchFrom(search, 0, target, MOST_PARTS);
  const [only, another] = search.found;
  if (another !== undefined) return { kind: "several" };
  if (search.steps > MOST_STEPS) return { kind: "bound" };
  return only === undefined ? { kind: "none" } : foundOne(only);
}

export type PartsFound =
  | { readonly kind: "one"; readonly indexes: readonly number[] }
  | { readonly kind: "several" | "none" | "bound" };

/** A refund that was split into more parts than this is left to a person. */
export const MOST_PARTS = 8;
export const MOST_STEPS = 20_000;
const MOST_AMOUNTS = 64;

type Group = { readonly amount: bigint; readonly indexes: readonly number[] };
type Search = {
  readonly groups: readonly Group[];
  /** The sum of this group and all groups after it. */
  readonly rest: readonly bigint[];
  readonly found: (readonly number[])[];
  readonly taken: number[];
  steps: number;
};

function foundOne(indexes: readonly number[]): PartsFound {
  return { kind: "one", indexes: indexes.toSorted((first, second) => first - second) };
}

/** The amounts that can be a part, largest first, equal ones together. */
function grouped(amounts: readonly bigint[], target: bigint): readonly Group[] {
  const groups = new Map<bigint, number[]>();
  for (const [index, amount] of amounts.entries()) {
    if (amount <= 0n || amount >= target) continue;
    const indexes = groups.get(amount);
    if (indexes === undefined) groups.set(amount, [index]);
    else indexes.push(index);
  }
  return [...groups]
    .map(([amount, indexes]) => ({ amount, indexes }))
    .toSorted((first, second) => (first.amount > second.amount ? -1 : 1));
}

function restSums(groups: readonly Group[]): readonly bigint[] {
  const rest: bigint[] = [0n];
  for (const { amount, indexes } of groups.toReversed()) {
    rest.unshift((rest[0] ?? 0n) + amount * BigInt(indexes.length));
  }
  return rest;
}

/**
 * Tries every number of amounts from each group in turn; stops when it has found a second result.
 */
function searchFrom(search: Search, at: number, missing: bigint, partsLeft: number): void {
  if (missing === 0n) {
    search.found.push([...search.taken]);
    return;
  }
  const group = search.groups[at];
  if (group === undefined || partsLeft === 0 || missing > (search.rest[at] ?? 0n)) return;
  const { amount, indexes } = group;
  const most = Math.min(indexes.length, partsLeft, Number(missing / amount));
  for (let count = most; count >= 0; count--) {
    search.steps += 1;
    if (search.found.length > 1 || search.steps > MOST_STEPS) return;
    search.taken.push(...indexes.slice(0, count));
    searchFrom(search, at + 1, missing - amount * BigInt(count), partsLeft - count);
    search.taken.length -= count;
  }
}
