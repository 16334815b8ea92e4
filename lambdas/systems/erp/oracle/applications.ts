import { groupBy } from "../../../refund/collections/group-by.ts";
import { canonicalAmount, isCurrency, Money } from "../../../refund/money/money.ts";
import { after } from "../../../refund/time/instant.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import type { ErpDocument } from "../../../refund/observation/observation.ts";
import type { OracleClient } from "./client.ts";
import {
  accountSchema,
  type ApplicationRow,
  applicationSchema,
  invoiceSchema,
  type MemoRow,
} from "./page.ts";
import { ACCOUNTS, INVOICES } from "./query.ts";

/**
 * What credit memos were used for, read from the account of each customer: the invoices that they
 * were applied to, and the refunds that were paid out.
 *
 * A memo against an invoice may name its order nowhere but on that invoice.
 *
 * A refund of an on-account memo is an application with a payment method, and its reference is the
 * payables invoice that was made for it.
 *
 * Source: Oracle, receivablesCustomerAccountActivities and its child creditMemoApplications.
 */
export function applicationReader(client: OracleClient): ApplicationReader {
  const ids = new Map<string, string | null>();

  const accountOf = async (number: string): Promise<string | null> => {
    const known = ids.get(number);
    if (known !== undefined) return known;
    const id = await find(number);
    ids.set(number, id);
    return id;
  };

  /** A finder is documented; a pod that does not have it is asked by `q`. */
  const find = async (number: string): Promise<string | null> => {
    const named = { finder: `CustomerAccountActivitiesFinder;AccountNumber=${number}`, limit: 5 };
    const searched = { q: `AccountNumber = "${number.replaceAll('"', "")}"`, limit: 5 };
    for (const query of client.isAbsent(FINDER) ? [searched] : [named, searched]) {
      const page = await client.page(ACCOUNTS, query);
      if (page === null) return null;
      if (page === "refused") {
        if (query === named) client.noteAbsent(FINDER, NO_FINDER);
        continue;
      }
      const accounts = page.rows.flatMap((row) => accountSchema.safeParse(row).data ?? []);
      return accounts.find((one) => one.AccountNumber === number)?.AccountId ?? null;
    }
    return null;
  };

  /** The orders that an invoice names. */
  const ordersOn = async (invoice: string): Promise<readonly string[]> => {
    const read = invoiceSchema.safeParse(await client.oneIfAllowed(`${INVOICES}/${invoice}`));
    return [read.data?.PurchaseOrder, read.data?.CrossReference].flatMap((one) => one ?? []);
  };

  /** The applications of these memos, which belong to one account. */
  const applicationsOf = async (
    account: string,
    memoIds: readonly string[],
  ): Promise<readonly unknown[]> => {
    const path = `${ACCOUNTS}/${account}/child/creditMemoApplications`;
    const rows: unknown[] = [];
    for (let at = 0; at < memoIds.length && !client.isAbsent(BY_MEMO); at += IDS_AT_ONCE) {
      const some = memoIds.slice(at, at + IDS_AT_ONCE);
      const q = some.map((id) => `CreditMemoId = ${id}`).join(" or ");
      const page = await client.allIfAccepted(path, { q });
      if (page === null) return [];
      if (page === "refused") client.noteAbsent(BY_MEMO, NO_SEARCH_BY_MEMO);
      else rows.push(...page);
    }
    return client.isAbsent(BY_MEMO) ? ((await client.all(path, {})) ?? []) : rows;
  };

  return async (memos) => {
    // A payout that was taken back leaves the whole balance, so all memos are asked for where that
    // costs little.
    const customers = new Set(memos.map((memo) => memo.BillToCustomerNumber));
    const used = customers.size <= FEW_CUSTOMERS ? memos : memos.filter(isUsed);
    const byCustomer = groupBy(used, (memo) => [memo.BillToCustomerNumber ?? ""]);
    const byMemo = new Map<string, ApplicationRow[]>();
    for (const [number, some] of byCustomer) {
      const account = number === "" ? null : await accountOf(number);
      if (account === null) continue;
      const memoIds = some.map((memo) => memo.CustomerTransactionId);
      for (const row of await applicationsOf(account, memoIds)) {
        const read = applicationSchema.safeParse(row).data;
        const id = read?.CreditMemoId;
        if (read === undefined || id === null || id === undefined) continue;
        byMemo.set(id, [...(byMemo.get(id) ?? []), read]);
      }
    }
    const ordersOf = new Map<string, readonly string[]>();
    for (const memo of used) {
      const rows = byMemo.get(memo.CustomerTransactionId) ?? [];
      // A memo that names its order itself needs no invoice for it.
      if (memo.PurchaseOrder !== null || memo.CrossReference !== null) continue;
      for (const invoice of invoicesIn(rows)) {
        ordersOf.set(invoice, ordersOf.get(invoice) ?? (await ordersOn(invoice)));
      }
    }
    return (memo) => {
      const rows = byMemo.get(memo.CustomerTransactionId) ?? [];
      const orders = invoicesIn(rows).flatMap((invoice) => ordersOf.get(invoice) ?? []);
      return { ...appliedOf(rows, memo), orders: [...new Set(orders)] };
    };
  };
}

