/**
 * How a log may show an unexpected value. A plain word or number is quoted. For any other value
 * only the length is given, because it may contain personal data.
 */
export function quotable(text: string): string {
  return PLAIN.test(text) ? JSON.stringify(text) : `a text of ${text.length} characters`;
}

const PLAIN = /^[\w.,:;+\-/#() ]{0,40}$/;
