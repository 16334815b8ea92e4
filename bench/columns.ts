/** A column of whole numbers that grows: memory beyond what was written costs nothing until it is. */
export class Column<Numbers extends Float64Array | Int32Array> {
  readonly #make: (length: number) => Numbers;
  #values: Numbers;

  constructor(make: (length: number) => Numbers) {
    this.#make = make;
    this.#values = make(1 << 14);
  }

  put(index: number, value: number): void {
    if (index >= this.#values.length) {
      const wider = this.#make(2 ** Math.ceil(Math.log2(index + 1)));
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[index] = value;
  }

  /** The numbers of the first `count` rows: those that were never put are 0. */
  first(count: number): Numbers {
    if (count > this.#values.length) this.put(count - 1, 0);
    return this.#values;
  }
}

export function wholeNumbers(): Column<Int32Array> {
  return new Column((length) => new Int32Array(length));
}

export function longNumbers(): Column<Float64Array> {
  return new Column((length) => new Float64Array(length));
}
