import type { DocumentReference } from "../../refund/observation/observation.ts";
import { hasMailAddress, referenceTokens } from "../redact.ts";

/**
 * The kind of a field that the brand file names: one whose name says that it holds the refund's id
 * can name no order, even where the id is as short as an order number.
 */
export function configuredField(name: string): "refund" | "configured" {
  return /refund|credit_?memo/i.test(name) ? "refund" : "configured";
}

/** A field of a document with the text in it. */
export type Found = readonly [field: DocumentReference["field"], text: string | null];

/**
 * Only tokens that look like a reference are kept; nothing that the ERP numbered itself, and no date.
 *
 * @param own the ERP's own numbers
 */
export function writtenReferences(
  found: readonly Found[],
  own: ReadonlySet<string>,
): DocumentReference[] {
  const seen = new Set<string>();
  return found.flatMap(([field, told]): DocumentReference[] => {
    const whole = (told ?? "").trim();
    // "SHOP-1001/R-22": two references in one field.
    const parted = whole.includes("://") ? whole : whole.replaceAll("/", " ");
    const text = referenceTokens(parted);
    const plain = text.replace(/^0+(?=\d)/, "");
    if (text === "" || own.has(text) || own.has(plain) || hasMailAddress(text)) return [];
    if (field === "other_reference" && isDate(text)) return [];
    if (seen.has(`${field} ${text}`)) return [];
    seen.add(`${field} ${text}`);
    return [{ field, text }];
  });
}

/** "20261122": an assignment is often the day of the booking. */
function isDate(text: string): boolean {
  const [, year, month, day] = /^(20\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(8, 10) === day;
}
