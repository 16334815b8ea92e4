import { hasMailAddress, referenceTokens } from "../redact.ts";

/**
 * The part of a row that may be stored: the fields that the product reads. Of a text that people
 * type, and of the brand's own fields, only the tokens stay that look like a reference.
 */
export function archivedFields(value: unknown, fields: ArchivedFields): unknown {
  if (Array.isArray(value)) return value.map((one) => archivedFields(one, fields));
  if (typeof value !== "object" || value === null) return value;
  const { kept, typed, own } = fields;
  const entries = Object.entries(value).filter(([name]) => kept.has(name) || own.includes(name));
  return Object.fromEntries(
    entries.map(([name, item]) => [
      name,
      typed.has(name) || own.includes(name) ? tokensIn(item) : archivedFields(item, fields),
    ]),
  );
}

export type ArchivedFields = {
  readonly kept: ReadonlySet<string>;
  /** Fields of them that people type. */
  readonly typed: ReadonlySet<string>;
  /** The brand's own fields, which may contain anything. */
  readonly own: readonly string[];
};

function tokensIn(text: unknown): unknown {
  if (typeof text !== "string") return null;
  const tokens = referenceTokens(text.includes("://") ? text : text.replaceAll("/", " "));
  return hasMailAddress(tokens) ? "" : tokens;
}
