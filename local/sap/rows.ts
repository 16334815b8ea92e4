import { Money } from "../../lambdas/refund/money/money.ts";
import type { Life, LifeDocument, LifeDocumentVersion } from "../life/life.ts";

/**
 * A life as documents of SAP: for each credit a billing document and the request from which it was
 * made, each with all its states.
 *
 * SAP has no credit without a posting and no document that is deleted, so a void or a deleted credit
 * is one that was cancelled, with its cancellation. A payout is a clearing of the credit.
 */
export function documentsOf({ documents }: Pick<Life, "documents">): SapDocuments {
  const payouts = new Map(
    documents.flatMap((one) => (one.pays === null ? [] : [[one.pays, one.versions[0]?.at ?? ""]])),
  );
  const credits = documents.filter(({ pays }) => pays === null);
  return {
    billing: credits.flatMap((document) => billingStates(document, payouts)),
    requests: credits.flatMap(requestStates),
  };
}

export type SapDocuments = {
  readonly billing: readonly State[];
  readonly requests: readonly State[];
};

/** A row from an instant on, until a later state of the same document. */
export type State = { readonly id: string; readonly from: number; readonly row: SapRow };
export type SapRow = Readonly<Record<string, unknown>>;

/** The header field of this brand in which its connector writes the refund's id. */
export const REFUND_FIELD = "YY1_ShopRefund_BDH";
export const SHIPPING_MATERIAL = "FREIGHT";

function billingStates(document: LifeDocument, payouts: ReadonlyMap<string, string>): State[] {
  const { versions, documentId: id, deletedAt } = document;
  const [first] = versions;
  if (first === undefined) return [];
  const ended = versions.find(({ voided }) => voided);
  const endedAt = [ended?.at, deletedAt].flatMap((at) => at ?? []).toSorted()[0];
  const paidAt = payouts.get(id);
  const states: State[] = versions
    .filter((version) => !version.voided && (endedAt === undefined || version.at < endedAt))
    .map((version) => state(document, version, { isPaid: false, isEnded: false }));
  const last = states.length === 0 ? first : (versions.findLast((one) => !one.voided) ?? first);
  if (paidAt !== undefined && (endedAt === undefined || paidAt < endedAt)) {
    // A clearing belongs to accounting: the billing document's own change time does not move.
    const at = Date.parse(paidAt);
    const base = versions.findLast((one) => !one.voided && Date.parse(one.at) <= at) ?? last;
    const paid = state(document, base, { isPaid: true, isEnded: false });
    states.push({ ...paid, from: at });
  }
  if (endedAt === undefined) return states;
  const end = state(document, { ...last, at: endedAt }, { isPaid: false, isEnded: true });
  const by = ended?.by ?? document.deletedBy ?? document.createdBy;
  const cancellation = {
    id: `S${id}`,
    from: Date.parse(endedAt),
    row: {
      ...end.row,
      BillingDocument: `S${id}`,
      SDDocumentCategory: "S",
      CancelledBillingDocument: id,
      to_Item: { results: itemsOfRow(end.row).map((item) => ({ ...item, CreatedByUser: by.id })) },
      BillingDocumentIsCancelled: false,
      LastChangeDate: null,
      ...madeOf(endedAt),
    },
  };
  // What is done to a cancelled document, for example by accounting, moves its change time.
  const touches = versions
    .filter(({ at }) => at > endedAt)
    .map(({ at }) => state(document, { ...last, at }, { isPaid: false, isEnded: true }));
  return [...states, end, cancellation, ...touches];
}

