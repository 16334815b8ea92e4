import * as z from "zod";
import type { OracleClient } from "./client.ts";
import { accountSchema } from "./page.ts";
import { ACCOUNTS, MEMOS } from "./query.ts";

/**
 * Whether the list of credit memos leaves out memos that the accounts of some customers show. It is
 * documented for on-account memos, and not every pod lists those against an invoice too. Null where
 * nothing is left out, or where the accounts cannot be read; else what is missing, in words.
 *
 * Source: Oracle, receivablesCustomerAccountActivities and its child creditMemos.
 */
export async function hiddenMemos(client: OracleClient): Promise<string | null> {
  const accounts = await client.page(ACCOUNTS, { limit: SOME_ACCOUNTS, offset: 0 });
  if (accounts === null || accounts === "refused") return null;
  /** Some memos of each class, because a list leaves out a class as a whole. */
  const byClass = new Map<string, string[]>();
  for (const row of accounts.rows) {
    const account = accountSchema.safeParse(row).data?.AccountId;
    if (account === undefined) continue;
    const path = `${ACCOUNTS}/${account}/child/creditMemos`;
    const page = await client.page(path, { limit: ROWS_OF_ACCOUNT, offset: 0 });
    if (page === null || page === "refused") continue;
    for (const memo of page.rows.flatMap((one) => memoSchema.safeParse(one).data ?? [])) {
      const name = `${memo.TransactionClass ?? ""} ${memo.TransactionType ?? ""}`;
      const some = byClass.get(name) ?? [];
      if (some.length < SOME_OF_CLASS) byClass.set(name, [...some, memo.CreditMemoId]);
    }
  }
  const asked = [...new Set([...byClass.values()].flat())];
  let unshown = 0;
  for (const id of asked) if ((await client.one(`${MEMOS}/${id}`, {})) === null) unshown += 1;
  if (unshown === 0) return null;
  return `all credit memos: ${MEMOS} does not show ${unshown} of ${asked.length} memos that the accounts of customers show, such as those against an invoice, so their refunds look unbooked`;
}

const memoSchema = z.object({
  CreditMemoId: z.string().regex(/^[1-9]\d{0,18}$/),
  TransactionClass: z.string().nullish(),
  TransactionType: z.string().nullish(),
});
const SOME_ACCOUNTS = 25;
const ROWS_OF_ACCOUNT = 100;
const SOME_OF_CLASS = 3;
