import {
  documentNumber,
  hasMailAddress,
  isListed,
  paymentIds,
  referenceTokens,
} from "../../redact.ts";
import { KNOWN_COLUMNS } from "./query.ts";
import type { Row } from "./page.ts";

/**
 * Removes personal data before a row is stored. Of text that people type, only tokens in the shape
 * of a reference stay (see `referenceTokens`). The name of a user stays only when the brand file
 * lists it as an integration user.
 */
export function redactedRow(row: Row, integrationUsers: readonly string[]): Row {
  const safe = Object.entries(row).map(([name, value]) => [
    name,
    TYPED.has(name) || !KNOWN.has(name)
      ? typedIds(value)
      : NUMBERS.has(name)
        ? (documentNumber(value) ?? "(redacted)")
        : (name.endsWith("by_name") && !isListed(value, integrationUsers)) || hasMailAddress(value)
          ? "(redacted)"
          : value,
  ]);
  return Object.fromEntries(safe);
}

/** A field that the brand file names may hold any text. */
function typedIds(text: string): string {
  return referenceTokens(text) || paymentIds(text).join(" ");
}

const KNOWN: ReadonlySet<string> = new Set(KNOWN_COLUMNS);
const TYPED: ReadonlySet<string> = new Set(["memo", "otherrefnum", "src_otherrefnum"]);
const NUMBERS: ReadonlySet<string> = new Set(["tranid", "src_tranid"]);
