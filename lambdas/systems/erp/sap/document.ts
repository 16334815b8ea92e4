import type { ErpSettings } from "../erp-settings.ts";
import { amountOf, currencyOf } from "../row-values.ts";
import { Money } from "../../../refund/money/money.ts";
import type { Actor, DocumentLine, ErpDocument } from "../../../refund/observation/observation.ts";
import { after } from "../../../refund/time/instant.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import { isListed, paymentIds } from "../../redact.ts";
import type { BillingRow, OriginRow, RequestRow } from "./page.ts";
import { CREDIT_MEMO } from "./query.ts";
import { billingReferences, requestReferences } from "./references.ts";

/**
 * Converts one billing document (a credit memo, or a cancelled invoice) to an ERP document. The
 * category says which way the money goes, so the amounts are taken without their sign.
 *
 * @throws UnreadableRow with the field, where a value cannot be used
 */
export function billingDocument(input: BillingInput, settings: ErpSettings): ErpDocument {
  const { row, origins, cancellation, billedAgainBy } = input;
  const cancelledBy = cancellation?.BillingDocument ?? null;
  const currency = currencyOf("TransactionCurrency", row.TransactionCurrency, settings.currencies);
  const money = (field: string, text: string | null | undefined): Money =>
    amountOf(field, text, currency);
  const net = money("TotalNetAmount", row.TotalNetAmount);
  const tax = money("TaxAmount", row.TaxAmount);
  const stated = row.TotalGrossAmount ?? "";
  const gross = stated === "" ? net.plus(tax) : money("TotalGrossAmount", stated);
  const made = input.madeAt === null ? madeAt(row) : { createdAt: input.madeAt };
  const modifiedAt =
    [row.LastChangeDateTime, cancellation?.LastChangeDateTime ?? ""].toSorted().at(-1) ?? "";
  const lines = linesOf(row, gross.isNegative(), tax, settings, currency);
  const { scope, paymentFields = [] } = settings;
  const payments = [row.PaymentReference, ...paymentFields.map((field) => row[field])];
  const segments = [row.SalesOrganization, row.DistributionChannel, row.Division].flatMap(
    (one) => one ?? [],
  );
  return {
    role: "erp",
    documentId: row.BillingDocument,
    documentNumber: row.BillingDocument,
    kind: row.SDDocumentCategory === CREDIT_MEMO ? "credit_memo" : "billing_document",
    references: billingReferences(row, input, settings.referenceFields ?? []),
    paymentReferences: [
      ...new Set(payments.flatMap((text) => (typeof text === "string" ? paymentIds(text) : []))),
    ],
    ...made,
    modifiedAt,
    bookedOn: row.BillingDocumentDate,
    period: null,
    periodDates: null,
    currency,
    total: gross.absolute().toString(),
    tax: tax.absolute().toString(),
    shipping: shippingIn(lines, settings, currency),
    discount: null,
    lines: lines.length === 0 ? null : lines,
    ...stateOf(row, cancelledBy, billedAgainBy),
    settlement: null,
    reverses: null,
    ...(input.requests.length > 0 && { madeFrom: input.requests.map(requestId) }),
    createdBy: creatorOf(row, origins, settings),
    // SAP tells who cancelled a document, and of no other change who made it.
    modifiedBy: cancellation === null ? UNKNOWN_ACTOR : creatorOf(cancellation, [], settings),
    customerKey: null,
    company: row.CompanyCode,
    ...((scope?.channels.length ?? 0) > 0 && segments.length > 0 && { segments }),
  };
}

/**
 * Converts a credit memo request. It states no tax: its total is the net amount, and it is no
 * booking until a credit memo is made from it.
 */
