import type { Simulation } from "./simulation.ts";

/** One of the twelve invariants, made executable: it says what does not hold, in sentences. */
export type Checker = {
  readonly name: string;
  /** Asked after every call of functions. */
  afterTick?(simulation: Simulation): Promise<readonly string[]> | readonly string[];
  /** Asked once, when every fault is over and the product had time to recover. */
  atEnd?(simulation: Simulation): Promise<readonly string[]> | readonly string[];
};