function state(
  document: LifeDocument,
  version: LifeDocumentVersion,
  { isPaid, isEnded }: { readonly isPaid: boolean; readonly isEnded: boolean },
): State {
  const { documentId: id, versions, createdFrom, subsidiary } = document;
  const { currency, lines, total } = version;
  const money = (amount: string): Money => Money.of(amount, currency);
  const tax = Money.sum(
    lines.flatMap((line) => (line.taxLine ? [money(line.amount)] : [])),
    currency,
  );
  const gross = money(total);
  const made = versions[0]?.at ?? version.at;
  const user = document.createdBy.id;
  const requestNumber = requestOf(id);
  const isPosted = version.posting || isEnded;
  const items = itemsOf(version).map((item, at) => ({
    BillingDocument: id,
    BillingDocumentItem: String((at + 1) * 10),
    Material: item.material,
    BillingQuantity: item.quantity === null ? "0.000" : `${item.quantity}.000`,
    NetAmount: item.net.toString(),
    TaxAmount: "0.00",
    TransactionCurrency: currency,
    CreatedByUser: user,
    ReferenceSDDocument: createdFrom === null ? "" : requestNumber,
    ReferenceSDDocumentCategory: createdFrom === null ? "" : "K",
    SalesDocument: createdFrom === null ? "" : requestNumber,
    SalesSDDocumentCategory: createdFrom === null ? "" : "K",
    OriginSDDocument: "",
    ExternalReferenceDocument: "",
  }));
  return {
    id,
    from: Date.parse(version.at),
    row: {
      BillingDocument: id,
      SDDocumentCategory: "O",
      BillingDocumentType: "G2",
      ...madeOf(made),
      LastChangeDate: version.at === made ? null : day(version.at),
      LastChangeDateTime: instant(version.at),
      BillingDocumentDate: `/Date(${Date.parse(`${version.tranDate}T00:00:00Z`)})/`,
      CompanyCode: companyOf(subsidiary),
      SalesOrganization: companyOf(subsidiary),
      DistributionChannel: "10",
      Division: "00",
      BillingDocumentIsCancelled: isEnded,
      CancelledBillingDocument: "",
      TotalNetAmount: gross.minus(tax).toString(),
      TaxAmount: tax.toString(),
      TotalGrossAmount: gross.toString(),
      TransactionCurrency: currency,
      AccountingTransferStatus: isEnded ? "E" : isPosted ? "C" : "A",
      AccountingPostingStatus: isPosted ? "C" : "A",
      AccountingDocument: isPosted ? id : "",
      InvoiceClearingStatus: isPaid ? "C" : "A",
      FiscalYear: version.tranDate.slice(0, 4),
      PurchaseOrderByCustomer: (version.otherRefNum ?? "").slice(0, 35),
      DocumentReferenceID: id,
      AssignmentReference: "",
      PaymentReference: "",
      [REFUND_FIELD]: version.externalId ?? "",
      to_Item: { results: items },
    },
  };
}

function itemsOfRow(row: SapRow): readonly SapRow[] {
  const items: unknown = Reflect.get(Object(row["to_Item"]), "results");
  return Array.isArray(items) ? items : [];
}

/**
 * The same life of a brand on SAP. A posted credit cannot be changed: who wants another amount
 * cancels it and makes a new one.
 */
export function withCancellations(life: Life): Life {
  const versionsOf = new Map(life.documents.map((one) => [one.documentId, cancelledAndMade(one)]));
  const idsOf = (id: string): string[] =>
    versionsOf.get(id)?.map(({ documentId }) => documentId) ?? [id];
  return {
    ...life,
    documents: [...versionsOf.values()].flat(),
    truths: life.truths.map((truth) => ({
      ...truth,
      documentIds: truth.documentIds.flatMap(idsOf),
    })),
  };
}

function cancelledAndMade(document: LifeDocument): LifeDocument[] {
  const { versions, documentId } = document;
  const at = versions.findIndex(
    (version, index) =>
      index > 0 && !version.voided && version.total !== versions[index - 1]?.total,
  );
  const [edited, before] = [versions[at], versions[at - 1]];
  if (edited === undefined || before === undefined || documentId.length > 9) return [document];
  const ended = { ...before, at: edited.at, by: edited.by, voided: true };
  const made = {
    ...document,
    documentId: `R${documentId}`,
    createdBy: edited.by,
    versions: versions.slice(at),
  };
  return [
    { ...document, deletedAt: null, deletedBy: null, versions: [...versions.slice(0, at), ended] },
    ...cancelledAndMade(made),
  ];
}

