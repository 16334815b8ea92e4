import { documentNumber, hasMailAddress, isListed, referenceTokens } from "../../redact.ts";
import type { Row } from "./page.ts";

/**
 * Keeps people out of what is stored: of text that people type, only tokens of the shapes that
 * references have stay (see `referenceTokens`), and names of users only where the brand file
 * itself names them as machines.
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
