/**
 * A hash of a list of texts: 16 hex digits, the same on every machine and in every run.
 *
 * It is made of two FNV-1a hashes. It distinguishes the alerts of one brand; it is not for
 * security.
 */
export function fingerprintOf(texts: readonly string[]): string {
  let one = 0x811c9dc5;
  let other = 0x9dc5811c;
  for (const text of texts) {
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      one = Math.imul(one ^ unit, PRIME);
      other = Math.imul(other ^ unit ^ (one >>> 24), PRIME);
    }
    one = Math.imul(one ^ END_OF_TEXT, PRIME);
    other = Math.imul(other ^ END_OF_TEXT, PRIME);
  }
  return hex(one) + hex(other);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

const PRIME = 0x01000193;
/** Outside UTF-16, so that ["ab"] and ["a", "b"] differ. */
const END_OF_TEXT = 0x10000;
