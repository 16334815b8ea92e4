import type { Summary, SummaryException } from "../refund/summary/summary.ts";
import { csv, type Cell } from "./csv.ts";
import { mismatchTexts } from "./story.ts";
import { OWNERSHIP_WORDS } from "./words.ts";

/** Every open exception of the day, one row each, for a spreadsheet: largest exposure first. */
export function exceptionsCsv(summary: Summary): string {
  const header = COLUMNS.map(({ name }) => text(name));
  const rows = summary.exceptions.map((row) => COLUMNS.map(({ cell }) => cell(row)));
  return csv([header, ...rows]);
}

const COLUMNS: readonly { name: string; cell: (row: SummaryException) => Cell }[] = [
  { name: "refund_id", cell: ({ refundId }) => text(refundId ?? "") },
  { name: "order_number", cell: ({ orderNumber }) => text(orderNumber ?? "") },
  { name: "erp_document_ids", cell: ({ erpDocumentIds }) => text(erpDocumentIds.join(" ")) },
  { name: "status", cell: ({ status }) => text(status) },
  {
    name: "mismatches",
    cell: ({ mismatches }) => text(mismatches.map(({ kind }) => kind).join(" ")),
  },
  { name: "what_is_wrong", cell: (row) => text(mismatchTexts(row).join(". ")) },
  { name: "amount", cell: ({ amount }) => number(amount) },
  { name: "difference", cell: ({ mismatches }) => number(mainDifference(mismatches)) },
  { name: "exposure", cell: ({ exposure }) => number(exposure) },
  { name: "currency", cell: ({ currency }) => text(currency) },
  { name: "processed_at_utc", cell: ({ processedAt }) => text(processedAt) },
  { name: "age_hours", cell: ({ ageHours }) => number(String(ageHours)) },
  { name: "match_rule", cell: ({ matchRule }) => text(matchRule ?? "") },
  { name: "equally_good_candidates", cell: ({ ambiguous }) => text(ambiguous.join(" ")) },
  {
    name: "whose_document",
    cell: ({ ownership }) => text(ownership === undefined ? "" : OWNERSHIP_WORDS[ownership]),
  },
  { name: "cause", cell: ({ diagnosis }) => text(diagnosis.cause) },
  { name: "pattern", cell: ({ diagnosis }) => text(diagnosis.pattern ?? "") },
  { name: "confidence", cell: ({ diagnosis }) => number(String(diagnosis.confidence)) },
  { name: "evidence", cell: ({ diagnosis }) => text(diagnosis.evidence.join(" ")) },
];

/** ERP minus storefront: of the total when it differs, otherwise of the first part that differs. */
function mainDifference(mismatches: SummaryException["mismatches"]): string {
  const differing = mismatches.filter(({ difference }) => difference !== "");
  return (differing.find(({ kind }) => kind === "amount") ?? differing[0])?.difference ?? "";
}

function text(value: string): Cell {
  return { text: value };
}

function number(value: string): Cell {
  return { number: value };
}
