/** One measured figure and its goal. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** In words, "at most 2.2". */
  readonly goal: string;
  readonly met: boolean;
};
