import * as z from "zod";
import { PageError } from "../../http/page-error.ts";
import { parseJson } from "../../http/parse-json.ts";

/** A SuiteQL answer: values as text, without nulls. An incomplete answer is a {@link PageError}. */
export type SuiteqlPage = {
  readonly rows: readonly Row[];
  /** False where NetSuite does not say. */
  readonly hasMore: boolean;
  readonly totalResults: number | null;
};

/** Column names in lower case; a column that is null has no key. */
export type Row = Readonly<Record<string, string>>;

export function suiteqlPage(text: string, what: string): SuiteqlPage {
  const read = pageSchema.safeParse(parseJson(text, what));
  if (!read.success) {
    const where = read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new PageError(what, `JSON without a SuiteQL result (${where.slice(0, 3).join("; ")})`);
  }
  if (read.data["o:errorDetails"] !== undefined) {
    throw new PageError(what, "rows together with an error");
  }
  const { items, count, hasMore = false, totalResults = null } = read.data;
  if (count !== undefined && count !== items.length) {
    throw new PageError(what, `${items.length} items under a count of ${count}: it was cut off`);
  }
  return { rows: items.map(row), hasMore, totalResults };
}

function row(item: Record<string, unknown>): Row {
  const texts: [string, string][] = [];
  for (const [name, value] of Object.entries(item)) {
    const asString = asText(value);
    if (asString !== null && asString !== "") texts.push([name.toLowerCase(), asString]);
  }
  return Object.fromEntries(texts);
}

/** NetSuite sends numbers as text; a number too long for a double is marked and refused later. */
function asText(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "T" : "F";
  if (typeof value !== "number") return null;
  const digits = String(value);
  return digits.replace(/\D/g, "").length > 15 ? `${digits} (not exact)` : digits;
}

const wholeNumber = z.coerce.number().int().min(0);

const pageSchema = z.object({
  items: z.array(z.record(z.string(), z.unknown()), { error: "wanted an array of items" }),
  count: wholeNumber.optional(),
  hasMore: z.boolean().optional(),
  totalResults: wholeNumber.nullish(),
  "o:errorDetails": z.unknown().optional(),
});
