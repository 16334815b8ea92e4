/**
 * The natural logarithm of n!, exact to the last few bits: a sum for small n, Stirling's series
 * (four terms, error below 1e-16 from 256 on) for the rest.
 */
export function logFactorial(n: number): number {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new RangeError(`logFactorial wants a whole number of zero or more, got ${n}`);
  }
  if (n < TABLE.length) return TABLE[n] ?? 0;
  const x = n + 1;
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}

/** The natural logarithm of "n choose k"; minus infinity if k is below 0 or above n. */
export function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const TABLE: readonly number[] = tableTo(256);

function tableTo(size: number): number[] {
  const table = [0];
  let sum = 0;
  for (let n = 1; n < size; n += 1) {
    sum += Math.log(n);
    table.push(sum);
  }
  return table;
}
