import type { Cause, Pattern } from "../patterns/diagnosis.ts";

/**
 * Every weight of the diagnosis, and where each comes from, so that a verdict can be checked by hand.
 *
 * The weights of reasons and of questions are log-odds: e to the power of a weight is the factor by
 * which the odds of its cause change. The weights of signs are compared with one another within one
 * record: a sign of weight 9 is three times as likely as one of weight 3.
 */

/**
 * The log-odds were fitted by maximum likelihood with a ridge on 2,984 labelled exceptions of thirty generated lives,
 * each looked at on three days (`npm run eval -- --fit`; seeds 101 to 130, which no evaluation uses),
 * rounded to a twentieth. That most are small says that the learned rates need little correction.
 *
 * Reasons for a refund to be missing: by how much the learned rate of each says too little or too much.
 */
export const REASON_WEIGHTS = {
  dropped: -0.6,
  together: 1.05,
  burst: 0,
  late: -0.35,
  silent: 0,
  register_bypass: -0.6,
  verbal_approval: 0,
  cross_team_handoff: 0.65,
  store_credit_loop: 0.2,
  people: -0.05,
  type: 0,
} as const;
export type Reason = keyof typeof REASON_WEIGHTS;

/**
 * The five questions of a cohort, towards process. Small, because the learned rates that the answers
 * are added to know where and among whom refunds go missing already: none added to them in the fit,
 * so all stand at the least that an answer is worth.
 */
export const QUESTION_WEIGHTS: Readonly<Record<1 | 2 | 3 | 4 | 5, number>> = {
  1: 0.05,
  2: 0.05,
  3: 0.05,
  4: 0.05,
  5: 0.05,
};

/**
 * The five questions answered by a person who looked: nothing else is known, so they say it all. Set,
 * not fitted: two plain answers decide, one does not, except a hand that was seen.
 */
export const QUESTION_WEIGHTS_BY_HAND: Readonly<Record<1 | 2 | 3 | 4 | 5, number>> = {
  1: 0.6,
  2: 1.6,
  3: 1.2,
  4: 0.6,
  5: 1.4,
};

/** On a split: worth of where the mismatch first shows, the storefront's people or the ERP's document. */
export const FIRST_SHOWS_WEIGHT = 0.4;

/**
 * What a record shows by itself. `from`: every one is set by hand, by what a person who works such
 * exceptions expects; none is fitted yet.
 */
