import { documentNumber, hasMailAddress, isListed, referenceTokens } from "../../redact.ts";
import type { Row } from "./page.ts";

/**
 * Removes personal data before a row is stored. Of text that people type, only tokens in the shape
 * of a reference stay (see `referenceTokens`). The name of a user stays only when the brand file
 * lists it as an integration user.
 */
export function redactedRow(row: Row, integrationUsers: readonly string[]): Row {
  const safe = Object.entries(row).map(([name, value]) => [
    name,
    TYPED.has(name) || CONFIGURED.test(name)
      ? referenceTokens(value)
      : NUMBERS.has(name)
        ? (documentNumber(value) ?? "(redacted)")
        : (name.endsWith("by_name") && !isListed(value, integrationUsers)) || hasMailAddress(value)
          ? "(redacted)"
          : value,
  ]);
  return Object.fromEntries(safe);
}

const CONFIGURED = /^(?:src_)?cust/;
const TYPED: ReadonlySet<string> = new Set(["memo", "otherrefnum", "src_otherrefnum"]);
const NUMBERS: ReadonlySet<string> = new Set(["tranid", "src_tranid"]);
