import { ofAmount, ofWords } from "../../record/mismatch.ts";
import { compareComponents } from "./compare-components.ts";
import { hiddenDifference } from "./hidden-difference.ts";
import { isNetOnly } from "../../observation/live-documents.ts";
import { isClaim } from "../../observation/nothing-to-book.ts";
import { amountOf, wholeUnits } from "../../money/minor-units.ts";
import { Money } from "../../money/money.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import type { Amount } from "../../money/amount.ts";
import { comparePaid } from "./compare-paid.ts";
import {
  bothParts,
  figuresIn,
  isPartlyPaid,
  partsTotal,
  toBook,
  withoutCashRounding,
} from "../../observation/refund-figures.ts";
import type { Figures } from "../../observation/refund-figures.ts";
import type { Mismatch } from "../../record/mismatch.ts";
import type { Policy } from "../../policy.ts";
import { paidFromBank, shopTenders } from "../../observation/tenders.ts";

/**
 * The differences between the money that the ERP booked and the refund's money: currency, total,
 * and the components that both sides know. Amounts are compared in the currency that the ERP
 * booked, with the storefront's own amount in that currency; they are never converted.
 */
export function compareMoney(
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
  policy: Policy,
): readonly Mismatch[] {
  const [first] = documents;
  // A claim states no amount that can be compared, and a request none with tax.
  if (first === undefined || isClaim(refund) || documents.some(isNetOnly)) return [];
  const figures = figuresIn(refund, first.currency);
  if (figures === null || documents.some(({ currency }) => currency !== first.currency)) {
    return [otherCurrency(refund, documents)];
  }
  return [
    ...compareCredited(refund, figures, documents, policy),
    ...comparePaid(refund, documents, toleranceOf(policy, figures, refund, documents)),
  ];
}

/** Compares the whole credited amount with the refund. */
function compareCredited(
  refund: StorefrontRefund,
  figures: Figures,
  documents: readonly ErpDocument[],
  policy: Policy,
): readonly Mismatch[] {
  const [first, second] = documents;
  if (first === undefined) return [];
  const single = second === undefined ? first : null;
  const booked = single === null ? totalOf(documents, first.currency) : single.total;
  if (single === null && booked === toBook(figures)) return [];
  const tolerance = toleranceOf(policy, figures, refund, documents);
  const expected = expectedTotal({ refund, figures, booked, single, tolerance });
  if (booked === expected)
    return single === null ? [] : compareInside(refund, figures, single, tolerance);
  const difference = subtract(booked, expected, figures.currency);
  if (within(difference, tolerance)) {
    return single === null ? [] : compareInside(refund, figures, single, tolerance);
  }
  const amount = ofAmount({ kind: "amount", expected, actual: booked, currency: figures.currency });
  const mislabelled = inOtherCurrency(refund, figures, booked);
  const parts =
    single === null
      ? []
      : compareComponents({ refund, figures, document: single, tolerance, difference });
  return [amount, ...parts, ...mislabelled];
}

/** Compares the sum of several refunds with the total of their only document. */
export function compareBatch(
  refunds: readonly StorefrontRefund[],
  document: ErpDocument,
  policy: Policy,
): readonly Mismatch[] {
  const { currency, total } = document;
  const figures = refunds.flatMap((refund) => figuresIn(refund, currency) ?? []);
  const [first] = refunds;
  if (first === undefined) return [];
  if (figures.length < refunds.length) return [otherCurrency(first, [document])];
  const expected = Money.sum(
    figures.map((one) => Money.of(toBook(one), currency)),
    currency,
  );
  const difference = Money.of(total, currency).minus(expected);
  const lines = refunds.reduce((sum, refund) => sum + Math.max(1, refund.lines.length), 0);
  if (within(difference, Money.of(policy.tolerancePerLine, currency).times(lines))) return [];
  return [ofAmount({ kind: "amount", expected: expected.toString(), actual: total, currency })];
}

function within(difference: Money, tolerance: Money): boolean {
  return difference.absolute().compare(tolerance) <= 0;
}

export function totalOf(
  documents: readonly Pick<ErpDocument, "total">[],
  currency: string,
): Amount {
  const units = wholeSum(documents, currency);
  if (units !== null) return amountOf(units, currency);
  return Money.sum(
    documents.map(({ total }) => Money.of(total, currency)),
    currency,
  ).toString();
}

/** Null if a total is not a small whole number of units: then the sum needs `Money`. */
function wholeSum(
  documents: readonly Pick<ErpDocument, "total">[],
  currency: string,
): number | null {
  let sum = 0;
  for (const { total } of documents) {
    const units = wholeUnits(total, currency);
    if (units === null) return null;
    sum += units;
  }
  return Number.isSafeInteger(sum) ? sum : null;
}

