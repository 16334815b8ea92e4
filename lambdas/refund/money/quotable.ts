/**
 * What came instead of what was wanted, as it may stand in a log: a plain word or figure as it is,
 * anything else by its length, because it may be anything of anybody.
 */
export function quotable(text: string): string {
  return PLAIN.test(text) ? JSON.stringify(text) : `a text of ${text.length} characters`;
}

const PLAIN = /^[\w.,:;+\-/#() ]{0,40}$/;
