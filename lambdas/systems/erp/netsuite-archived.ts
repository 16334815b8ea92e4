import type { Row } from "./netsuite-page.ts";
import { redactedRow } from "./netsuite-redact.ts";

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

  #safe(row: Row): Row {
    return redactedRow(row, this.#integrationUsers);
  }
}
