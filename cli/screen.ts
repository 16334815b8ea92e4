import { wrap } from "../lambdas/reports/wrap.ts";

/** Columns of the narrowest terminal that is still in use. */
const SCREEN = 79;

/** A paragraph indented by `indent` columns, its later lines by `hanging` columns more. */
export function paragraph(text: string, indent = 0, hanging = 0): string[] {
  const margin = " ".repeat(indent);
  return wrap(text, SCREEN - indent, " ".repeat(hanging)).map((line) => `${margin}${line}`);
}
