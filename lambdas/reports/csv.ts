import { printable } from "./printable.ts";

/** A cell: text is made harmless, a number stays one. */
export type Cell = { readonly text: string } | { readonly number: string };

/** Rows as RFC 4180 wants them: commas, CRLF after every row, quotes doubled. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(rendered).join(",")}\r\n`).join("");
}

function rendered(cell: Cell): string {
  if ("number" in cell && PLAIN_NUMBER.test(cell.number)) return cell.number;
  const text = inert("number" in cell ? cell.number : cell.text);
  return /[",;'\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Text that no spreadsheet takes for a formula. Quoting alone does not help: a cell that begins
 * with a formula's sign gets a single quote in front. So does such a sign after a separator or a
 * quote, because a spreadsheet of another country may split the line there.
 */
function inert(text: string): string {
  const leads = FORMULA_LEAD.test(text);
  const clean = printable(text, LONGEST_CELL).replaceAll(AFTER_SEPARATOR, "$1'");
  return leads || FORMULA_LEAD.test(clean) ? `'${clean}` : clean;
}

const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/;
const FORMULA_LEAD = /^(?:[\t\r\n]|[\s\u200b\ufeff]*[=+\-@|%＝＋－＠])/u;
const AFTER_SEPARATOR = /([;,"'|]\s*)(?=[=+\-@＝＋－＠])/gu;
const LONGEST_CELL = 8_000;
