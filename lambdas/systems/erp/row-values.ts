import { canonicalAmount, isCurrency, Money } from "../../refund/money/money.ts";

/**
 * An amount of a row.
 *
 * @throws UnreadableRow with the field
 */
export function amountOf(field: string, text: string | null | undefined, currency: string): Money {
  try {
    return Money.of(canonicalAmount(text ?? "", currency), currency);
  } catch (error) {
    const why = error instanceof Error ? error.message : "not an amount";
    throw new UnreadableRow(`${field}: ${why}`);
  }
}

/**
 * The currency of a row by ISO 4217.
 *
 * @param currencies the ERP's own codes, each with the code of ISO 4217
 * @throws UnreadableRow with the field and the setting that helps
 */
export function currencyOf(
  field: string,
  code: string,
  currencies: Readonly<Record<string, string>> = {},
): string {
  const trimmed = code.trim();
  const mapped = currencies[trimmed] ?? trimmed;
  if (isCurrency(mapped)) return mapped;
  throw new UnreadableRow(
    `${field}: ${JSON.stringify(trimmed.slice(0, 5))} is not a currency of ISO 4217: name its code in erp.currencies of the brand file`,
  );
}

/** A row that cannot be read; the message names the field. */
export class UnreadableRow extends Error {
  override readonly name = "UnreadableRow";
}
