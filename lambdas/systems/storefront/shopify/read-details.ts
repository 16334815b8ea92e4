import type { StorefrontRefund } from "../../../refund/observation/observation.ts";
import type { RejectedRecord } from "../../source.ts";
import { inOurWords, type PartialError } from "./client.ts";
import { problems, refundSchema } from "./page.ts";
import type { ShopifyRefund } from "./page.ts";
import { isOnlyTest, type Scope, storefrontRefund } from "./refund.ts";
import type { DetailRecord } from "./rest-of-refund.ts";

/**
 * Reads refunds as received, each by itself: taken, set apart with the reason, or left out by name.
 *
 * What a missing scope hides of people and places is unknown and no more; an error in any other
 * field sets the refund apart, because an amount that could not be given must not read as none.
 */
export function readDetails(
  { raw, records }: { readonly raw: readonly string[]; readonly records: readonly DetailRecord[] },
  settings: Omit<Scope, "staffVisible">,
): TakenIn {
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

export type TakenIn = {
  readonly raw: readonly string[];
  readonly observations: readonly StorefrontRefund[];
  readonly rejected: readonly RejectedRecord[];
  readonly skipped: Readonly<Record<string, number>>;
  /** Ids for which Shopify gave neither a refund nor an error. */
  readonly unfound: readonly string[];
};

/** What Shopify can be asked for: its ids of refunds are whole numbers. */
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
  const grave = errors.find((error) => !isOnlyHidden(error));
  if (grave !== undefined) return { kind: "set_apart", reason: inOurWords(grave) };
  if (record === null) return { kind: "unfound" };
  const parsed = refundSchema.safeParse(record);
  if (!parsed.success) return { kind: "set_apart", reason: problems(parsed.error) };

  const refund = parsed.data;
  if (refund.order.test) return { kind: "left_out", name: "test_order" };
  if (isOnlyTest(refund)) return { kind: "left_out", name: "test_transaction" };
  const untold = untoldPayment(refund);
  if (untold !== null) return { kind: "set_apart", reason: untold };
  const staffVisible = !errors.some(({ path }) => hidden(path) !== null && isOfStaff(path));
  try {
    return { kind: "taken", refund: storefrontRefund(refund, { ...settings, staffVisible }) };
  } catch (error) {
    // Whatever it is about this record, the rest of the page must not wait for it.
    const reason = error instanceof Error ? error.message : "could not be read";
    return { kind: "set_apart", reason };
  }
}

/** Shopify's own total says that money moved, and no transaction tells of it: the record is not whole. */
function untoldPayment({ totalRefundedSet, transactions }: ShopifyRefund): string | null {
  const total = totalRefundedSet?.shopMoney.amount ?? "0";
  if (transactions.nodes.some(({ kind }) => kind === "REFUND") || !/[1-9]/.test(total)) return null;
  return `transactions: wanted those of totalRefundedSet ${total}, got none of the kind REFUND`;
}

function isOnlyHidden({ code, path }: PartialError): boolean {
  return code === "ACCESS_DENIED" && hidden(path) !== null;
}

/** The field that may be missing, where the path ends in one. */
function hidden(path: PartialError["path"]): string | null {
  const field = path.at(-1);
  return typeof field === "string" && MAY_BE_HIDDEN.has(field) ? field : null;
}

/** A register's user is somebody else's: who made the refund is the staff member or the agreement's user. */
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
