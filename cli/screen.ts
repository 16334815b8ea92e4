import { wrap } from "../lambdas/reports/wrap.ts";

/** Columns of the narrowest terminal that people still have. */
const SCREEN = 79;

/** A paragraph set in by so many columns, its later lines by so many more. */
export function paragraph(text: string, indent = 0, hanging = 0): string[] {
  const margin = " ".repeat(indent);
  return wrap(text, SCREEN - indent, " ".repeat(hanging)).map((line) => `${margin}${line}`);
}
