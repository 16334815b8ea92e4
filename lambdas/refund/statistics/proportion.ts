/**
 * A share with its uncertainty: `hits` of `tries`, and the interval that holds the true rate in 95
 * of 100 cases (Wilson's score interval, 1927).
 */
export function wilson(hits: number, tries: number, z: number = Z95): Interval {
  if (tries === 0) return { low: 0, high: 1 };
  const share = hits / tries;
  const spread = z * z;
  const centre = share + spread / (2 * tries);
  const width = z * Math.sqrt((share * (1 - share)) / tries + spread / (4 * tries * tries));
  const scale = 1 + spread / tries;
  return {
    low: hits === 0 ? 0 : (centre - width) / scale,
    high: hits === tries ? 1 : (centre + width) / scale,
  };
}

/** The difference of two shares, first minus second (Newcombe 1998, method 10). */
export function newcombe(first: Share, second: Share, z: number = Z95): Interval {
  const one = wilson(first.hits, first.tries, z);
  const two = wilson(second.hits, second.tries, z);
  const p1 = first.tries === 0 ? 0.5 : first.hits / first.tries;
  const p2 = second.tries === 0 ? 0.5 : second.hits / second.tries;
  const difference = p1 - p2;
  return {
    low: difference - Math.hypot(p1 - one.low, two.high - p2),
    high: difference + Math.hypot(one.high - p1, p2 - two.low),
  };
}

export type Interval = { readonly low: number; readonly high: number };
export type Share = { readonly hits: number; readonly tries: number };

const Z95 = 1.959963984540054;
