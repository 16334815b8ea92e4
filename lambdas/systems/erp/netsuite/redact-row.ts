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
export function redactedRow(row: Row, { integrationUsers, paymentFields }: Listed): Row {
  const safe = Object.entries(row).map(([name, value]) => [
    name,
    paymentFields.includes(name)
      ? paymentIds(value).join(" ")
      : TYPED.has(name) || !KNOWN.has(name)
        ? referenceTokens(value)
        : NUMBERS.has(name)
          ? (documentNumber(value) ?? "(redacted)")
          : (name.endsWith("by_name") && !isListed(value, integrationUsers)) ||
              hasMailAddress(value)
            ? "(redacted)"
            : value,
  ]);
  return Object.fromEntries(safe);
}

/** What the brand file lists. */
export type Listed = {
  readonly integrationUsers: readonly string[];
  readonly paymentFields: readonly string[];
};

/** A field that is not here is one that the brand file names: it may hold any text. */
const KNOWN: ReadonlySet<string> = new Set(KNOWN_COLUMNS);
const TYPED: ReadonlySet<string> = new Set(["memo", "otherrefnum", "src_otherrefnum"]);
const NUMBERS: ReadonlySet<string> = new Set(["tranid", "src_tranid"]);
