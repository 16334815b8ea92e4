import type { StorefrontRefund } from "../../../refund/observation/observation.ts";
import type { RejectedRecord } from "../../source.ts";
import { describeError, type PartialError } from "./client.ts";
import { problems } from "../../problems.ts";
import { refundSchema } from "./page.ts";
import type { ShopifyRefund } from "./page.ts";
import { isOnlyTest, type Scope, storefrontRefund } from "./refund.ts";
import type { DetailRecord } from "./rest-of-refund.ts";

/**
 * Parses each received refund separately: it is taken, rejected with a reason, or skipped and
 * counted under a name.
 *
 * If a missing scope hides people or places, those values are unknown and the refund is still
 * taken. An error in any other field rejects the refund, because a missing amount must not count as
 * zero.
 */
export function readDetails(
  { raw, records }: { readonly raw: readonly string[]; readonly records: readonly DetailRecord[] },
  settings: Omit<Scope, "staffVisible">,
): ReadRefunds {
  const observations: StorefrontRefund[] = [];
  const rejected: RejectedRecord[] = [];
  const unfound: string[] = [];
  const skipped: Record<string, number> = {};
  for (const detail of records) {
    const outcome = readDetail(detail, settings);
    switch (outcome.kind) {
      case "taken":
        observations.push(outcome.refund);
        break;
      case "left_out":
        skipped[outcome.name] = (skipped[outcome.name] ?? 0) + 1;
        break;
      case "set_apart":
        rejected.push({
          id: detail.id,
          ...(!isRefundId(detail.id) && { again: null }),
          reason: outcome.reason,
          raw: JSON.stringify(detail.record ?? { id: detail.id }),
        });
        break;
      case "unfound":
        unfound.push(detail.id);
    }
  }
  return { raw, observations, rejected, skipped, unfound };
}

export type ReadRefunds = {
  readonly raw: readonly string[];
  readonly observations: readonly StorefrontRefund[];
  readonly rejected: readonly RejectedRecord[];
  readonly skipped: Readonly<Record<string, number>>;
  /** Ids for which Shopify gave neither a refund nor an error. */
  readonly unfound: readonly string[];
};

/** Whether Shopify can be asked for this id: its refund ids are whole numbers. */
export function isRefundId(id: string): boolean {
  return /^\d{1,20}$/.test(id);
}

type Outcome =
  | { readonly kind: "taken"; readonly refund: StorefrontRefund }
  | { readonly kind: "left_out"; readonly name: "test_order" | "test_transaction" }
  | { readonly kind: "set_apart"; readonly reason: string }
  | { readonly kind: "unfound" };

function readDetail(
  { record, errors }: DetailRecord,
  settings: Omit<Scope, "staffVisible">,
): Outcome {
  const fatalError = errors.find((error) => !isOnlyHidden(error));
  if (fatalError !== undefined) return { kind: "set_apart", reason: describeError(fatalError) };
  if (record === null) return { kind: "unfound" };
  const parsed = refundSchema.safeParse(record);
  if (!parsed.success) return { kind: "set_apart", reason: problems(parsed.error) };

  const refund = parsed.data;
  if (refund.order.test) return { kind: "left_out", name: "test_order" };
  if (isOnlyTest(refund)) return { kind: "left_out", name: "test_transaction" };
  const missingPayment = missingPaymentReason(refund);
  if (missingPayment !== null) return { kind: "set_apart", reason: missingPayment };
  const staffVisible = !errors.some(({ path }) => hidden(path) !== null && isOfStaff(path));
  try {
    return { kind: "taken", refund: storefrontRefund(refund, { ...settings, staffVisible }) };
  } catch (error) {
    // An error in this record must not stop the other records of the page.
    const reason = error instanceof Error ? error.message : "could not be read";
    return { kind: "set_apart", reason };
  }
}

/** A record is incomplete if its total is not zero but it has no transaction of the kind REFUND. */
function missingPaymentReason({ totalRefundedSet, transactions }: ShopifyRefund): string | null {
  const total = totalRefundedSet?.shopMoney.amount ?? "0";
  if (transactions.nodes.some(({ kind }) => kind === "REFUND") || !/[1-9]/.test(total)) return null;
  return `transactions: wanted those of totalRefundedSet ${total}, got none of the kind REFUND`;
}

function isOnlyHidden({ code, path }: PartialError): boolean {
  return code === "ACCESS_DENIED" && hidden(path) !== null;
}

/** The last field of the path, if a missing scope may hide it; null otherwise. */
function hidden(path: PartialError["path"]): string | null {
  const field = path.at(-1);
  return typeof field === "string" && MAY_BE_HIDDEN.has(field) ? field : null;
}

/** The refund was made by the staff member or the agreement's user, not by a register's user. */
function isOfStaff(path: PartialError["path"]): boolean {
  return path.at(-1) === "staffMember" || (path.includes("agreements") && path.at(-1) === "user");
}

const MAY_BE_HIDDEN: ReadonlySet<string> = new Set([
  "staffMember",
  "user",
  "location",
  "retailLocation",
  "return",
  "app",
  "agreements",
]);
