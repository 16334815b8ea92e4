import { amountOf, wholeUnits } from "../money/minor-units.ts";
import { Money } from "../money/money.ts";
import type { Amount } from "../money/amount.ts";

/**
 * A difference between the two sides: of two amounts, or of two texts that cannot be subtracted.
 */
export type Mismatch = AmountMismatch | WordsMismatch;

export type AmountMismatch = {
  readonly kind: AmountKind;
  /** The storefront's amount, in `currency`. */
  readonly expected: Amount;
  /** The ERP's. */
  readonly actual: Amount;
  /** actual − expected */
  readonly difference: Amount;
  readonly currency: string;
  /** Header totals agree, the lines do not. */
  readonly hidden?: true | undefined;
  /** The amount that was paid out differs, not the amount that was credited. */
  readonly leg?: "paid" | undefined;
};

export type WordsMismatch = {
  readonly kind: WordsKind;
  /** What the storefront has: a currency, a reference, a period, a delay. */
  readonly expected: string;
  readonly actual: string;
  readonly difference: "";
  /** The refund's. */
  readonly currency: string;
  readonly hidden?: undefined;
  readonly leg?: undefined;
};

export const AMOUNT_KINDS = [
  "missing_in_erp",
  "missing_in_storefront",
  "amount",
  "tax",
  "shipping",
  "discount",
  "duplicate_in_erp",
] as const;
type AmountKind = (typeof AMOUNT_KINDS)[number];

export const WORDS_KINDS = [
  "currency",
  "order_reference_missing",
  "payment_reference_missing",
  "transaction_type",
  "status",
  "period",
  "late",
] as const;
export type WordsKind = (typeof WORDS_KINDS)[number];

export const MISMATCH_KINDS = [...AMOUNT_KINDS, ...WORDS_KINDS] as const;
export type MismatchKind = (typeof MISMATCH_KINDS)[number];

/** @param difference pass it if it is already known; both amounts are in `currency` */
export function ofAmount(
  input: Omit<AmountMismatch, "difference">,
  difference: Amount = differenceOf(input),
): AmountMismatch {
  const { kind, expected, actual, currency, hidden, leg } = input;
  return {
    kind,
    expected,
    actual,
    difference,
    currency,
    ...(hidden !== undefined && { hidden }),
    ...(leg !== undefined && { leg }),
  };
}

export function ofWords(input: Omit<WordsMismatch, "difference">): WordsMismatch {
  const { kind, expected, actual, currency } = input;
  return { kind, expected, actual, difference: "", currency };
}

export function isOfAmount(mismatch: Mismatch): mismatch is AmountMismatch {
  return mismatch.difference !== "";
}

/** The credit is booked and nothing of it was paid out. */
export function isUnpaid({
  leg,
  actual,
}: {
  readonly leg?: "paid" | undefined;
  readonly actual: string;
}): boolean {
  return leg === "paid" && !/[1-9]/.test(actual);
}

/** Most amounts are exact in whole minor units, and that calculation is faster than `Money`. */
function differenceOf({ expected, actual, currency }: Omit<AmountMismatch, "difference">): Amount {
  const [units, before] = [wholeUnits(actual, currency), wholeUnits(expected, currency)];
  return units === null || before === null
    ? Money.of(actual, currency).minus(Money.of(expected, currency)).toString()
    : amountOf(units - before, currency);
}
