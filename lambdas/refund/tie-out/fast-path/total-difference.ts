import { ofAmount } from "../../record/mismatch.ts";
import { amountOf, wholeUnits } from "../../money/minor-units.ts";
import type { ErpDocument, StorefrontRefund } from "../../observation/observation.ts";
import { isNothing } from "../../observation/refund-figures.ts";
import type { Mismatch } from "../../record/mismatch.ts";
import type { Policy } from "../../policy.ts";

/**
 * The difference between the document's total and the refund's, both in the shop's currency, where
 * the document states no other part that could differ.
 *
 * It is calculated exactly in whole minor units: a difference of one cent is the most common
 * mismatch, and decimal arithmetic took most of the time for it. Null if there is more to compare,
 * or if the policy tolerates the difference: then the full rules decide.
 */
export function plainDifference(
  refund: StorefrontRefund,
  document: ErpDocument,
  policy: Policy,
): Mismatch | null {
  if (!statesTotalOnly(refund, document)) return null;
  const { settled, currency } = refund;
  const expected = wholeUnits(settled, currency);
  const actual = wholeUnits(document.total, currency);
  const perLine = isNothing(policy.tolerancePerLine)
    ? 0
    : wholeUnits(policy.tolerancePerLine, currency);
  if (expected === null || actual === null || perLine === null) return null;
  const units = actual - expected;
  if (Math.abs(units) <= perLine * Math.max(1, refund.lines.length, document.lines?.length ?? 0)) {
    return null;
  }
  const difference = amountOf(units, currency);
  const both = { expected: settled, actual: document.total, currency };
  return ofAmount({ kind: "amount", ...both }, difference);
}

function statesTotalOnly(refund: StorefrontRefund, document: ErpDocument): boolean {
  const { tax, shipping, discount, lines } = document;
  if (tax !== null || shipping !== null || discount !== null) return false;
  if (refund.presentment !== null) return false;
  return lines === null || isNothing(refund.components.discount ?? "0");
}
