/**
 * Text from elsewhere, safe to put on a page or a line: no control characters, no line separators,
 * nothing invisible or that turns the direction of writing, no broken half of a character, capped.
 */
export function printable(text: string, longest = 500): string {
  const clean = text
    .slice(0, longest * 4)
    .toWellFormed()
    .replaceAll(UNPRINTABLE, " ");
  return clean.length > longest ? `${clean.slice(0, longest - 1).toWellFormed()}…` : clean;
}

/** Plain letters, digits and the signs that every phone and mail header can show; the rest is dropped. */
export function asciiWord(text: string, longest: number): string {
  return text.replaceAll(/[^A-Za-z0-9#-]/g, "").slice(0, longest);
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text from elsewhere that no mail program turns into a link: "evil.com" reads "evil. com". */
export function unlinked(text: string): string {
  return printable(text, 120)
    .replaceAll("://", " ")
    .replaceAll("@", " at ")
    .replaceAll(/\.(?=\p{L})/gu, ". ");
}
