import type {
  ErpDocument,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import { staysInTheShop } from "../../lambdas/refund/observation/tenders.ts";
import type { Instant } from "../../lambdas/refund/time/instant.ts";
import { erpDocument } from "../../lambdas/systems/erp/netsuite/document.ts";
import type { Header } from "../../lambdas/systems/erp/netsuite/row.ts";
import { readHeader } from "../../lambdas/systems/erp/netsuite/row.ts";
import { refundSchema } from "../../lambdas/systems/storefront/shopify/page.ts";
import { isOnlyTest, storefrontRefund } from "../../lambdas/systems/storefront/shopify/refund.ts";
import { withoutNotes } from "../../lambdas/systems/storefront/shopify/note.ts";
import type { Life, LifeDocument, LifeOrder, LifeRefund } from "../../local/life/life.ts";
import { moneyBag } from "../../local/shopify/money-bag.ts";

/**
 * A generated life as the product sees it at an instant: read by the adapters' own parsers, but
 * without the network, so that a hundred lives can be read in a minute.
 */
export function observe(life: Life, now: Instant): Observed {
  const orders = new Map(life.orders.map((order) => [order.orderId, order]));
  const scope = {
    staffVisible: !life.settings.hidden.includes("staff"),
    integrationApps: life.settings.storefrontMachines,
    channels: life.settings.channels,
    gateways: [],
    locations: [],
  };
  const refunds = life.refunds.flatMap((refund): StorefrontRefund[] => {
    const order = orders.get(refund.orderId);
    if (order === undefined || order.test || refund.createdAt > now) return [];
    const read = refundSchema.parse(
      withoutNotes(JSON.parse(JSON.stringify(shown(refund, order, now)))),
    );
    if (isOnlyTest(read)) return [];
    const observed = storefrontRefund(read, scope);
    const isCredit = observed.transactions.some(staysInTheShop);
    if (!isCredit || order.customer === undefined) return [observed];
    const { gateway } = order.payment;
    const orderPaidWithIt = staysInTheShop({ gateway, method: null });
    return [{ ...observed, shopCredit: { holder: order.customer.id, orderPaidWithIt } }];
  });
  return { refunds, documents: documentsOf(life, now) };
}

export type Observed = {
  readonly refunds: readonly StorefrontRefund[];
  readonly documents: readonly ErpDocument[];
};

function shown(refund: LifeRefund, order: LifeOrder, now: Instant): object {
  const bag = (amount: string): object => moneyBag(order, amount);
  const person = (of: { readonly id: string } | null): object | null =>
    of === null ? null : { id: gid("StaffMember", of.id) };
  const lines = new Map(order.lines.map((line) => [line.lineId, line]));
  return {
    id: gid("Refund", refund.refundId),
    legacyResourceId: refund.refundId,
    createdAt: refund.createdAt,
    processedAt: refund.processedAt,
    updatedAt: refund.createdAt,
    note: refund.note ?? "",
    staffMember: person(refund.staff),
    return:
      refund.returnName === null ? null : { id: gid("Return", refund.refundId), status: "CLOSED" },
    duties: /[1-9]/.test(refund.duties) ? [{ amountSet: bag(refund.duties) }] : [],
    order: {
      id: gid("Order", order.orderId),
      legacyResourceId: order.orderId,
      name: order.name,
      createdAt: order.createdAt,
      test: order.test,
      edited: order.edited,
      taxesIncluded: order.taxesIncluded,
      currencyCode: order.currency,
      presentmentCurrencyCode: order.presentmentCurrency,
      sourceName: order.sourceName,
      discountCodes: order.discountCodes,
      retailLocation: order.retailLocation,
      agreements: {
        nodes: [
          {
            app: refund.app,
            user: person(refund.staff),
            refund: { id: gid("Refund", refund.refundId) },
          },
        ],
      },
    },
    refundLineItems: {
      pageInfo: WHOLE,
      nodes: refund.lines.map((line) => {
        const of = lines.get(line.lineId);
        return {
          quantity: line.quantity,
          restockType: line.restockType,
          location: line.location,
          subtotalSet: bag(line.subtotal),
          totalTaxSet: bag(line.tax),
          lineItem: {
            id: gid("LineItem", line.lineId),
            sku: of?.sku,
            quantity: of?.quantity,
            isGiftCard: of?.giftCard,
            originalUnitPriceSet: bag(of?.unitPrice ?? "0"),
            discountAllocations: (of?.discounts ?? []).map(({ kind, amount }) => ({
              allocatedAmountSet: bag(amount),
              discountApplication: { kind: APPLICATIONS[kind] },
            })),
          },
        };
      }),
    },
    refundShippingLines: {
      pageInfo: WHOLE,
      nodes:
        refund.shipping === null
          ? []
          : [
              {
                subtotalAmountSet: bag(refund.shipping.amount),
                taxAmountSet: bag(refund.shipping.tax),
              },
            ],
    },
    orderAdjustments: {
      pageInfo: WHOLE,
      nodes: refund.adjustments.map(({ amount, tax }) => ({
        amountSet: bag(amount),
        taxAmountSet: bag(tax),
      })),
    },
    transactions: {
      pageInfo: WHOLE,
      nodes: refund.transactions.flatMap((payment) => {
        const seen = payment.statuses.filter(({ at }) => at <= now).at(-1);
        if (seen === undefined) return [];
        return [
          {
            id: gid("OrderTransaction", payment.transactionId),
            kind: "REFUND",
            status: seen.status,
            test: payment.test,
            gateway: payment.gateway,
            formattedGateway: payment.formattedGateway,
            manualPaymentGateway: payment.manual,
            paymentId: payment.paymentId,
            processedAt: seen.at,
            amountSet: bag(payment.amount),
            amountRoundingSet: /[1-9]/.test(payment.rounding) ? bag(payment.rounding) : null,
            parentTransaction: { paymentId: order.payment.paymentId },
            location: payment.location,
            user: person(payment.user),
          },
        ];
      }),
    },
  };
}

function gid(kind: string, of: string): string {
  return `gid://shopify/${kind}/${of}`;
}

const APPLICATIONS = {
  code: "DiscountCodeApplication",
  automatic: "AutomaticDiscountApplication",
  manual: "ManualDiscountApplication",
} as const;

function documentsOf(life: Life, now: Instant): ErpDocument[] {
  const alive = life.documents.filter(
    ({ versions, deletedAt }) =>
      (versions[0]?.at ?? now) <= now && (deletedAt === null || deletedAt > now),
  );
  const known = new Set(alive.map(({ documentId }) => documentId));
  const payouts = new Map(
    alive.flatMap((one) => (one.pays === null ? [] : [[one.pays, one] as const])),
  );
  const deleted = life.documents.filter(
    ({ pays, deletedAt }) => pays === null && deletedAt !== null && deletedAt <= now,
  );
  return [
    ...alive
      .filter(({ pays }) => pays === null || !known.has(pays))
      .map((document) => documentOf(document, payouts.get(document.documentId) ?? null, life, now)),
    ...deleted.map((document) => asDeleted(documentOf(document, null, life, now), document, life)),
  ];
}

/** The form in which the ledger stores a document that was deleted in the ERP. */
function asDeleted(
  document: ErpDocument,
  { deletedAt, deletedBy }: LifeDocument,
  { settings }: Life,
): ErpDocument {
  const isHidden = settings.hidden.includes("erpAuthor");
  return {
    ...document,
    state: "deleted",
    final: true,
    modifiedAt: new Date(deletedAt ?? document.modifiedAt).toISOString(),
    modifiedBy: isHidden
      ? { id: null, kind: "unknown" }
      : { id: deletedBy?.id ?? null, kind: "human" },
  };
}

function documentOf(
  document: LifeDocument,
  payout: LifeDocument | null,
  life: Life,
  now: Instant,
): ErpDocument {
  const header = headerOf(document, now);
  const version = versionAt(document, now);
  const paid = payout === null ? null : versionAt(payout, now);
  const users = life.settings.erpMachines.flatMap(({ id, name }) => [id, name]);
  return erpDocument({
    header,
    lines:
      version.lines.length === 0
        ? null
        : version.lines.map((line, at) => ({
            transaction: document.documentId,
            id: String(at + 1),
            itemtype: line.itemType,
            item_name: line.itemName,
            taxline: line.taxLine,
            transactiondiscount: line.itemType === "Discount",
            quantity: line.quantity === null ? null : String(line.quantity),
            foreignamount: line.amount,
          })),
    origins: [],
    payout:
      payout === null || paid === null
        ? null
        : {
            settlement: {
              documentId: payout.documentId,
              amount: paid.total,
              at: new Date(seconds(payout.versions[0]?.at ?? paid.at)).toISOString(),
            },
            modifiedAt: new Date(paid.at).toISOString(),
            payments: [],
          },
    periods: new Map([[periodOf(version.tranDate), monthOf(version.tranDate)]]),
    integrationUsers: users,
    sourceKnown: !life.settings.hidden.includes("erpAuthor"),
  });
}

function versionAt(
  { versions, documentId }: LifeDocument,
  now: Instant,
): LifeDocument["versions"][number] {
  const seen = versions.filter(({ at }) => at <= now).at(-1) ?? versions[0];
  if (seen === undefined) throw new Error(`document ${documentId} has no version`);
  return seen;
}

function headerOf(document: LifeDocument, now: Instant): Header {
  const version = versionAt(document, now);
  const negative = version.total.startsWith("-") ? version.total.slice(1) : `-${version.total}`;
  const row = {
    id: document.documentId,
    type: document.type,
    tranid: document.tranId,
    externalid: version.externalId,
    otherrefnum: version.otherRefNum,
    memo: version.memo,
    trandate: version.tranDate,
    created_utc: seconds(document.versions[0]?.at ?? version.at),
    modified_utc: seconds(version.at),
    cursor_ts: "2026-01-01 00:00:00",
    status: version.status,
    status_text: version.statusText,
    voided: flag(version.voided),
    posting: flag(version.posting),
    postingperiod: periodOf(version.tranDate),
    period_name: version.tranDate.slice(0, 7),
    currency_code: version.currency,
    foreigntotal: negative,
    source: document.source,
    subsidiary: document.subsidiary,
    createdby: document.createdBy.id,
    createdby_name: document.createdBy.name,
    lastmodifiedby: version.by.id,
    modifiedby_name: version.by.name,
    createdfrom: document.createdFrom?.internalId,
    src_type: document.createdFrom?.type,
    src_tranid: document.createdFrom?.tranId,
    src_otherrefnum: document.createdFrom?.otherRefNum,
    src_externalid: document.createdFrom?.externalId,
  };
  // As in NetSuite's answers, an empty value has no key.
  const filled = Object.entries(row).flatMap(([name, value]): [string, string][] =>
    value === null || value === undefined ? [] : [[name, value]],
  );
  return readHeader(Object.fromEntries(filled), { referenceFields: [], paymentFields: [] });
}

/** NetSuite stores whole seconds only. */
function seconds(at: Instant): string {
  return `${at.slice(0, 19)}Z`;
}

function flag(is: boolean): "T" | "F" {
  return is ? "T" : "F";
}

function periodOf(date: string): string {
  return date.slice(0, 7).replace("-", "");
}

function monthOf(date: string): { from: string; to: string } {
  const [year = 0, month = 1] = date.split("-").map(Number);
  const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return { from: `${date.slice(0, 7)}-01`, to: last };
}

/** The `pageInfo` of a complete list. */
const WHOLE = { hasNextPage: false };
