import type { Cause, Pattern } from "../patterns/diagnosis.ts";

/**
 * Every weight of the diagnosis and its source, so that a verdict can be checked by hand.
 *
 * The weights of reasons and of questions are log-odds: e to the power of a weight is the factor by
 * which the odds of its cause change. The weights of signs are compared with one another within one
 * record: a sign of weight 9 is three times as likely as one of weight 3.
 */

/**
 * The log-odds of the reasons for a missing refund: by how much the learned rate of each reason is
 * too low (positive) or too high (negative).
 *
 * They were fitted by maximum likelihood with a ridge penalty on 2,984 labelled exceptions from
 * thirty generated data sets, each diagnosed on three days (`npm run eval -- --fit`; seeds 101 to
 * 130, which no evaluation uses), and rounded to a twentieth. Most of them are small, so the
 * learned rates need little correction.
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
  place: 0,
} as const;
export type Reason = keyof typeof REASON_WEIGHTS;

/**
 * The log-odds of the five questions of a cohort, for the family to which the answer points. They
 * are small because the answers are added to learned rates, which already include where and with
 * whom refunds go missing. In the fit, no answer improved on these rates, so all have the smallest
 * weight that an answer may have.
 */
export const QUESTION_WEIGHTS: Readonly<Record<1 | 2 | 3 | 4 | 5, number>> = {
  1: 0.05,
  2: 0.05,
  3: 0.05,
  4: 0.05,
  5: 0.05,
};

/**
 * The log-odds of the five questions when a person answered them. Nothing else is known, so only
 * the answers count. They are set, not fitted: in a triage, two answers that agree decide, and so
 * does a single answer to question 2, 3 or 5. A single answer to question 1 or 4 does not decide.
 */
export const QUESTION_WEIGHTS_BY_HAND: Readonly<Record<1 | 2 | 3 | 4 | 5, number>> = {
  1: 0.6,
  2: 1.6,
  3: 1.2,
  4: 0.6,
  5: 1.4,
};

/**
 * When the answers are split: the weight of where the mismatch first appears, with the storefront's
 * people or on the ERP's document.
 */
export const FIRST_APPEARANCE_WEIGHT = 0.4;

/**
 * The signs that a record shows by itself. `from`: every weight is set by hand, by what a person
 * who works on such exceptions expects; no weight is fitted yet.
 */
