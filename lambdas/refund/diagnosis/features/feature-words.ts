/** Retail words in the texts of platforms and merchants; the same for all platforms. */
export const FeatureText = {
  register: /\bpos\b|point of sale|retail|in[- ]store|\btill\b|register/i,
  cash: /\bcash\b/i,
  credit: /store[_ -]?credit|gift[_ -]?card|customer[_ -]?balance|\breward/i,
  /** A place that is not a store: another team handles the goods there. */
  warehouse:
    /\bdc\b|distribution|warehouse|fulfil|\b3pl\b|logistics|returns? (center|centre|hub)|depot/i,
  /** The family of a SKU: its letters before the first separator or digit. */
  family: /^[A-Za-z]+(?=[-_./ \d])/,
} as const;