export function requestDocument(
  row: RequestRow,
  about: {
    readonly origins: readonly OriginRow[];
    readonly ownNumbers: readonly string[];
    readonly company: string | null;
    /** A cancellation reopened the request at this time. */
    readonly alsoChangedAt?: Instant | undefined;
  },
  settings: ErpSettings,
): ErpDocument {
  const currency = currencyOf("TransactionCurrency", row.TransactionCurrency, settings.currencies);
  const total = amountOf("TotalNetAmount", row.TotalNetAmount, currency).absolute();
  const made = madeAt(row);
  const segments = [row.SalesOrganization, row.DistributionChannel, row.OrganizationDivision];
  const known = segments.flatMap((one) => one ?? []);
  const isRejected = row.OverallSDDocumentRejectionSts === COMPLETELY;
  return {
    role: "erp",
    documentId: requestId(row.CreditMemoRequest),
    documentNumber: row.CreditMemoRequest,
    kind: "credit_memo_request",
    references: requestReferences(row, about, settings.referenceFields ?? []),
    paymentReferences: [],
    ...made,
    modifiedAt: [row.LastChangeDateTime, about.alsoChangedAt ?? ""].toSorted().at(-1) ?? "",
    bookedOn: row.CreditMemoRequestDate ?? row.CreationDate ?? row.LastChangeDateTime.slice(0, 10),
    period: null,
    periodDates: null,
    currency,
    total: total.toString(),
    tax: null,
    shipping: null,
    discount: null,
    lines: null,
    ...(isBilled(row)
      ? { state: "billed" as const, final: true }
      : isRejected
        ? { state: "rejected" as const, final: true }
        : { state: "unposted" as const, stateReason: waitingFor(row), final: false }),
    settlement: null,
    reverses: null,
    createdBy: actorOf(row.CreatedByUser, settings.integrationUsers),
    modifiedBy: UNKNOWN_ACTOR,
    customerKey: null,
    company: about.company,
    ...((settings.scope?.channels.length ?? 0) > 0 && known.length > 0 && { segments: known }),
  };
}

/** Whether credit memos were made from the whole request. */
export function isBilled({ OverallOrdReltdBillgStatus: status }: RequestRow): boolean {
  return status === COMPLETELY;
}

/** Requests and billing documents may have the same numbers, so an id of a request is marked. */
export function requestId(number: string): string {
  return `request-${number}`;
}

export function numberOfRequest(id: string): string | null {
  return /^request-([A-Za-z0-9]{1,10})$/.exec(id)?.[1] ?? null;
}

export type BillingInput = {
  readonly row: BillingRow;
  /** The documents from which it was made, directly and through others, and SAP's numbers of them. */
  readonly origins: readonly OriginRow[];
  readonly ownNumbers: readonly string[];
  /** Numbers of the requests from which it was made. */
  readonly requests: readonly string[];
  /** The cancellation that was made for it, where one was read. */
  readonly cancellation: BillingRow | null;
  /** The invoice that was made in place of the cancelled one. */
  readonly billedAgainBy: string | null;
  /** When it was made, where other documents show the system's clock; null where they do not. */
  readonly madeAt: Instant | null;
};

/**
 * A credit is in the books once a posting document was created for it.
 *
 * Source: SAP fields VBRK-RFBSK (transfer) and BUCHK (posting).
 */
function stateOf(
  row: BillingRow,
  cancelledBy: string | null,
  billedAgainBy: string | null,
): Pick<ErpDocument, "state" | "stateReason" | "final"> {
  const transfer = row.AccountingTransferStatus;
  if (row.BillingDocumentIsCancelled === true || cancelledBy !== null || transfer === "E") {
    const by = cancelledBy === null ? "" : ` by ${cancelledBy}`;
    return { state: "voided", stateReason: `cancelled${by}`, final: true };
  }
  if (billedAgainBy !== null) {
    const stateReason = `the invoice was billed again as ${billedAgainBy}`;
    return { state: "voided", stateReason, final: true };
  }
  const isCleared = row.InvoiceClearingStatus === COMPLETELY;
  const posted = { state: isCleared ? ("applied" as const) : ("open" as const), final: true };
  const isPosted = row.AccountingPostingStatus === COMPLETELY || row.AccountingDocument !== null;
  if (transfer === COMPLETELY) return posted;
  if (transfer === null || transfer === "") {
    if (isPosted) return posted;
    if (transfer === null && row.AccountingPostingStatus === null) {
      return { state: "unknown", final: true };
    }
  }
  const why = NOT_POSTED.get(transfer ?? "") ?? `accounting transfer status ${transfer ?? ""}`;
  // Nothing will be posted any more for a document that is not relevant for accounting.
  return { state: "unposted", stateReason: why, final: transfer === "D" };
}

const NOT_POSTED: ReadonlyMap<string, string> = new Map([
  ["", "error in the accounting interface"],
  ["A", "blocked for forwarding to accounting"],
  ["B", "account determination error"],
  ["D", "not relevant for accounting: SAP will not post it"],
  ["F", "pricing error"],
  ["G", "export data missing"],
  ["H", "waits for its invoice list"],
  ["I", "waits for its invoice list"],
  ["K", "no authorisation for posting"],
]);

