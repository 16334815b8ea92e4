import { Money } from "../money/money.ts";
import type { Amount } from "../money/amount.ts";

type Aged = { readonly ageHours: number; readonly exposure: Amount; readonly currency: string };
type AgingRow = { bucket: string; count: number; exposure: Amount };

/**
 * Open exceptions by age. Every bucket is always present. A limit belongs to the older bucket:
 * exactly 24 h is in "1d-3d". The exposure is the sum in the brand's currency only; the count
 * includes all currencies.
 */
export function aging(exceptions: readonly Aged[], brandCurrency: string): AgingRow[] {
  return BUCKETS.map(({ bucket, fromHours }, index) => {
    const toHours = BUCKETS[index + 1]?.fromHours ?? Infinity;
    const held = exceptions.filter((row) => row.ageHours >= fromHours && row.ageHours < toHours);
    const own = held.filter((row) => row.currency === brandCurrency);
    const amounts = own.map((row) => Money.of(row.exposure, row.currency));
    return { bucket, count: held.length, exposure: Money.sum(amounts, brandCurrency).toString() };
  });
}

const BUCKETS: readonly { readonly bucket: string; readonly fromHours: number }[] = [
  { bucket: "0-4h", fromHours: 0 },
  { bucket: "4h-24h", fromHours: 4 },
  { bucket: "1d-3d", fromHours: 24 },
  { bucket: "3d-7d", fromHours: 72 },
  { bucket: "over 7d", fromHours: 168 },
];
