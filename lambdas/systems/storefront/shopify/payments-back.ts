import type { PaymentBack } from "../../../refund/observation/payments-back.ts";
import { PageError } from "../../http/page-error.ts";
import type { PaymentsBack, Window } from "../../source.ts";
import { QuestionFailed, type ShopifyGraphql } from "./client.ts";
import { problems } from "../../problems.ts";
import { connectionSchema, tenderSchema } from "./page.ts";
import { TENDER_TRANSACTIONS } from "./query.ts";

/**
 * The payments that went back to buyers in the window, from Shopify's tender transactions: money
 * that really moved, by time and not by order. A negative amount is money that goes back. Tests are
 * left out.
 *
 * Source: Shopify Admin API 2026-07, `tenderTransactions`.
 *
 * @returns null when the shop refuses this list, or answers with something else
 */
export async function paymentsBack(
  graphql: ShopifyGraphql,
  where: string,
  window: Window,
): Promise<PaymentsBack | null> {
  try {
    return await readTenders(graphql, where, window);
  } catch (error) {
    if (error instanceof QuestionFailed || error instanceof PageError) return null;
    throw error;
  }
}

async function readTenders(
  graphql: ShopifyGraphql,
  where: string,
  { since, until }: Window,
): Promise<PaymentsBack> {
  const query = `processed_at:>='${since}' AND processed_at:<'${until}'`;
  const what = `${where} tender transactions`;
  const payments: PaymentBack[] = [];
  let unreadable = 0;
  let after: string | null = null;
  do {
    const { data } = await graphql.ask("TenderTransactions", TENDER_TRANSACTIONS, { query, after });
    const page = connectionSchema.safeParse(data["tenderTransactions"]);
    if (!page.success) throw new PageError(what, `no page: ${problems(page.error)}`);
    for (const node of page.data.nodes) {
      const tender = tenderSchema.safeParse(node);
      if (!tender.success) unreadable += 1;
      else payments.push(...paymentOf(tender.data, { since, until }));
    }
    const next: string | null = page.data.pageInfo.endCursor ?? null;
    const goesOn = page.data.pageInfo.hasNextPage;
    if (goesOn && (next === null || next === after)) {
      throw new PageError(what, "a next page without a new cursor");
    }
    after = goesOn ? next : null;
  } while (after !== null);
  return { payments, unreadable };
}

function paymentOf(
  { id, amount: { amount, currency }, processedAt, test, order }: Tender,
  { since, until }: Window,
): PaymentBack[] {
  const isBack = amount.startsWith("-") && /[1-9]/.test(amount);
  if (test || !isBack || processedAt < since || processedAt >= until) return [];
  return [
    {
      paymentId: id,
      orderId: order?.id ?? null,
      orderNumber: order?.name ?? null,
      amount: amount.slice(1),
      currency,
      at: processedAt,
    },
  ];
}

type Tender = ReturnType<typeof tenderSchema.parse>;
