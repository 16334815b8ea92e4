/** Words of the trade in what platforms and merchants write, whatever the platform. */
export const FeatureText = {
  register: /\bpos\b|point of sale|retail|in[- ]store|\btill\b|register/i,
  cash: /\bcash\b/i,
  credit: /store[_ -]?credit|gift[_ -]?card|customer[_ -]?balance|\breward/i,
  /** A place that is not a store: goods there are another team's. */
  warehouse:
    /\bdc\b|distribution|warehouse|fulfil|\b3pl\b|logistics|returns? (center|centre|hub)|depot/i,
  /** The family of a SKU: what stands before the first separator, or the letters before the digits. */
  family: /^[A-Za-z]+(?=[-_./ \d])/,
} as const;
