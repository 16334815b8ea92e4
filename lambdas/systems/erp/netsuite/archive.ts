import type { RejectedRecord } from "../../source.ts";
import type { Row } from "./page.ts";
import { redactedRow } from "./redact-row.ts";

/** The answers of one page as they may be kept: every row, without names and without notes. */
export class Archived {
  readonly bodies: string[] = [];
  readonly #integrationUsers: readonly string[];

  constructor(integrationUsers: readonly string[]) {
    this.#integrationUsers = integrationUsers;
  }

  /** @param question headers, lines, links … */
  add(question: string, rows: readonly Row[]): void {
    if (rows.length === 0 && this.bodies.length > 0) return; // one empty answer proves as much as five
    this.bodies.push(JSON.stringify({ question, items: rows.map((row) => this.#safe(row)) }));
  }

  rejected(row: Row): string {
    return JSON.stringify(this.#safe(row));
  }

  /** A row that is no document, such as a link between two, and that cannot be read. */
  unreadable(question: string, row: Row): RejectedRecord {
    const reason = `a row of ${question} cannot be read: what it says of its documents is not known`;
    return { id: null, again: null, reason, raw: this.rejected(row) };
  }

  #safe(row: Row): Row {
    return redactedRow(row, this.#integrationUsers);
  }
}
