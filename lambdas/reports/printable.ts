/**
 * External text, made safe for a page or a line: control characters, line separators, invisible
 * characters and marks for the direction of text are replaced, half characters too. Long text is
 * cut.
 */
export function printable(text: string, longest = 500): string {
  const clean = text
    .slice(0, longest * 4)
    .toWellFormed()
    .replaceAll(UNPRINTABLE, " ");
  return clean.length > longest ? `${clean.slice(0, longest - 1).toWellFormed()}…` : clean;
}

/** Only letters, digits, # and -, which every phone and mail header can show. */
export function asciiWord(text: string, longest: number): string {
  return text.replaceAll(/[^A-Za-z0-9#-]/g, "").slice(0, longest);
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** External text that no mail program turns into a link: "evil.com" becomes "evil. com". */
export function unlinked(text: string): string {
  return printable(text, 120)
    .replaceAll("://", " ")
    .replaceAll("@", " at ")
    .replaceAll(/\.(?=\p{L})/gu, ". ");
}
