import type { Amount } from "../../../refund/money/amount.ts";
import type { RefundTransaction } from "../../../refund/observation/observation.ts";
import { after, type Instant } from "../../../refund/time/instant.ts";
import { cashRounding } from "../cash.ts";
import type { MemoFacts } from "./facts.ts";
import type { Figures } from "./figures.ts";
import type { Transaction } from "./page.ts";

/**
 * The payments of a credit memo: one for each way by which its total went back.
 *
 * Magento states no outcome of a payment. A memo with a transaction of the payment provider was paid
 * by it. A memo of an offline method (a bank transfer, a cheque) was paid by hand. For any other
 * offline memo nobody asked the provider, so whether money moved is unknown; after a week it counts
 * as paid, because the shop says so. It is also unknown where the transactions may not be read: only
 * they tell when it was paid.
 *
 * @param other the figures in the order's currency, where the website keeps its books in another one
 */
export function paymentsOf(
  facts: MemoFacts,
  { own, other }: { readonly own: Figures; readonly other: Figures | null },
  { smallestCoin, now }: { readonly smallestCoin: Amount | null; readonly now: Instant },
): readonly RefundTransaction[] {
  const { memo, order } = facts;
  const transaction = transactionOf(facts);
  const reference = memo.transaction_id ?? transaction?.txn_id ?? null;
  const isOnline = reference !== null;
  const method = order.payment?.toLowerCase() ?? null;
  const toBalance = !isOnline && wentToBalance(facts);
  const made = memo.state === CANCELED ? null : (transaction?.created_at ?? memo.created_at);
  const zero = own.ways.main.minus(own.ways.main).toString();
  const way = (name: keyof Figures["ways"], one: Way): RefundTransaction[] => {
    const amount = own.ways[name];
    if (amount.isZero()) return [];
    return [
      {
        id: `${memo.entity_id}-${name}`,
        gateway: one.gateway,
        method: one.method,
        manual: one.manual,
        status: statusOf(memo.state, one.status),
        amount: amount.toString(),
        presentmentAmount: other?.ways[name].toString() ?? null,
        rounding: one.isCash ? cashRounding(amount, smallestCoin).toString() : zero,
        references: one.references,
        processedAt: memo.state === OPEN ? null : made,
        location: null,
        user: null,
      },
    ];
  };
  const isByHand = method !== null && (OFFLINE_METHODS.has(method) || isCash(method));
  const isTold = isOnline && facts.transactions !== null;
  const isOld = after(memo.created_at, WEEK_MS) <= now;
  return [
    ...way("main", {
      gateway: toBalance ? BALANCE : method,
      method: toBalance ? STORE_CREDIT : method,
      manual: !isOnline && !toBalance,
      status: isTold || toBalance || (isByHand && !isOnline) || isOld ? "success" : "unknown",
      references: reference === null ? [] : [reference],
      isCash: isCash(method),
    }),
    ...way("balance", { ...IN_SHOP, gateway: BALANCE, method: STORE_CREDIT }),
    ...way("giftCards", { ...IN_SHOP, gateway: "giftcardaccount", method: "gift card" }),
  ];
}

type Way = Pick<RefundTransaction, "gateway" | "method" | "manual" | "status" | "references"> & {
  readonly isCash: boolean;
};

const IN_SHOP = { manual: false, status: "success", references: [], isCash: false } as const;
const BALANCE = "customerbalance";
const STORE_CREDIT = "store credit";

/**
 * The refund at the provider that belongs to this memo. A memo of the same order made in the same
 * minutes names its own; only one that names none may take a row that no memo names.
 */
function transactionOf({ memo, transactions }: MemoFacts): Transaction | null {
  const refunds = (transactions ?? []).filter(({ txn_type: type }) => type === "refund");
  const named = refunds.find(({ txn_id: id }) => id !== null && id === memo.transaction_id);
  if (named !== undefined || memo.transaction_id !== null) return named ?? null;
  const near = refunds.filter(
    ({ created_at: at }) =>
      at >= after(memo.created_at, -NEAR_MS) && at <= after(memo.created_at, NEAR_MS),
  );
  return near.length === 1 ? (near[0] ?? null) : null;
}

/** All that was refunded of the order went to the buyer's store credit (Adobe Commerce). */
function wentToBalance({ memo, order }: MemoFacts): boolean {
  const credited = order.extension_attributes.customer_balance_total_refunded;
  if (credited === null || !/[1-9]/.test(credited)) return false;
  return [memo.grand_total, order.total_refunded].some(
    (amount) => amount !== null && Number(amount) === Number(credited),
  );
}

function statusOf(
  state: string | null,
  otherwise: RefundTransaction["status"],
): RefundTransaction["status"] {
  if (state === CANCELED) return "failure";
  return state === OPEN ? "pending" : otherwise;
}

function isCash(method: string | null): boolean {
  return method !== null && CASH.test(method);
}

/** `Creditmemo::STATE_OPEN` and `STATE_CANCELED`; 2 is refunded. */
const OPEN = "1";
const CANCELED = "3";
/** Methods of Magento without a provider. */
const OFFLINE_METHODS: ReadonlySet<string> = new Set([
  "checkmo",
  "banktransfer",
  "cashondelivery",
  "purchaseorder",
  "companycredit",
  "free",
]);
const CASH = /cash/;
const NEAR_MS = 2 * 60_000;
const WEEK_MS = 7 * 86_400_000;
