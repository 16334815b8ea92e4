import * as z from "zod";
import { canonicalAmount, isCurrency, NotAnAmount } from "../../../refund/money/money.ts";

/**
 * Shopify's refund as its API sends it, checked field by field.
 *
 * The result has amounts in canonical form, instants in UTC with milliseconds, and only the last
 * part of a global id. An unknown enum value is kept as text; the code that uses it decides what it
 * means.
 */
export type ShopifyRefund = z.output<typeof refundSchema>;
export type ShopifyTransaction = ShopifyRefund["transactions"]["nodes"][number];
export type ShopifyLine = ShopifyRefund["refundLineItems"]["nodes"][number];
export type Bag = z.output<typeof bag>;

const instant = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
    "wanted an instant such as 2026-11-22T10:00:00Z",
  )
  .refine((text) => isOfTheCalendar(text), "is no instant of the calendar")
  .transform((text) => new Date(text).toISOString());

/** "gid://shopify/Refund/123" becomes "123"; Shopify's parameters after a "?" are removed. */
const gid = z
  .string()
  .regex(/^gid:\/\/shopify\/\w+\/[\w-]+/, "wanted an id such as gid://shopify/Refund/1")
  .transform((text) => text.replace(/^gid:\/\/shopify\/\w+\//, "").replace(/\?.*$/, ""));

/** Shopify sends UnsignedInt64 as text, because it may be too large for a number. */
const legacyId = z.union([
  z.string().regex(/^\d{1,20}$/, "wanted a numeric id"),
  z.int().nonnegative().transform(String),
]);

const money = z
  .object({
    amount: z.string(),
    currencyCode: z
      .string()
      .regex(/^[A-Z]{3,4}$/)
      // Shopify has a code of four letters for a stablecoin. ISO 4217 gives no number of digits for
      // it, so its amounts cannot be read.
      .refine(isCurrency, "is not a currency of ISO 4217"),
  })
  .transform(({ amount, currencyCode }, context) => {
    try {
      return { amount: canonicalAmount(amount, currencyCode), currency: currencyCode };
    } catch (error) {
      if (!(error instanceof NotAnAmount)) throw error;
      context.addIssue({ code: "custom", path: ["amount"], message: error.message });
      return z.NEVER;
    }
  });

const bag = z.object({ shopMoney: money, presentmentMoney: money });
const named = z.object({ name: z.string() }).nullish();
const person = z.object({ id: gid }).nullish();

const line = z.object({
  quantity: z.int().nonnegative(),
  restockType: z.string().nullish(),
  location: named,
  subtotalSet: bag,
  totalTaxSet: bag,
  lineItem: z.object({
    id: gid,
    sku: z.string().nullish(),
    quantity: z.int().nonnegative(),
    isGiftCard: z.boolean(),
    originalUnitPriceSet: bag,
    discountAllocations: z.array(
      z.object({
        allocatedAmountSet: bag,
        discountApplication: z.object({ kind: z.string() }),
      }),
    ),
  }),
});

const transaction = z
  .object({
    id: gid,
    kind: z.string(),
    status: z.string(),
    test: z.boolean(),
    gateway: z.string().nullish(),
    formattedGateway: z.string().nullish(),
    manualPaymentGateway: z.boolean(),
    paymentId: z.string().nullish(),
    processedAt: instant.nullish(),
    amountSet: bag,
    amountRoundingSet: bag.nullish(),
    parentTransaction: z.object({ paymentId: z.string().nullish() }).nullish(),
    location: named,
    user: person,
  })
  .refine(
    ({ kind, amountSet }) => kind !== "REFUND" || !amountSet.shopMoney.amount.startsWith("-"),
    {
      path: ["amountSet"],
      error: "a refund with a negative amount",
    },
  );

export const agreementSchema = z.object({
  app: z.object({ title: z.string() }).nullish(),
  user: person,
  refund: z.object({ id: gid }).nullish(),
});

export const refundSchema = z.object({
  id: gid,
  legacyResourceId: legacyId,
  createdAt: instant.nullish(),
  processedAt: instant,
  updatedAt: instant,
  note: z.string().nullish(),
  staffMember: person,
  return: z.object({ id: gid, status: z.string() }).nullish(),
  totalRefundedSet: bag.nullish(),
  duties: z.array(z.object({ amountSet: bag })).nullish(),
  order: z.object({
    id: gid,
    legacyResourceId: legacyId,
    name: z.string().min(1),
    createdAt: instant,
    test: z.boolean(),
    edited: z.boolean(),
    taxesIncluded: z.boolean(),
    currencyCode: z.string(),
    presentmentCurrencyCode: z.string(),
    sourceName: z.string().nullish(),
    discountCodes: z.array(z.string()),
    retailLocation: named,
    agreements: z.object({ nodes: z.array(agreementSchema) }).nullish(),
  }),
  refundLineItems: whole(line),
  refundShippingLines: whole(z.object({ subtotalAmountSet: bag, taxAmountSet: bag })),
  orderAdjustments: whole(
    z.object({ reason: z.string().nullish(), amountSet: bag, taxAmountSet: bag }),
  ),
  transactions: whole(transaction),
});

/** A list that was read to its end: in an incomplete list, amounts may be missing. */
function whole<Node extends z.ZodType>(node: Node) {
  return z.object({
    nodes: z.array(node),
    pageInfo: z.object({ hasNextPage: z.literal(false, "wanted a list that is read to its end") }),
  });
}

/** A page of any connection; its records are not parsed yet. */
export const connectionSchema = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  nodes: z.array(z.unknown()),
});

/** Money that moved; what goes back to the buyer is negative. */
export const tenderSchema = z.object({
  id: gid,
  amount: money,
  processedAt: instant,
  test: z.boolean(),
  order: z.object({ id: gid, name: z.string() }).nullish(),
});

/** An order of the first phase; its refunds are parsed one by one: one error affects no others. */
export const changedOrderSchema = z.object({
  id: gid,
  name: z.string().min(1),
  updatedAt: instant,
  test: z.boolean(),
  refunds: z.array(z.unknown()),
});

export const orderIdSchema = z.object({ id: gid });

/** A refund in the first phase: its change time and its total identify a version. */
export const listedRefundSchema = z.object({
  id: gid,
  updatedAt: instant.nullish(),
  totalRefundedSet: z.object({ shopMoney: z.object({ amount: z.string() }) }).nullish(),
});

export const countSchema = z.object({ count: z.int().nonnegative(), precision: z.string() });

/** A day that exists, in a year that has four digits in UTC: other years do not sort as text. */
function isOfTheCalendar(text: string): boolean {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return false;
  const [year = "", month = "", day = ""] = text.slice(0, 10).split("-");
  const isDay = Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return isDay && /^\d{4}-/.test(at.toISOString());
}
