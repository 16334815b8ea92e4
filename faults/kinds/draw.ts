import type { Random } from "../../local/life/random.ts";
import type { Injection } from "../injection.ts";

/** A random period of the world's time, in which a fault acts. */
export function stretch(
  random: Random,
  { from, to }: { readonly from: number; readonly to: number },
  { shortest, longest }: { readonly shortest: number; readonly longest: number },
): Pick<Injection, "from" | "until"> {
  const begins = random.int(from, to - shortest);
  return { from: begins, until: Math.min(to, begins + random.int(shortest, longest)) };
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Is true at random, with this probability; the same seed gives the same results. */
export function sometimes(random: Random, probability: number): () => boolean {
  return () => random.chance(probability);
}

/** An error like the errors that an AWS client throws. */
export function awsError(name: string, message = "Rate exceeded"): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
