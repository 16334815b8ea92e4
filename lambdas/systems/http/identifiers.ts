/**
 * Returns only those identifiers of a platform's error text that our own query contains, at most
 * five. The rest of such a text may quote a customer or a secret and must not reach a log.
 */
export function identifiersIn(text: string, question: string): readonly string[] {
  const asked = new Set(question.match(WORD) ?? []);
  const named = text.slice(0, LONGEST).match(WORD) ?? [];
  return [...new Set(named.filter((word) => asked.has(word) && !COMMON.has(word)))].slice(0, 5);
}

const WORD = /[A-Za-z_][\w.]{2,60}/g;
const LONGEST = 2_000;
/** Words that occur in every query: they identify nothing. */
const COMMON: ReadonlySet<string> = new Set(
  "SELECT FROM WHERE AND JOIN LEFT ORDER NOT NULL CASE query fragment and for was not the refund".split(
    " ",
  ),
);