export const SIGN_WEIGHTS = {
  /** A payout without a credit memo, because the integration books it so. */
  payout_alone: { cause: "integration", pattern: null, weight: 1.5, from: "set" },
  /** A payout without a credit memo, because a person voided or deleted only the memo. */
  memo_taken_away: { cause: "process", pattern: null, weight: 8, from: "set" },
  /** A credit without an order reference, a payment or lines. */
  incomplete_credit: { cause: "integration", pattern: "partial_sync", weight: 9, from: "set" },
  /** A credit that fits several refunds of its order. */
  fits_several_refunds: { cause: "integration", pattern: null, weight: 3, from: "set" },
  /** A credit that refers to no refund of the storefront. */
  names_no_refund: { cause: "integration", pattern: "partial_sync", weight: 3, from: "set" },
  booked_twice: { cause: "integration", pattern: null, weight: 8, from: "set" },
  wrong_currency_or_type: { cause: "integration", pattern: null, weight: 9, from: "set" },
  discount_ignored: { cause: "integration", pattern: "promo_mismatch", weight: 12, from: "set" },
  /** A difference of cents, where no rounding rule was found for the brand. */
  cents: { cause: "integration", pattern: "rounding_drift", weight: 6, from: "set" },
  /** A difference of cents that the brand's rounding rule does not reproduce. */
  cents_beside_rule: { cause: "integration", pattern: "rounding_drift", weight: 4, from: "set" },
  /** A difference of cents that the brand's rounding rule reproduces. */
  cents_by_rule: { cause: "integration", pattern: "rounding_drift", weight: 12, from: "set" },
  /** More than cents, only in the discount, as the brand's sharing rule predicts. */
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
  /** The ERP made it but could not post it: pricing, account determination, an interface. */
  not_posted: { cause: "integration", pattern: null, weight: 6, from: "set" },
  /** The same, by wrong master data that a person keeps. */
  not_posted_by_data: { cause: "process", pattern: null, weight: 1, from: "set" },
  /** A request for a credit waits for a person: blocked, or not approved. */
  request_waits: { cause: "process", pattern: null, weight: 6, from: "set" },
  /** The same, by a block that the system sets by itself. */
  request_blocked_by_rule: { cause: "integration", pattern: null, weight: 1, from: "set" },
  /** The order's status says refunded and the storefront has no refund: a person set it, or an app. */
  status_set_by_hand: { cause: "process", pattern: null, weight: 4, from: "set" },
  status_set_by_app: { cause: "integration", pattern: null, weight: 1, from: "set" },
  wrong_status: { cause: "integration", pattern: null, weight: 1.5, from: "set" },
  ended_by_another_account: { cause: "process", pattern: null, weight: 6, from: "set" },
  /** A credit that is not paid out, where the integration pays out nearly all others at once. */
  payout_missing: { cause: "integration", pattern: null, weight: 6, from: "set" },
  /** The same, where payouts take days and are perhaps made in a run. */
  payout_run_missed: { cause: "integration", pattern: null, weight: 2, from: "set" },
  /** The same, by a person who did not pay it out. */
  payout_left_out: { cause: "process", pattern: null, weight: 1.5, from: "set" },
  /** No credit of the channel and gateway is paid out any more. */
  payouts_stopped: { cause: "integration", pattern: null, weight: 9, from: "set" },
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
  /** The same with a round amount, which proves little. */
  entered_in_place_round_sum: { cause: "both", pattern: null, weight: 3, from: "set" },
  /**
   * Given only in the ERP, up to the limit above which an approval is required. It is no verbal
   * approval: that is a refund of the storefront.
   */
  given_by_word: { cause: "process", pattern: null, weight: 9, from: "set" },
  given_above_limit: { cause: "process", pattern: null, weight: 1.5, from: "set" },
  /** It may belong to another business in the ERP: up to that limit, and above it. */
  other_business: { cause: "undetermined", pattern: null, weight: 0.9, from: "set" },
  other_business_above_limit: { cause: "undetermined", pattern: null, weight: 1.5, from: "set" },
  /**
   * For a missing refund: a credit of its amount without an order, made by the integration or by a
   * person, or a document of its order. These weights are odds against all other reasons together.
   */
  credit_of_its_amount: {
    cause: "integration",
    pattern: "partial_sync",
    weight: 19,
    from: "set",
  },
  credit_of_its_amount_by_hand: { cause: "both", pattern: null, weight: 19, from: "set" },
  document_of_its_order: { cause: "integration", pattern: null, weight: 19, from: "set" },
  /** One of the two refunds of a store credit loop, where the storefront shows whose credit it is. */
  credit_loop: { cause: "process", pattern: "store_credit_loop", weight: 19, from: "set" },
  /** The document was deleted, or voided. */
  ended_by_integration: { cause: "integration", pattern: null, weight: 9, from: "set" },
  ended_by_person: { cause: "process", pattern: null, weight: 9, from: "set" },
  ended_by_unknown_program: { cause: "integration", pattern: null, weight: 1, from: "set" },
  ended_by_unknown: { cause: "process", pattern: null, weight: 3, from: "set" },
} as const satisfies Readonly<Record<string, SignWeight>>;
export type Sign = keyof typeof SIGN_WEIGHTS;

type SignWeight = {
  readonly cause: Cause;
  readonly pattern: Pattern | null;
  readonly weight: number;
  readonly from: "set" | "fitted";
};

/**
 * The factor on the weight of a sign where the ERP does not show who made the document: it may be a
 * person and not the integration.
 */
export const UNKNOWN_USER = 0.6;

/**
 * After this many refunds of a brand, the weight of "too early" is half of the likeliest reason's.
 * Set by hand.
 */
export const EXPERIENCE = 30;

/**
 * Set so that 19 of 20 causes that are given in the evaluation are right (`npm run eval`, "right of
 * what is decided").
 */
export const LIMITS = {
  /** Probability below which no cause is given. */
  decided: 0.7,
  /** The same in a triage without any data: five answers of a person. Set. */
  decidedInTriage: 0.75,
  /** Probability from which a pattern is given: it is by far the likeliest, or one of two. */
  named: 0.4,
  /** A share below which evidence is not shown. */
  shown: 0.1,
  /** The weight of an unknown cause, as a share of the largest weight. */
  somethingElse: 0.02,
} as const;