/** Returns, for some memos at once, how each one was used. */
export type ApplicationReader = (memos: readonly MemoRow[]) => Promise<(memo: MemoRow) => Applied>;

export type Applied = {
  /** Numbers of the invoices. */
  readonly invoices: readonly string[];
  /** What these invoices name as their order, where the memo itself names none. */
  readonly orders: readonly string[];
  readonly payout: ErpDocument["settlement"];
  /** All of the memo was used. */
  readonly isWhole: boolean;
};

type Used = Omit<Applied, "orders">;

/** Only a memo whose balance is not its whole amount was used for something. */
function isUsed({ TransactionBalanceDue: balance, EnteredAmount: total }: MemoRow): boolean {
  return balance !== null && Number(balance) !== Number(total);
}

function appliedOf(rows: readonly ApplicationRow[], memo: MemoRow): Used {
  const currency = memo.CreditMemoCurrency.trim();
  const live = rows.filter(isLive);
  const payouts = live.filter(isPayout).flatMap((row) => {
    const id = row.ApplicationReferenceId ?? row.ApplicationReferenceNumber ?? row.ApplicationId;
    const amount = amountIn(row, currency);
    return id === null || id === undefined || amount === null
      ? []
      : [{ id, amount, at: row.ApplicationDate ?? "" }];
  });
  // A payout that was taken back is kept with an amount of zero: the memo was paid once.
  const takenBack = rows.find((row) => !isLive(row) && isPayout(row));
  const taken = takenBack?.ApplicationReferenceId ?? takenBack?.ApplicationReferenceNumber ?? null;
  const [newest, ...older] = payouts.toSorted((one, other) => (one.at < other.at ? 1 : -1));
  const invoices = live.flatMap((row) =>
    isPayout(row) ? [] : (row.ReferenceTransactionNumber ?? []),
  );
  if (newest === undefined) {
    const payout = taken === null ? null : { documentId: taken, amount: zeroIn(currency) };
    return { invoices: [...new Set(invoices)], payout, isWhole: false };
  }
  const amount = Money.sum(
    payouts.map((one) => one.amount),
    currency,
  );
  const whole = amountOf(memo.EnteredAmount, currency);
  return {
    invoices: [...new Set(invoices)],
    payout: {
      documentId: newest.id,
      amount: amount.toString(),
      ...(older.length > 0 && { olderIds: older.map(({ id }) => id) }),
      ...(newest.at !== "" && { at: endOfDayAnywhere(newest.at) }),
    },
    isWhole: whole !== null && amount.equals(whole),
  };
}

/** Oracle states only the day of a payout: it was made by the end of that day in every zone. */
function endOfDayAnywhere(day: string): Instant {
  return after(`${day}T00:00:00.000Z`, 36 * 3_600_000);
}

/** Ids of the invoices that a memo was applied to. */
function invoicesIn(rows: readonly ApplicationRow[]): readonly string[] {
  const ids = rows
    .filter((row) => isLive(row) && !isPayout(row))
    .flatMap((row) => row.ReferenceTransactionId ?? []);
  return [...new Set(ids)].filter((id) => /^[1-9]\d{0,18}$/.test(id));
}

function isLive({ ApplicationStatus: status }: ApplicationRow): boolean {
  return !/revers|unappl/i.test(status ?? "");
}

function isPayout(row: ApplicationRow): boolean {
  if (row.RefundPaymentMethodCode !== null) return true;
  return row.ReferenceTransactionId === null && row.ApplicationReferenceNumber !== null;
}

function amountIn(row: ApplicationRow, currency: string): Money | null {
  return row.ApplicationAmount === null ? null : amountOf(row.ApplicationAmount, currency);
}

/** Null where the amount is no amount of this currency: then nothing is said about it. */
function amountOf(text: string, currency: string): Money | null {
  try {
    return Money.of(canonicalAmount(text, currency), currency).absolute();
  } catch {
    return null;
  }
}

function zeroIn(currency: string): string {
  return isCurrency(currency) ? Money.zero(currency).toString() : "0";
}

const IDS_AT_ONCE = 20;
const FEW_CUSTOMERS = 5;
const BY_MEMO = "creditMemoApplications.CreditMemoId";
const NO_SEARCH_BY_MEMO =
  "Oracle cannot search the applications of an account by CreditMemoId: all of the account are read";
const FINDER = "CustomerAccountActivitiesFinder";
const NO_FINDER = "Oracle does not have the finder of customer accounts: they are searched by q";
