/**
 * What the documents show about their owners, by the values of three traits: the company that
 * booked, the beginning of the document's number, and the integration user that made it. Plain JSON.
 */
export type LearnedOwnership = {
  readonly [one in Trait]: readonly TraitTally[];
} & {
  /**
   * Pairs of a company that seems to be another business's and an integration user of this shop that
   * books in it, as `company user`: it may be a wrong booking of this shop's own.
   */
  readonly shared?: readonly string[] | undefined;
  /** Documents of such companies that carry the whole id of a refund or an order of this shop. */
  readonly proved?: readonly string[] | undefined;
};

export type Trait = "company" | "prefix" | "maker";

export type TraitTally = {
  readonly value: string;
  /** Documents with this value. */
  readonly seen: number;
  /** Those that agree with a refund of this shop: by its id, or by its order and its exact amount. */
  readonly agreed: number;
  readonly ownership: "ours" | "unclear" | "probably_not_ours";
};
