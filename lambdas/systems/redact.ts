/**
 * "Refund for Jane, order #1001 (jane@x.example)" becomes "#1001".
 *
 * Only tokens that match an allowed shape stay, because people write birthdays, telephone, card and
 * insurance numbers into memos. A plain number stays when it is the whole text (an order number
 * typed into its field) or has the length of a storefront's refund id.
 */
export function referenceTokens(text: string): string {
  const tokens = text
    .slice(0, 4_000)
    .split(/[\s,;|()[\]{}<>"']+/)
    .map((token) => token.replace(/^[.:!?*_-]+|[.:!?*_-]+$/g, ""))
    .filter((token) => token !== "");
  return tokens
    .filter((token, index) => isReference(token, tokens[index - 1] ?? "", tokens.length === 1))
    .join(" ")
    .slice(0, LONGEST)
    .trim();
}

/**
 * The ids in a field that holds ids of payments. A person may type into it too: so no card or
 * telephone number stays, and no word with a year behind it.
 */
export function paymentIds(text: string): readonly string[] {
  return text
    .slice(0, LONGEST)
    .split(/[\s,;|]+/)
    .filter((token) => PAYMENT_IDS.some((shape) => shape.test(token)) && !hidesCard(token));
}

/** A document's number, which people may type; null for words and for an e-mail address. */
export function documentNumber(text: string): string | null {
  const isNumber = /^(?:[A-Z]{1,6} )?[^\s@]{1,60}$/.test(text) && /\d/.test(text);
  return isNumber ? text : null;
}

/** Names and ids of users are compared without regard to case or to blanks around them. */
export function isListed(user: string, integrationUsers: readonly string[]): boolean {
  const wanted = user.trim().toLowerCase();
  return integrationUsers.some((listed) => listed.trim().toLowerCase() === wanted);
}

/** Whether a note names a ticket, a case or an approval. Nothing else of its text may be stored. */
export function namesTicket(note: string): boolean {
  return TICKET.test(note.slice(0, LONGEST_NOTE));
}

/** A machine writes an id, but an id can still contain an e-mail address. */
export function hasMailAddress(text: string): boolean {
  return /[^\s@]@[^\s@]/.test(text);
}

function isReference(token: string, before: string, isWhole: boolean): boolean {
  if (token.length > LONGEST) return false;
  if (/^\d+$/.test(token)) return isPlainReference(token, before, isWhole);
  return SHAPES.some((shape) => shape.test(token)) && !hidesCard(token);
}

/** "order 1001" and "Order No. 1001" name an order in words. */
function isPlainReference(digits: string, before: string, isWhole: boolean): boolean {
  if (isWhole && digits.length <= 10) return true;
  if (ORDER_WORD.test(before) && digits.length <= 9) return true;
  return digits.length >= 12 && digits.length <= 13 && !isCard(digits);
}

function hidesCard(token: string): boolean {
  return (token.match(/\d{13,19}/g) ?? []).some((digits) => isCard(digits));
}

/** A number of 13 to 19 digits that passes the check of ISO/IEC 7812 may be a card number. */
function isCard(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = digits
    .split("")
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

const SHAPES: readonly RegExp[] = [
  // "#1001", "#1001-R1", "#1001.2"
  /^#\d{1,12}(?:-[A-Z]?\d{1,3})?(?:\.\d{1,2})?$/i,
  // "SO-1001", "so1001", "web-0001001", "RMA #22" without its blank, "order#1001"
  /^(?:WEB|WWW|SHOP|STORE|ONLINE|ECOM|SO|ORD|ORDER|REFUND|RETURN|RET|R|RF|REF|RMA|INV|CM|CR|CS|PO)[-_:.#]{0,2}\d{1,13}(?:-[A-Z]?\d{1,3})?$/i,
  // a brand's own prefix in capitals ("US-1001", "ACME1001"); birthdays and insurance numbers are
  // longer
  /^#?(?!SSN|DOB|TEL|FAX|MOB|CELL|PHONE)[A-Z]{2,8}[-_#]?\d{3,7}(?:-[A-Z]?\d{1,3})?$/,
  // the same with a number that zeros pad: "HB-000000419", "hb000000419"
  /^#?(?!SSN|DOB|TEL|FAX|MOB|CELL|PHONE)[A-Z]{2,8}[-_#]?0{2,12}[1-9]\d{0,8}(?:-[A-Z]?\d{1,3})?$/i,
  // "shopify-refund-870001113286", "refund_id:870001113286"
  /^(?:[a-z]{2,20}[-_])?(?:refund|order|return)(?:[-_]?id)?[-_:#/]{1,2}\d{1,19}$/i,
  /^gid:\/\/\w{1,20}\/(?:Refund|Order|Return|OrderTransaction)\/\d{1,19}$/,
  // payment ids of processors: "pi_3Nx…", "ch_…", "c12345678901.1", 17 capitals and digits
  /^(?:pi|ch|re|py|txn|cs|pm)_[A-Za-z0-9]{6,64}$/,
  /^[cr]\d{8,16}\.\d{1,2}$/,
  /^(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{17}$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
];
const PAYMENT_IDS: readonly RegExp[] = [
  /^[a-z]{2,5}_[A-Za-z0-9]{6,64}$/,
  /^[cr]\d{8,16}\.\d{1,2}$/,
  /^(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{12,24}$/,
  /^\d{12,19}$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
];
const ORDER_WORD = /^(?:order|order:|no|no\.|number|#)$/i;
const LONGEST = 200;

/** "ticket 4411", "RMA-2091", "case #88123", "approval no. 5521", "ZD 90211" */
const TICKET =
  /\b(?:ticket|case|rma|return|approval|approved|auth|zendesk|gorgias|jira|incident|request|inc|req|zd|cs)\b[ \t]{0,3}(?:no\.?|number|nr\.?|id)?[ \t]{0,3}[:#-]{0,3}[ \t]{0,3}[A-Z]{0,4}-?\d{2,}/i;
const LONGEST_NOTE = 5_000;