/** The totals agree, but the parts or the lines may differ. */
function compareInside(
  refund: StorefrontRefund,
  figures: Figures,
  document: ErpDocument,
  tolerance: Money,
): readonly Mismatch[] {
  const parts = compareComponents({ refund, figures, document, tolerance, difference: null });
  const hidden = hiddenDifference(refund, figures, document, tolerance);
  return hidden === null ? parts : [hidden, ...parts];
}

/**
 * The total that the ERP should have booked:
 *
 * - usually the settled money;
 * - with the pending money, if the ERP booked both;
 * - the other amount of the register's cash rounding, if the ERP booked exactly that;
 * - without the tenders that stay in the shop, if the document shows them as lines;
 * - the whole value of the returned goods, if the rest of the credit was applied to the new item of
 *   an exchange and the ERP paid out exactly what the tenders paid.
 */
function expectedTotal(of: {
  readonly refund: StorefrontRefund;
  readonly figures: Figures;
  readonly booked: Amount;
  readonly single: ErpDocument | null;
  readonly tolerance: Money;
}): Amount {
  const { refund, figures, booked, single, tolerance } = of;
  const { currency } = figures;
  const expected = toBook(figures);
  if (booked === expected) return expected;
  const agrees = (other: Amount): boolean => within(subtract(booked, other, currency), tolerance);
  if (isPartlyPaid(refund) && agrees(bothParts(figures))) return bothParts(figures);
  if (single !== null && agrees(lessTenderLines(refund, figures, single))) return booked;
  if (single !== null && isGrossOfExchange(refund, figures, single)) return booked;
  return withoutCashRounding(refund, figures).find((one) => one === booked) ?? expected;
}

/**
 * In a cash refund a line such as "Shopify Store Credit -40.00" is a tender if its amount is
 * exactly that payment.
 */
function lessTenderLines(
  refund: StorefrontRefund,
  figures: Figures,
  { lines }: ErpDocument,
): Amount {
  const { currency } = figures;
  const skus = new Set(refund.lines.map(({ sku }) => sku));
  const open = (lines ?? [])
    .filter(({ sku, amount }) => amount.startsWith("-") && (sku === null || !skus.has(sku)))
    .map(({ amount }) => amount.slice(1));
  let rest = Money.of(toBook(figures), currency);
  for (const tender of shopTenders(refund, currency)) {
    const at = open.indexOf(tender);
    if (at === -1) continue;
    open.splice(at, 1);
    rest = rest.minus(Money.of(tender, currency));
  }
  return rest.toString();
}

function isGrossOfExchange(
  refund: StorefrontRefund,
  figures: Figures,
  { total, settlement, currency }: ErpDocument,
): boolean {
  if (settlement === null || refund.returnId === null) return false;
  const paid = paidFromBank(refund, currency, ["success"]);
  if (paid === null || !paid.equals(Money.of(settlement.amount, currency))) return false;
  return total === partsTotal(figures, refund.taxesIncluded);
}

/**
 * The booked number is the refund's amount in its other currency: the ERP filled the wrong field.
 */
function inOtherCurrency(
  refund: StorefrontRefund,
  figures: Figures,
  booked: Amount,
): readonly Mismatch[] {
  const { presentment } = refund;
  if (presentment === null || presentment.currency === refund.currency) return [];
  const other = figures.currency === refund.currency ? presentment : refund;
  if (!isSameNumber(toBook(other), booked)) return [];
  return [wrongCurrency(other.currency, figures.currency, refund.currency)];
}

/**
 * "20096" yen and "20096.00" euros are the same number, because the currencies have different
 * numbers of digits.
 */
function isSameNumber(one: Amount, other: Amount): boolean {
  return withoutZeros(one) === withoutZeros(other);
}

function withoutZeros(amount: Amount): string {
  return amount.includes(".") ? amount.replace(/\.?0+$/, "") : amount;
}

function otherCurrency(refund: StorefrontRefund, documents: readonly ErpDocument[]): Mismatch {
  const ours = [refund.currency, refund.presentment?.currency ?? refund.currency];
  const theirs = documents.map(({ currency }) => currency);
  return wrongCurrency(joinedCodes(ours), joinedCodes(theirs), refund.currency);
}

function joinedCodes(codes: readonly string[]): string {
  return [...new Set(codes)].join(" or ");
}

function wrongCurrency(expected: string, actual: string, currency: string): Mismatch {
  return ofWords({ kind: "currency", expected, actual, currency });
}

function toleranceOf(
  { tolerancePerLine }: Policy,
  { currency, computedWithin = "0" }: Figures,
  refund: StorefrontRefund,
  documents: readonly ErpDocument[],
): Money {
  const booked = documents.reduce((sum, { lines }) => sum + (lines?.length ?? 0), 0);
  const lines = refund.lines.length > 0 ? refund.lines.length : Math.max(1, booked);
  return Money.of(tolerancePerLine, currency).times(lines).plus(Money.of(computedWithin, currency));
}

function subtract(amount: Amount, other: Amount, currency: string): Money {
  return Money.of(amount, currency).minus(Money.of(other, currency));
}
