import { printable } from "./printable.ts";

/** A cell: text is made safe for spreadsheets, a number stays a number. */
export type Cell = { readonly text: string } | { readonly number: string };

/** Rows as RFC 4180 requires them: commas, CRLF after every row, quotes doubled. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(rendered).join(",")}\r\n`).join("");
}

function rendered(cell: Cell): string {
  if ("number" in cell && PLAIN_NUMBER.test(cell.number)) return cell.number;
  const text = inert("number" in cell ? cell.number : cell.text);
  return /[",;'\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Text that no spreadsheet reads as a formula. Quotes alone do not help: a cell that begins with a
 * formula's sign gets a single quote in front. Such a sign after a separator or a quote gets one
 * too, because a spreadsheet with the settings of another country may split the line there.
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
