import type { Simulation } from "./simulation.ts";

/** Checks one of the twelve invariants. It returns a sentence for each violation. */
export type Checker = {
  readonly name: string;
  /** Called after every call of the functions. */
  afterTick?(simulation: Simulation): Promise<readonly string[]> | readonly string[];
  /** Called once, after all faults have ended and the product had time to recover. */
  atEnd?(simulation: Simulation): Promise<readonly string[]> | readonly string[];
};
