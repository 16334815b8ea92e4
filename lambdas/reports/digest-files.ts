import type { Summary } from "../refund/summary/summary.ts";
import { digestHtml } from "./digest-html.ts";
import { digestText } from "./digest-text.ts";
import { exceptionsCsv } from "./exceptions-csv.ts";
import type { ReportContext } from "./report-context.ts";

/** The files of a day's digest, in the order in which they are written: the summary comes last. */
export function digestFiles(summary: Summary, context: ReportContext): readonly DigestFile[] {
  return [
    {
      name: "exceptions.csv",
      body: exceptionsCsv(summary),
      contentType: "text/csv; charset=utf-8",
    },
    {
      name: "digest.html",
      body: digestHtml(summary, context),
      contentType: "text/html; charset=utf-8",
    },
    {
      name: "digest.txt",
      body: digestText(summary, context),
      contentType: "text/plain; charset=utf-8",
    },
    {
      name: "summary.json",
      body: `${JSON.stringify(summary, null, 2)}\n`,
      contentType: "application/json",
    },
  ];
}

export type DigestFile = {
  readonly name: string;
  readonly body: string;
  readonly contentType: string;
};