function requestStates(document: LifeDocument): State[] {
  const { createdFrom, versions, documentId, createdBy, subsidiary } = document;
  const [first] = versions;
  if (createdFrom === null || first === undefined) return [];
  const id = requestOf(documentId);
  const billedAt = Date.parse(first.at);
  const madeAt = new Date(billedAt - REQUESTED_BEFORE_MS).toISOString();
  const currency = first.currency;
  const net = Money.sum(
    first.lines.flatMap((line) => (line.taxLine ? [] : [Money.of(line.amount, currency)])),
    currency,
  );
  const row = {
    CreditMemoRequest: id,
    CreditMemoRequestType: "CR",
    SalesOrganization: companyOf(subsidiary),
    DistributionChannel: "10",
    OrganizationDivision: "00",
    CreationDate: day(madeAt),
    CreatedByUser: createdBy.id,
    LastChangeDate: null,
    LastChangeDateTime: instant(madeAt),
    PurchaseOrderByCustomer: (createdFrom.otherRefNum ?? first.otherRefNum ?? "").slice(0, 35),
    CreditMemoRequestDate: day(madeAt),
    TotalNetAmount: net.toString(),
    TransactionCurrency: currency,
    HeaderBillingBlockReason: "",
    ReferenceSDDocument: createdFrom.internalId.slice(0, 10),
    ReferenceSDDocumentCategory: "C",
    SalesDocApprovalStatus: "",
    OverallSDDocumentRejectionSts: "A",
    OverallOrdReltdBillgStatus: "A",
    AccountingDocExternalReference: "",
    AssignmentReference: "",
  };
  const billed = { ...row, OverallOrdReltdBillgStatus: "C" };
  return [
    { id, from: Date.parse(madeAt), row },
    { id, from: billedAt, row: billed },
  ];
}

/** SAP's items have their price after discounts, so a discount line is a part of the item above. */
function itemsOf({ lines, currency }: LifeDocumentVersion): Item[] {
  const items: Item[] = [];
  for (const line of lines) {
    if (line.taxLine) continue;
    const net = Money.of(line.amount, currency);
    const above = items.at(-1);
    if (line.itemType === "Discount" && above !== undefined) {
      items[items.length - 1] = { ...above, net: above.net.plus(net) };
      continue;
    }
    const material = line.itemType === "ShipItem" ? SHIPPING_MATERIAL : line.itemName.slice(0, 40);
    items.push({ material, quantity: line.quantity, net });
  }
  return items;
}

type Item = { readonly material: string; readonly quantity: number | null; readonly net: Money };

function requestOf(documentId: string): string {
  return `6${documentId.slice(-9)}`;
}

function companyOf(subsidiary: string): string {
  return `10${subsidiary.padStart(2, "0")}`.slice(-4);
}

/** The system's clock is an hour ahead of UTC, and SAP does not say so. */
function madeOf(at: string): { CreationDate: string; CreationTime: string } {
  const local = new Date(Date.parse(at) + LOCAL_MS).toISOString();
  const [, hours = "", minutes = "", seconds = ""] = /T(\d\d):(\d\d):(\d\d)/.exec(local) ?? [];
  return { CreationDate: day(local), CreationTime: `PT${hours}H${minutes}M${seconds}S` };
}

function instant(at: string): string {
  return `/Date(${Date.parse(at)}+0000)/`;
}

function day(at: string): string {
  return `/Date(${Date.parse(`${at.slice(0, 10)}T00:00:00Z`)})/`;
}

const LOCAL_MS = 3_600_000;
const REQUESTED_BEFORE_MS = 5 * 60_000;
