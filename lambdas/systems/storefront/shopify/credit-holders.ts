import * as z from "zod";

import type { Log } from "../../../log.ts";
import type { StorefrontRefund } from "../../../refund/observation/observation.ts";
import { staysInTheShop } from "../../../refund/observation/tenders.ts";
import { holderOf } from "../holder.ts";
import { QuestionFailed, type ShopifyGraphql, TooExpensive } from "./client.ts";
import { CREDIT_HOLDERS } from "./query.ts";

/**
 * Adds who holds the credit, and whether the order was paid with credit, to the refunds that gave
 * store credit or a gift card back: so a credit can be followed to the order that it paid.
 *
 * Only these few orders are asked for it. The customer's number becomes a pseudonym at once, and the
 * answer is not archived. Where the app may not read customers, the credit's way stays unknown.
 */
export function creditHolders(graphql: ShopifyGraphql, shop: string, log: Log): AddHolders {
  let isHidden = false;
  const hide = (): readonly Holder[] => {
    isHidden = true;
    log({
      level: "warn",
      code: "SHOPIFY_CREDIT_NOT_FOLLOWED",
      sentence:
        "Shopify does not show whose store credit it is (scope read_customers): a credit cannot be followed to the order that it paid",
    });
    return [];
  };
  const holdersOf = async (orders: readonly string[]): Promise<readonly Holder[]> => {
    if (isHidden) return [];
    const ids = orders.map((id) => `gid://shopify/Order/${id}`);
    try {
      const answer = await graphql.ask("creditHolders", CREDIT_HOLDERS, { ids }, ids.length);
      const { nodes } = answerSchema.parse(answer.data);
      if (answer.errors.length > 0) hide();
      return nodes.flatMap((order) => (order === null ? [] : holderIn(order, shop)));
    } catch (error) {
      const isRefused = error instanceof QuestionFailed || error instanceof TooExpensive;
      if (!isRefused && !(error instanceof z.ZodError)) throw error;
      return hide();
    }
  };
  return async (refunds) => {
    const wanted = refunds.filter(({ transactions }) => transactions.some(staysInTheShop));
    const orders = [...new Set(wanted.map(({ orderId }) => orderId))];
    const known = new Map<string, Holder["shopCredit"]>();
    for (let at = 0; at < orders.length; at += AT_ONCE) {
      for (const one of await holdersOf(orders.slice(at, at + AT_ONCE))) {
        known.set(one.orderId, one.shopCredit);
      }
    }
    return refunds.map((refund) => {
      const shopCredit = known.get(refund.orderId);
      const isCredit = refund.transactions.some(staysInTheShop);
      return shopCredit === undefined || !isCredit ? refund : { ...refund, shopCredit };
    });
  };
}

export type AddHolders = (
  refunds: readonly StorefrontRefund[],
) => Promise<readonly StorefrontRefund[]>;

type Holder = {
  readonly orderId: string;
  readonly shopCredit: NonNullable<StorefrontRefund["shopCredit"]>;
};

function holderIn(order: z.output<typeof orderSchema>, shop: string): Holder[] {
  const { customer, paymentGatewayNames, legacyResourceId: orderId } = order;
  if (customer === null || customer === undefined) return [];
  const orderPaidWithIt = paymentGatewayNames.some((gateway) =>
    staysInTheShop({ gateway, method: null }),
  );
  return [{ orderId, shopCredit: { holder: holderOf(shop, customer.id), orderPaidWithIt } }];
}

const orderSchema = z.object({
  legacyResourceId: z.string(),
  paymentGatewayNames: z.array(z.string()),
  customer: z.object({ id: z.string().max(80) }).nullish(),
});
const answerSchema = z.object({ nodes: z.array(orderSchema.nullable()) });

const AT_ONCE = 50;
