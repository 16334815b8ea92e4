/**
 * A repeatable random generator: the same seed and stream name always give the same numbers.
 *
 * It is sfc32 (a small fast counting generator of 128 bits); its state is a hash of the seed and
 * the stream's name. Streams are independent, so that a change in one part of a life (one more
 * order, one fault switched on) does not change the random numbers of the other parts.
 */
export class Random {
  readonly #seed: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number | string, stream = "") {
    this.#seed = `${seed}/${stream}`;
    this.#a = hash(this.#seed, 0x9e3779b9);
    this.#b = hash(this.#seed, 0x85ebca6b);
    this.#c = hash(this.#seed, 0xc2b2ae35);
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** A number in [0, 1). */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  fork(stream: string): Random {
    return new Random(this.#seed, stream);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** @throws RangeError for an empty list */
  pick<T>(list: readonly T[]): T {
    const picked = list.at(this.int(0, list.length - 1));
    if (picked === undefined) throw new RangeError("cannot pick from an empty list");
    return picked;
  }

  /** @throws RangeError for an empty list */
  weighted<T>(list: readonly (readonly [T, number])[]): T {
    let left = 0;
    for (const each of list) left += each[1];
    left *= this.next();
    for (const each of list) {
      left -= each[1];
      if (left < 0) return each[0];
    }
    return this.pick(list)[0];
  }

  /** The index of a random weight, chosen in proportion to the weights. */
  index(weights: readonly number[]): number {
    let left = 0;
    for (const weight of weights) left += weight;
    left *= this.next();
    const found = weights.findIndex((weight) => (left -= weight) < 0);
    return Math.max(found, 0);
  }

  /** Some different items; fewer if the same item is picked too often. */
  some<T>(list: readonly T[], count: number): T[] {
    const picked = new Set<T>();
    for (let turn = 0; turn < count * 3 && picked.size < count; turn += 1)
      picked.add(this.pick(list));
    return [...picked];
  }

  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((value): [number, T] => [this.next(), value])
      .toSorted(([one], [other]) => one - other)
      .map(([, value]) => value);
  }
}

function hash(text: string, salt: number): number {
  let state = salt ^ text.length;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
    state ^= state >>> 15;
  }
  state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  return state ^ (state >>> 15);
}
