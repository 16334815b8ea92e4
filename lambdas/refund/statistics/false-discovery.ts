/**
 * What each p-value is worth when so many were tried (Benjamini and Hochberg 1995): the smallest
 * share of false alarms at which it would still be called a find. Same order as given.
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
