import * as z from "zod";
import { type Hidden, refusalOf, translated } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import { badRequest } from "./refusals.ts";

/** Answers a SuiteQL request like NetSuite: only texts, no nulls, at most 1000 rows per page. */
export async function answerTo(
  request: { readonly url: string; readonly prefer: string; readonly body: string },
  { engine, hidden, now }: { engine: Engine; hidden: Hidden; now: string },
): Promise<Answer> {
  if (!/\btransient\b/.test(request.prefer)) {
    return badRequest("The Prefer header is required and must have the value 'transient'.");
  }
  const page = pageSchema.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!page.success) return badRequest("Invalid limit or offset: limit is 1 to 1000.");
  const { limit, offset } = page.data;
  if (offset >= MOST_RESULTS) return badRequest("A query returns at most 100000 results.");
  const read = bodySchema.safeParse(request.body);
  if (!read.success) return badRequest('Invalid body: wanted {"q": "SELECT ..."}.');

  const query = translated(read.data.q, hidden);
  if (query.kind === "refusal") return query;
  try {
    const rows = await engine.run(`${query.text} LIMIT ${limit} OFFSET ${offset}`, now);
    // A page that is not full is the last page, unless it begins after the last row.
    const isCounted = rows.length < limit && (rows.length > 0 || offset === 0);
    const total = isCounted ? offset + rows.length : await countOf(query.text, engine, now);
    const totalResults = Math.min(total, MOST_RESULTS);
    const items = rows.map((row) => ({ links: [], ...withoutNulls(row) }));
    const hasMore = offset + items.length < totalResults;
    const body = { links: [], count: items.length, hasMore, items, offset, totalResults };
    return { status: 200, body: JSON.stringify(body) };
  } catch (error) {
    return refusalOf(error, read.data.q);
  }
}

async function countOf(text: string, engine: Engine, now: string): Promise<number> {
  const counted = await engine.run(`SELECT count(*) AS n FROM (${text}) AS asked`, now);
  return Number(counted[0]?.["n"] ?? 0);
}

export type Answer = { readonly status: number; readonly body: string };

function withoutNulls(row: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

const MOST_RESULTS = 100_000;

const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
  offset: z.coerce.number().int().min(0).default(0),
});

const bodySchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue("not JSON");
      return z.NEVER;
    }
  })
  .pipe(z.object({ q: z.string().min(1) }));
