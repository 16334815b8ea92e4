/**
 * Items in order of time, each with the name of its owner if the name is known. It finds the items
 * near an instant that may have the same owner, without a scan of all items.
 */
export class TimeIndex<Item> {
  readonly #all: Timed<Item>;
  readonly #unnamed: Timed<Item>;
  readonly #named = new Map<string, Timed<Item>>();

  constructor(
    items: readonly Item[],
    atOf: (item: Item) => number,
    nameOf: (item: Item) => string | null,
  ) {
    const sorted = items
      .map((item) => ({ item, at: atOf(item), name: nameOf(item) }))
      .toSorted((one, other) => one.at - other.at);
    this.#all = listOf(sorted);
    this.#unnamed = listOf(sorted.filter(({ name }) => name === null));
    const byName = new Map<string, typeof sorted>();
    for (const entry of sorted) {
      if (entry.name === null) continue;
      const group = byName.get(entry.name);
      if (group === undefined) byName.set(entry.name, [entry]);
      else group.push(entry);
    }
    for (const [name, group] of byName) this.#named.set(name, listOf(group));
  }

  /** The items within `reach` of the instant that have exactly this name. */
  named(at: number, maxDistance: number, name: string): Near<Item> {
    return near(this.#named.get(name), at, maxDistance);
  }

  /**
   * The items that may have this name: those with the same name or with none; all items if `name`
   * is null.
   */
  possible(at: number, maxDistance: number, name: string | null): Near<Item> {
    if (name === null) return near(this.#all, at, maxDistance);
    const [own, other] = [this.named(at, maxDistance, name), near(this.#unnamed, at, maxDistance)];
    return { count: own.count + other.count, first: [...own.first, ...other.first].slice(0, MOST) };
  }
}

export type Near<Item> = {
  readonly count: number;
  /** At most ten of them, in order of time. */
  readonly first: readonly Item[];
};

type Timed<Item> = { readonly items: readonly Item[]; readonly at: Float64Array };

function listOf<Item>(
  sorted: readonly { readonly item: Item; readonly at: number }[],
): Timed<Item> {
  return { items: sorted.map(({ item }) => item), at: Float64Array.from(sorted, ({ at }) => at) };
}

function near<Item>(timed: Timed<Item> | undefined, at: number, maxDistance: number): Near<Item> {
  if (timed === undefined) return { count: 0, first: [] };
  const from = firstNotBefore(timed.at, at - maxDistance);
  const to = firstNotBefore(timed.at, at + maxDistance + 1);
  return { count: to - from, first: timed.items.slice(from, Math.min(to, from + MOST)) };
}

function firstNotBefore(times: Float64Array, at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

const MOST = 10;
