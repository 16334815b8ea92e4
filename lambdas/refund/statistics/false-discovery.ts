/**
 * The p-values, adjusted for the number of tests (Benjamini and Hochberg 1995): for each one the
 * smallest false discovery rate at which it is still significant. The order is that of the input.
 */
export function falseDiscoveryRates(pValues: readonly number[]): number[] {
  const ranked = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => b.p - a.p);
  const adjusted = Array.from({ length: pValues.length }, () => 1);
  let smallest = 1;
  ranked.forEach(({ p, index }, place) => {
    const rank = pValues.length - place;
    smallest = Math.min(smallest, (p * pValues.length) / rank);
    adjusted[index] = smallest;
  });
  return adjusted;
}
