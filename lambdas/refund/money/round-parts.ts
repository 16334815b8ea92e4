import { minorUnits } from "./minor-units.ts";
import { Money, minorDigits } from "./money.ts";

/**
 * Rounds parts that are finer than their currency, so that they add up to the stated total.
 *
 * Each part is rounded half-up. What is then missing or left is given, one smallest unit each, to
 * the parts that the rounding changed most in the other direction (the method of the largest
 * remainder). So no part differs from its exact value by a whole smallest unit or more.
 *
 * @returns null where the exact parts differ from the total by more than rounding can explain: half
 *   a smallest unit for each part, and another half for the total
 */
export function roundParts(parts: readonly Money[], total: Money): readonly Money[] | null {
  const { currency } = total;
  const unit = Money.of("1", currency).dividedBy(10 ** minorDigits(currency));
  const gap = total.minus(Money.sum(parts, currency));
  if (
    gap
      .absolute()
      .times(2)
      .compare(unit.times(parts.length + 1)) > 0
  )
    return null;
  const rounded = parts.map((part) => part.rounded("half-up"));
  const left = total.rounded("half-up").minus(Money.sum(rounded, currency));
  const steps = minorUnits(left.absolute().toString(), currency);
  const step = left.isNegative() ? unit.negated() : unit;
  const order = parts
    .map((part, index) => ({ index, lost: part.minus(rounded[index] ?? part) }))
    .toSorted((one, other) =>
      left.isNegative() ? one.lost.compare(other.lost) : other.lost.compare(one.lost),
    );
  for (const { index } of order.slice(0, steps)) {
    const part = rounded[index];
    if (part !== undefined) rounded[index] = part.plus(step);
  }
  return Money.sum(rounded, currency).equals(total.rounded("half-up")) ? rounded : null;
}