function waitingFor(row: RequestRow): string {
  const { HeaderBillingBlockReason: block, SalesDocApprovalStatus: approval } = row;
  const partly = row.OverallOrdReltdBillgStatus === "B";
  return [
    partly ? "credit memo request, billed in part" : "credit memo request, not billed yet",
    ...(block === null ? [] : [`billing block ${block}`]),
    ...(approval === null ? [] : [`approval status ${approval}`]),
  ].join(", ");
}

/**
 * SAP states a date and a time of creation without their zone, so they are no instant. A document
 * that was never changed was made at its only change time. Where nothing shows the zone (see
 * `creation-clock.ts`), any other was made at that time or before, and at the latest when its day of
 * creation had ended everywhere.
 */
function madeAt(
  row: Pick<BillingRow, "LastChangeDateTime" | "LastChangeDate" | "CreationDate">,
): Pick<ErpDocument, "createdAt" | "createdAtIsLatest"> {
  const { LastChangeDateTime: changed, LastChangeDate, CreationDate: day } = row;
  const latest = day === null ? changed : after(`${day}T00:00:00.000Z`, DAY_EVERYWHERE_MS);
  // A change time after the day of creation is wrong in a document that was never changed.
  if (LastChangeDate === null && changed <= latest) return { createdAt: changed };
  return { createdAt: latest < changed ? latest : changed, createdAtIsLatest: true };
}

/** Goods without tax, then the tax of the whole document. Amounts that go back are positive. */
function linesOf(
  row: BillingRow,
  isNegative: boolean,
  tax: Money,
  { shippingItems = [] }: ErpSettings,
  currency: string,
): DocumentLine[] {
  const signed = (amount: Money): string => (isNegative ? amount.negated() : amount).toString();
  const goods = row.to_Item.map((item): DocumentLine => {
    const amount = amountOf("to_Item.NetAmount", item.NetAmount, currency);
    const isShipping = item.Material !== null && shippingItems.includes(item.Material);
    const quantity = Math.abs(Number(item.BillingQuantity ?? Number.NaN));
    return {
      sku: item.Material,
      kind: isShipping ? "shipping" : "item",
      quantity: Number.isFinite(quantity) && quantity > 0 ? quantity : null,
      amount: signed(amount),
    };
  });
  if (goods.length === 0 || tax.isZero()) return goods;
  return [...goods, { sku: null, kind: "tax", quantity: null, amount: signed(tax) }];
}

/** Null where the brand file does not name the materials that stand for shipping. */
function shippingIn(
  lines: readonly DocumentLine[],
  { shippingItems = [] }: ErpSettings,
  currency: string,
): string | null {
  if (shippingItems.length === 0 || lines.length === 0) return null;
  const shipping = lines.filter(({ kind }) => kind === "shipping");
  return Money.sum(
    shipping.map(({ amount }) => Money.of(amount, currency)),
    currency,
  ).toString();
}

/**
 * Who entered the credit: the maker of its request or return, else of its items. A person among them
 * counts, because a technical user bills what people requested.
 */
function creatorOf(
  row: BillingRow,
  origins: readonly OriginRow[],
  { integrationUsers }: ErpSettings,
): Actor {
  const users = [
    ...origins.map(({ CreatedByUser: user }) => user),
    ...row.to_Item.map(({ CreatedByUser: user }) => user),
  ].flatMap((user) => user ?? []);
  const actors = users.map((user) => actorOf(user, integrationUsers));
  return actors.find(({ kind }) => kind === "human") ?? actors[0] ?? UNKNOWN_ACTOR;
}

/** No sign of SAP tells a technical user: the brand file lists them. */
function actorOf(user: string | null, integrationUsers: readonly string[]): Actor {
  if (user === null) return UNKNOWN_ACTOR;
  if (isListed(user, integrationUsers)) return { id: user, kind: "integration" };
  return { id: user, kind: integrationUsers.length === 0 ? "unknown" : "human" };
}

const UNKNOWN_ACTOR: Actor = { id: null, kind: "unknown" };
const COMPLETELY = "C";
/** A day of a calendar ends last at twelve hours behind UTC, 36 hours after it began in UTC. */
const DAY_EVERYWHERE_MS = 36 * 3_600_000;
