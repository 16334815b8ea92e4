import type { Row } from "./netsuite-page.ts";

/**
 * Keeps people out of what is stored: of text that people type, only what could be a reference
 * stays (a token with a digit: order numbers, ids, hashes), and names of users only where the brand
 * file itself names them as machines.
 */
export function redactedRow(row: Row, integrationUsers: readonly string[]): Row {
  const safe = Object.entries(row).map(([name, value]) => [
    name,
    TYPED.has(name)
      ? referenceTokens(value)
      : (name.endsWith("by_name") && !isListed(value, integrationUsers)) || hasMailAddress(value)
        ? "(redacted)"
        : value,
  ]);
  return Object.fromEntries(safe);
}

/** "Refund for Jane, order #1001 (jane@x.example)" leaves "#1001". */
export function referenceTokens(text: string): string {
  return text
    .slice(0, 4_000)
    .split(/[\s,;|()[\]{}<>"']+/)
    .map((token) => token.replace(/^[.:!?*_-]+|[.:!?*_-]+$/g, ""))
    .filter(isReference)
    .join(" ")
    .slice(0, LONGEST)
    .trim();
}

/** Names and ids of users are compared without regard to case or to blanks around them. */
export function isListed(user: string, integrationUsers: readonly string[]): boolean {
  const wanted = user.trim().toLowerCase();
  return integrationUsers.some((listed) => listed.trim().toLowerCase() === wanted);
}

/** An id is written by a machine, but nothing stops it from holding an address. */
export function hasMailAddress(text: string): boolean {
  return /[^\s@]@[^\s@]/.test(text);
}

function isReference(token: string): boolean {
  if (!/\d/.test(token) || token.length > LONGEST) return false;
  return /^[\w#:/.=-]+$/.test(token) && !PHONE.test(token);
}

/** "+15550100" has a plus and falls out above; three groups that end in four are a number to call. */
const PHONE = /^\d{3}[-.]\d{3}[-.]\d{4}$/;
const TYPED: ReadonlySet<string> = new Set(["memo", "otherrefnum", "src_otherrefnum"]);
const LONGEST = 200;
