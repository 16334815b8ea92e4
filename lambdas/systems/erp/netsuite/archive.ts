import type { RejectedRecord } from "../../source.ts";
import type { Row } from "./page.ts";
import { type Listed, redactedRow } from "./redact-row.ts";

/** The answers of one page for the archive: every row, without names and without notes. */
export class Archived {
  readonly bodies: string[] = [];
  readonly #listed: Listed;

  constructor(listed: Listed) {
    this.#listed = listed;
  }

  /** @param question headers, lines, links … */
  add(question: string, rows: readonly Row[]): void {
    if (rows.length === 0 && this.bodies.length > 0) return; // one empty answer is proof enough
    this.bodies.push(JSON.stringify({ question, items: rows.map((row) => this.#safe(row)) }));
  }

  rejected(row: Row): string {
    return JSON.stringify(this.#safe(row));
  }

  /** Rejects an unreadable row that is not a document, such as a link between two documents. */
  unreadable(question: string, row: Row): RejectedRecord {
    const reason = `a row of ${question} cannot be read: its facts about the documents are unknown`;
    return { id: null, again: null, reason, raw: this.rejected(row) };
  }

  #safe(row: Row): Row {
    return redactedRow(row, this.#listed);
  }
}
