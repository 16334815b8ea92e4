import { CASH, GIFT_CARDS, POS_APP, type Shop } from "./shop.ts";
import { iso } from "./erp/documents.ts";
import type { LifeOrder, LifeRefund } from "./life.ts";
import { amountText } from "./minor.ts";
import { counter } from "./population.ts";
import type { LifeOptions } from "./options.ts";
import type { Random } from "./random.ts";
import type { Sale, Story, StoryPayment } from "./story.ts";

/** Orders and refunds in the storefront's own form. */
export function toStorefront(
  sales: readonly Sale[],
  stories: readonly Story[],
  world: { shop: Shop; toMs: number; random: Random; options: LifeOptions },
): { orders: LifeOrder[]; refunds: LifeRefund[] } {
  const dice = world.random.fork("storefront ids");
  const ids = {
    transaction: counter(dice.int(6_800_000_000_000, 8_100_000_000_000), dice),
    line: counter(dice.int(610_000_000_000, 790_000_000_000), dice, 4_096),
    payment: counter(dice.int(210_000_000, 990_000_000), dice, 17),
  };
  const reference = (sale: Sale) => `${sale.orderId.slice(-5)}${ids.payment()}.1`;
  const orders = sales.map((sale) => orderOf(sale, world, ids.transaction(), reference(sale)));
  const refunds = stories.map((story) => refundOf(story, world, ids, reference));
  return { orders, refunds };
}

function orderOf(
  sale: Sale,
  { shop, toMs, options }: { shop: Shop; toMs: number; options: LifeOptions },
  transactionId: string,
  paymentId: string,
): LifeOrder {
  const money = (amount: number) => amountText(amount, shop.digits);
  const hidden = new Set(options.hideFeatures);
  const appTitle = {
    web: "Online Store",
    pos: POS_APP.title,
    draft: "Draft Orders",
    marketplace: sale.app?.title ?? null,
  }[sale.channel];
  return {
    orderId: sale.orderId,
    number: sale.number,
    name: `#${sale.number}`,
    createdAt: iso(sale.at),
    touchedAt: sale.touched.filter((at) => at < toMs && at > sale.at).map(iso),
    sourceName: sourceName(sale),
    appTitle,
    retailLocation: hidden.has("retailLocation") ? null : (sale.store?.place ?? null),
    currency: shop.currency,
    presentmentCurrency: sale.presentment?.code ?? shop.currency,
    presentmentRate: sale.presentment === null ? "1" : amountText(sale.presentment.rate, 6),
    taxesIncluded: shop.taxesIncluded,
    test: sale.test,
    edited: sale.edited,
    lines: sale.lines.map((line) => ({
      lineId: line.lineId,
      sku: line.product.sku,
      title: line.product.title,
      quantity: line.quantity,
      unitPrice: money(line.unitPrice),
      discounts: line.discounts.map(({ kind, label, amount }) => ({
        kind,
        label,
        amount: money(amount),
      })),
      tax: money(line.tax),
      taxRate: amountText(line.product.category === GIFT_CARDS ? 0 : sale.taxRate, 5),
      giftCard: line.product.category === GIFT_CARDS,
    })),
    shipping:
      sale.shipping === null
        ? null
        : {
            title: sale.shipping.title,
            amount: money(sale.shipping.amount),
            tax: money(sale.shipping.tax),
          },
    discountCodes: sale.codes,
    customer: sale.customer,
    payment: {
      transactionId,
      gateway: sale.gateway.name,
      formattedGateway: sale.gateway.formatted,
      manual: sale.gateway.manual,
      paymentId,
      amount: money(sale.total),
    },
  };
}

function sourceName(sale: Sale): string {
  if (sale.channel === "marketplace") return sale.app?.id ?? "marketplace";
  return sale.channel === "draft" ? "shopify_draft_order" : sale.channel;
}

function refundOf(
  story: Story,
  { shop, toMs, options }: { shop: Shop; toMs: number; options: LifeOptions },
  ids: { transaction: () => string; line: () => string },
  reference: (sale: Sale) => string,
): LifeRefund {
  const money = (amount: number) => amountText(amount, shop.digits);
  const hidden = new Set(options.hideFeatures);
  const { sale } = story;
  const staff = hidden.has("staff") ? null : story.staff;
  const location = (place: Story["place"]) => (hidden.has("location") ? null : place);
  return {
    refundId: story.refundId,
    orderId: sale.orderId,
    createdAt: iso(story.at),
    processedAt: iso(story.at),
    lines: story.lines.map((line) => ({
      id: ids.line(),
      lineId: line.line.lineId,
      quantity: line.quantity,
      subtotal: money(line.subtotal),
      tax: money(line.tax),
      restockType: line.restock,
      location: location(line.location),
    })),
    shipping:
      story.shipping === null
        ? null
        : { amount: money(story.shipping.amount), tax: money(story.shipping.tax) },
    adjustments: story.adjustments.map(({ reason, amount }) => ({
      id: ids.line(),
      reason,
      amount: money(amount),
      tax: money(0),
    })),
    duties: money(story.duties),
    transactions: story.payments.map((payment) => ({
      transactionId: ids.transaction(),
      gateway: payment.gateway.name,
      formattedGateway: payment.gateway.formatted,
      manual: payment.gateway.manual,
      paymentId: reference(sale),
      amount: money(payment.amount),
      rounding: money(payment.rounding),
      test: sale.test,
      location: story.app === POS_APP || payment.gateway === CASH ? location(story.place) : null,
      user: story.app === POS_APP ? staff : null,
      statuses: statusesOf(story.at, payment, toMs),
    })),
    staff,
    app: hidden.has("app") ? null : story.app,
    note: hidden.has("note") ? null : story.note,
    returnName:
      hidden.has("return") || story.returnNumber === null
        ? null
        : `#${sale.number}-R${story.returnNumber}`,
    exchange: story.exchange,
  };
}

function statusesOf(
  began: number,
  { outcome, doneAt }: StoryPayment,
  toMs: number,
): LifeRefund["transactions"][number]["statuses"] {
  if (outcome === "success" || doneAt === null) return [{ at: iso(began), status: "SUCCESS" }];
  const pending = { at: iso(began), status: "PENDING" } as const;
  if (doneAt >= toMs) return [pending];
  return [pending, { at: iso(doneAt), status: outcome === "failed" ? "FAILURE" : "SUCCESS" }];
}
