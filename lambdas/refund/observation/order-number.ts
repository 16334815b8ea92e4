/**
 * The normal form of an order number: "#1001", " 1001", "SO-1001", "so1001", "0001001" and the
 * number with one of the brand's own prefixes all become "1001". Null for a text that cannot be an
 * order number.
 */
export function normaliseOrder(text: string, prefixes: readonly string[]): string | null {
  if (PLAIN_NUMBER.test(text)) return text;
  if (HASH_NUMBER.test(text)) return text.slice(1);
  let rest = text.trim().toUpperCase().replaceAll(/\s+/g, " ");
  if (rest.length > LONGEST) return null;
  // "Sales Order #SO-1001" has three prefixes, and each pass removes one of them.
  for (let before = ""; rest !== before;) {
    before = rest;
    rest = withoutPrefix(rest.replace(/^[#\s]+/, ""), prefixes);
  }
  rest = rest.replace(RETURN_SUFFIX, "").replace(/^0+(?=\d)/, "");
  return ORDER_NUMBER.test(rest) ? rest : null;
}

/**
 * The orders named in a text, each with a rank: the spelling with rank 0 is the most certain one.
 */
export function ordersNamedIn(
  text: string,
  field: "order" | "configured" | "other_reference" | "external_id" | "refund" | "memo" | "source",
  prefixes: readonly string[],
): readonly NamedOrder[] {
  if (field === "memo") return markedOrders(text, prefixes);
  const whole = field === "external_id" || field === "refund" ? null : wholeText(text, prefixes);
  return whole === null ? markedOrders(text, prefixes) : [whole];
}

type NamedOrder = { readonly order: string; readonly rank: number };

function wholeText(text: string, prefixes: readonly string[]): NamedOrder | null {
  const trimmed = text.trim();
  if (/[\s,;/:]/.test(trimmed)) return null;
  // A number of eleven or more digits is an id, not an order number that people see; zeros before a
  // number only pad it.
  if (/^(?!00)\d{11,}$/.test(trimmed)) return null;
  const order = normaliseOrder(trimmed, prefixes);
  if (order === null) return null;
  if (trimmed.startsWith("#")) return { order, rank: 0 };
  if (/^\d+$/.test(trimmed)) return { order, rank: 1 };
  if (startsAsConfigured(trimmed, prefixes)) return { order, rank: 1.5 };
  if (/^\d+$/.test(order)) return { order, rank: 2 };
  return NOT_AN_ORDER.test(trimmed) ? null : { order, rank: 3 };
}

/**
 * Whether the text begins with a prefix from the brand file. With the prefix "SO-", "SO-1001" is
 * certain to be an order of the brand. "SO335139" in the same field is the ERP's own number and
 * must not count as a second order.
 */
function startsAsConfigured(text: string, prefixes: readonly string[]): boolean {
  const upper = text.toUpperCase();
  return prefixes.some((prefix) => upper.startsWith(prefix.trim().toUpperCase()));
}

/** In running text only a number with a "#" or a known prefix is an order number. */
function markedOrders(text: string, prefixes: readonly string[]): readonly NamedOrder[] {
  const found: NamedOrder[] = [];
  const prepared = text
    .slice(0, LONGEST_MEMO)
    .replaceAll(PURCHASE_ORDER, "PO ")
    .replaceAll(ORDER_WORD, "#");
  for (const { 1: before = "", 2: mark = "", 3: token = "" } of prepared.matchAll(MARKED)) {
    if (OTHER_NUMBERS.test(before)) continue;
    const order = normaliseOrder(`${mark}${token}`, prefixes);
    const hash = mark.includes("#");
    const known = hash || prefixed(token.toUpperCase(), prefixes);
    if (known && order !== null && !/^\d{11,}$/.test(order)) {
      found.push({ order, rank: hash ? 0 : 2 });
    }
  }
  return found;
}

function prefixed(token: string, prefixes: readonly string[]): boolean {
  return withoutPrefix(token, prefixes) !== token;
}

function withoutPrefix(text: string, prefixes: readonly string[]): string {
  for (const prefix of prefixes) {
    const bare = prefix
      .trim()
      .toUpperCase()
      .replace(/[-_#\s]+$/, "");
    const rest = bare !== "" && text.startsWith(bare) ? text.slice(bare.length) : text;
    if (rest !== text && AFTER_PREFIX.test(rest)) return rest.replace(/^[-_:#.\s]+/, "");
  }
  return text.replace(KNOWN_PREFIX, "");
}

const LONGEST = 60;
const PLAIN_NUMBER = /^[1-9]\d{0,9}$/;
const HASH_NUMBER = /^#[1-9]\d{0,9}$/;
const ORDER_NUMBER = /^(?=.*\d)[A-Z0-9][A-Z0-9._/-]{0,39}$/;
/** "#1001-R1" is the name of a return of #1001. */
const RETURN_SUFFIX = /-R\d{1,3}$/;
const AFTER_PREFIX = /^[-_:#.\s]*[A-Z0-9]*\d/;
/** Words that people write before an order number, for any brand. */
const KNOWN_PREFIX = /^(?:SALES ORDER|ORDER(?: NO\.?| NUMBER)?|ORD|SO)[-_:.\s]*(?=#|SO|\d)/;
const NOT_AN_ORDER = /^(?:R|RF|RMA|INV|CM|CR)[-_]?\d|refund|return|shopify/i;
const LONGEST_MEMO = 500;
const PURCHASE_ORDER = /\bpurchase order\b/gi;
const ORDER_WORD = /\border(?: no\.?| number)?[:\s]+#?(?=\d)/gi;
const MARKED = /([A-Za-z]*)[.:]?\s*(#\s?|(?<![\w-]))((?=[\w-]*\d)[A-Za-z0-9][\w-]*)/g;
/** "RMA #22" and "ticket #55" are numbers of something else. */
const OTHER_NUMBERS =
  /^(?:rma|ticket|case|customer|invoice|inv|check|cheque|po|payment|memo|zendesk|gorgias|task|issue|batch|line|item)$/i;