export const SIGN_WEIGHTS = {
  /** A payout whose credit memo is gone, as the integration would book it. */
  payout_alone: { cause: "integration", pattern: null, weight: 1.5, from: "set" },
  /** The same: somebody voided or deleted the memo and left the money out. */
  memo_taken_away: { cause: "process", pattern: null, weight: 8, from: "set" },
  /** A credit without an order reference, a payment or lines. */
  incomplete_credit: { cause: "integration", pattern: "partial_sync", weight: 9, from: "set" },
  /** A credit that fits several refunds of its order. */
  fits_several_refunds: { cause: "integration", pattern: null, weight: 3, from: "set" },
  /** A credit that names no refund of the storefront. */
  names_no_refund: { cause: "integration", pattern: "partial_sync", weight: 3, from: "set" },
  booked_twice: { cause: "integration", pattern: null, weight: 8, from: "set" },
  wrong_currency_or_type: { cause: "integration", pattern: null, weight: 9, from: "set" },
  discount_ignored: { cause: "integration", pattern: "promo_mismatch", weight: 12, from: "set" },
  /** Cents, and no rule was found for the brand's cents. */
  cents: { cause: "integration", pattern: "rounding_drift", weight: 6, from: "set" },
  /** Cents that the brand's rule does not reproduce. */
  cents_beside_rule: { cause: "integration", pattern: "rounding_drift", weight: 4, from: "set" },
  /** Cents that the brand's rule reproduces. */
  cents_by_rule: { cause: "integration", pattern: "rounding_drift", weight: 12, from: "set" },
  /** More than cents, on the discount alone, by the brand's rule of sharing. */
  discount_shared_otherwise: {
    cause: "integration",
    pattern: "rounding_drift",
    weight: 5,
    from: "set",
  },
  formula: { cause: "integration", pattern: null, weight: 8, from: "set" },
  hidden_difference: { cause: "integration", pattern: null, weight: 8, from: "set" },
  difference_in_one_part: { cause: "integration", pattern: null, weight: 5, from: "set" },
  unexplained_difference: { cause: "integration", pattern: null, weight: 1.5, from: "set" },
  something_unknown: { cause: "undetermined", pattern: null, weight: 0.4, from: "set" },
  arrived_late: { cause: "integration", pattern: "async_gap", weight: 9, from: "set" },
  awaits_approval: { cause: "integration", pattern: "async_gap", weight: 6, from: "set" },
  wrong_status: { cause: "integration", pattern: null, weight: 1.5, from: "set" },
  ended_by_another_account: { cause: "process", pattern: null, weight: 6, from: "set" },
  other_period: { cause: "integration", pattern: null, weight: 1.5, from: "set" },
  /** A person changed the document, and nothing else explains the difference. */
  changed_by_hand: { cause: "process", pattern: null, weight: 8, from: "set" },
  /** A person changed it, and a formula or a rule explains the difference already. */
  changed_by_hand_too: { cause: "process", pattern: null, weight: 1.5, from: "set" },
  entered_wrong: { cause: "process", pattern: null, weight: 9, from: "set" },
  /** Entered without a reference: the refund is booked, and the integration cannot find it. */
  entered_without_reference: { cause: "both", pattern: null, weight: 9, from: "set" },
  entered_without_need: { cause: "process", pattern: null, weight: 2, from: "set" },
  /** Entered by hand in the amount of a refund that is missing. */
  entered_in_place: { cause: "both", pattern: null, weight: 30, from: "set" },
  /** The same in a round sum, which proves little. */
  entered_in_place_round_sum: { cause: "both", pattern: null, weight: 3, from: "set" },
  /** Given in the ERP alone, under the limit above which somebody asks for an approval. */
  given_by_word: { cause: "process", pattern: "verbal_approval", weight: 9, from: "set" },
  given_above_limit: { cause: "process", pattern: null, weight: 1.5, from: "set" },
  /** It may belong to another business of the ERP; under and above that limit. */
  other_business: { cause: "undetermined", pattern: null, weight: 0.9, from: "set" },
  other_business_above_limit: { cause: "undetermined", pattern: null, weight: 1.5, from: "set" },
  /** For a missing refund: a credit of its amount that names no order, made by a machine or a person. */
  credit_of_its_amount: {
    cause: "integration",
    pattern: "partial_sync",
    weight: 3,
    from: "set",
  },
  credit_of_its_amount_by_hand: { cause: "both", pattern: null, weight: 3, from: "set" },
  document_of_its_order: { cause: "integration", pattern: null, weight: 1.5, from: "set" },
  deleted_by_integration: { cause: "integration", pattern: null, weight: 9, from: "set" },
  deleted_by_person: { cause: "process", pattern: null, weight: 9, from: "set" },
  deleted_by_unknown: { cause: "process", pattern: null, weight: 3, from: "set" },
} as const satisfies Readonly<Record<string, SignWeight>>;
export type Sign = keyof typeof SIGN_WEIGHTS;

type SignWeight = {
  readonly cause: Cause;
  readonly pattern: Pattern | null;
  readonly weight: number;
  readonly from: "set" | "fitted";
};

/** Where the ERP does not say who made a document, a person may have: the weight of a machine's sign. */
export const UNKNOWN_USER = 0.6;

/** After this many refunds of a brand, what was seen counts as much as what was not. Set. */
export const EXPERIENCE = 30;

/** Set, so that of what is said in the eval 19 in 20 are right (`npm run eval`, "right of what is decided"). */
export const LIMITS = {
  /** Probability below which no cause is said. */
  decided: 0.7,
  /** A pattern is named when it is the likeliest by far or one of two. */
  named: 0.4,
  /** A share below which evidence is not shown. */
  shown: 0.1,
  /** What nobody thought of, as a share of the largest weight. */
  somethingElse: 0.02,
} as const;
