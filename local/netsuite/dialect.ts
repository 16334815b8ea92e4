import { badRequest, type Refusal } from "./refusals.ts";

/**
 * Translates SuiteQL for the local database, or returns NetSuite's refusal of it.
 *
 * Only BUILTIN.DF must be rewritten: NetSuite finds the display text by the name of the column.
 */
export function translated(
  query: string,
  hidden: Hidden,
): { kind: "query"; text: string } | Refusal {
  const text = query.trim();
  if (!/^select\s/i.test(text) || text.includes(";")) {
    return badRequest("Invalid search query. Only a single SELECT statement is supported.");
  }
  for (const [, record = "", alias = record] of text.matchAll(FROM)) {
    const name = record.toLowerCase();
    if (hidden.records.has(name)) return recordNotFound(name);
    for (const field of hidden.fields) {
      const [owner, column = ""] = field.split(".");
      if (owner === name && new RegExp(`\\b${alias}\\.${column}\\b`, "i").test(text)) {
        return fieldNotFound(column, name);
      }
    }
  }
  return { kind: "query", text: text.replace(DISPLAY, "$1.df_$2") };
}

export type Hidden = {
  /** Records that the role cannot read, such as `deletedrecord`. */
  readonly records: ReadonlySet<string>;
  /** Fields that this account does not have, such as `transaction.source`. */
  readonly fields: ReadonlySet<string>;
};

/** NetSuite's answer when the database does not find a name; any other error is also a 400. */
export function refusalOf(error: unknown, query: string): Refusal {
  const message = error instanceof Error ? error.message : String(error);
  const relation = /relation "([^"]+)" does not exist/.exec(message)?.[1];
  if (relation !== undefined) return recordNotFound(relation);
  const [, alias = "", column] = /column "?(?:(\w+)\.)?(\w+)"? does not exist/.exec(message) ?? [];
  if (column === undefined) return badRequest(`${SEARCH_ERROR} ${message}`);
  const record = [...query.matchAll(FROM)].find(([, name, as]) => (as ?? name) === alias)?.[1];
  return fieldNotFound(column.replace(/^df_/, ""), record ?? alias);
}

function recordNotFound(record: string): Refusal {
  return badRequest(`${SEARCH_ERROR} Record '${record}' was not found.`);
}

function fieldNotFound(field: string, record: string): Refusal {
  return badRequest(`${SEARCH_ERROR} Field '${field}' for record '${record}' was not found.`);
}

const SEARCH_ERROR =
  "Invalid search query. Detailed unprocessed description follows. Search error occurred:";
const FROM = /\b(?:from|join)\s+(\w+)(?:\s+(?:as\s+)?(?!where|on|join|left|order)(\w+))?/gi;
const DISPLAY = /\bBUILTIN\.DF\(\s*(\w+)\.(\w+)\s*\)/gi;
