import { Money } from "../../lambdas/refund/money/money.ts";
import type { Life, LifeDocument, LifeDocumentVersion } from "../life/life.ts";

/**
 * A life as credit memos of Fusion's Receivables, each with all its states, and what they were used
 * for.
 *
 * Fusion deletes no complete memo: who takes one back makes it incomplete. A payout is an application
 * of the memo, which does not move the memo's own time.
 */
export function memosOf({ documents }: Pick<Life, "documents">): OracleBooks {
  const payouts = new Map<string, LifeDocument>();
  for (const one of documents) if (one.pays !== null) payouts.set(one.pays, one);
  const credits = documents.filter(({ pays }) => pays === null);
  return {
    memos: credits.flatMap((document) => statesOf(document, payouts.get(document.documentId))),
    applications: [...payouts.values()].flatMap(applicationOf),
    accounts: new Map(credits.map(({ entity }) => [entity.id, accountId(entity.id)])),
  };
}

export type OracleBooks = {
  readonly memos: readonly State[];
  readonly applications: readonly (State & { readonly account: string })[];
  /** Ids of the customers' accounts, by their numbers. */
  readonly accounts: ReadonlyMap<string, string>;
};

/** A row from an instant on, until a later state of the same record. */
export type State = { readonly id: string; readonly from: number; readonly row: OracleRow };
export type OracleRow = Readonly<Record<string, unknown>>;

/** The brand's own field in which its connector writes the refund's id. */
export const REFUND_FIELD = "shopRefund";
export const FREIGHT_ITEM = "FREIGHT";

function statesOf(document: LifeDocument, payout: LifeDocument | undefined): State[] {
  const { versions, deletedAt, deletedBy } = document;
  const states = versions
    .filter(({ at }) => deletedAt === null || at < deletedAt)
    .map((version) => state(document, version, { isPaid: false }));
  const last = versions.at(-1);
  if (deletedAt !== null && last !== undefined) {
    const by = deletedBy ?? last.by;
    states.push(state(document, { ...last, at: deletedAt, by, posting: false }, { isPaid: false }));
  }
  const paidAt = payout?.versions[0]?.at;
  if (paidAt === undefined) return states;
  const base = versions.findLast(({ at }) => at <= paidAt) ?? versions[0];
  if (base === undefined) return states;
  const paid = state(document, base, { isPaid: true });
  const later = states
    .filter(({ from }) => from > Date.parse(paidAt))
    .map((one) => ({ ...one, row: { ...one.row, TransactionBalanceDue: 0 } }));
  const before = states.filter(({ from }) => from <= Date.parse(paidAt));
  return [...before, { ...paid, from: Date.parse(paidAt) }, ...later];
}

function state(
  document: LifeDocument,
  version: LifeDocumentVersion,
  { isPaid }: { readonly isPaid: boolean },
): State {
  const { documentId: id, versions, subsidiary, source, entity, createdBy, tranId } = document;
  const { currency, lines, total } = version;
  const money = (amount: string): Money => Money.of(amount, currency);
  const first = versions[0]?.at ?? version.at;
  const isUsed = isPaid || version.statusText.includes("Fully Applied");
  const freight = Money.sum(
    lines.flatMap((line) => (line.itemType === "ShipItem" ? [money(line.amount)] : [])),
    currency,
  );
  const isPosted = version.posting && !version.voided;
  return {
    id,
    from: Date.parse(version.at),
    row: {
      CustomerTransactionId: Number(id),
      TransactionNumber: tranId.slice(0, 20),
      BusinessUnit: unitOf(subsidiary),
      TransactionSource: source === null ? "Manual" : "Refund Import",
      TransactionType: "Credit Memo",
      TransactionDate: version.tranDate,
      AccountingDate: version.tranDate,
      CreditMemoCurrency: currency,
      ConversionRate: null,
      EnteredAmount: Number(money(total).negated().toString()),
      TransactionBalanceDue: isUsed ? 0 : Number(money(total).negated().toString()),
      FreightCreditAmount: freight.isZero() ? null : freight.negated().toString(),
      CreditMemoStatus: isPosted ? "Complete" : statusOf(version),
      CreditReason: null,
      CreditMemoComments: version.memo,
      BillToCustomerName: entity.name,
      BillToCustomerNumber: entity.id,
      BillToSite: "1042",
      LegalEntityIdentifier: "US001",
      DocumentNumber: null,
      CrossReference: document.createdFrom?.otherRefNum ?? null,
      PurchaseOrder: version.otherRefNum,
      CreatedBy: createdBy.id,
      CreationDate: offset(first),
      LastUpdatedBy: version.by.id,
      LastUpdateDate: offset(version.at),
      receivablesCreditMemoLines: linesOf(version, id),
      receivablesCreditMemoTransactionDFF: [
        { CustomerTrxId: Number(id), __FLEX_Context: null, [REFUND_FIELD]: version.externalId },
      ],
    },
  };
}

/** A memo that waits for a person, or that was taken back. */
function statusOf({ statusText }: LifeDocumentVersion): string {
  return statusText.includes("Pending Approval") ? "Pending Approval" : "Incomplete";
}

/** Prices are after discounts, so a discount line is a part of the line above; freight has its own field. */
function linesOf({ lines, currency }: LifeDocumentVersion, id: string): readonly OracleRow[] {
  const goods: { item: string; quantity: number | null; net: Money }[] = [];
  let tax = Money.zero(currency);
  for (const line of lines) {
    const amount = Money.of(line.amount, currency);
    const above = goods.at(-1);
    if (line.taxLine) tax = tax.plus(amount);
    else if (line.itemType === "ShipItem") continue;
    else if (line.itemType === "Discount" && above !== undefined) {
      above.net = above.net.plus(amount);
    } else goods.push({ item: line.itemName, quantity: line.quantity, net: amount });
  }
  // The tax of a memo that credits only freight stands on a line without an amount.
  if (goods.length === 0 && !tax.isZero()) {
    goods.push({ item: FREIGHT_ITEM, quantity: null, net: Money.zero(currency) });
  }
  return goods.map(({ item, quantity, net }, at) => ({
    CustomerTransactionLineId: Number(`${id}${at + 1}`),
    LineNumber: at + 1,
    LineDescription: item,
    ItemNumber: item,
    MemoLine: null,
    LineAmountCredit: Number(net.negated().toString()),
    LineQuantityCredit: quantity,
    LineFreightCreditAmount: null,
    LineAmountIncludesTax: "N",
    receivablesCreditMemoLineTaxLines:
      at === 0 && !tax.isZero()
        ? [
            {
              CustomerTrxLineId: Number(`${id}0${at + 1}`),
              TaxAmount: Number(tax.negated().toString()),
              TaxInclusiveIndicator: "N",
            },
          ]
        : [],
  }));
}

function applicationOf(payout: LifeDocument): (State & { readonly account: string })[] {
  const [first] = payout.versions;
  if (first === undefined || payout.pays === null) return [];
  return [
    {
      id: payout.documentId,
      from: Date.parse(first.at),
      account: accountId(payout.entity.id),
      row: {
        ApplicationId: Number(payout.documentId),
        ApplicationDate: first.tranDate,
        ApplicationAmount: Number(first.total),
        ApplicationStatus: "Applied",
        ReferenceTransactionId: null,
        ReferenceTransactionNumber: null,
        ApplicationReferenceId: Number(payout.documentId),
        ApplicationReferenceNumber: payout.tranId,
        RefundPaymentMethodCode: "EFT",
        CreditMemoId: Number(payout.pays),
        CreditMemoStatus: "Complete",
      },
    },
  ];
}

function accountId(number: string): string {
  return `3${number.padStart(14, "0")}`;
}

function unitOf(subsidiary: string): string {
  return `Business Unit ${subsidiary}`;
}

/** Fusion writes milliseconds and the offset in digits. */
function offset(at: string): string {
  return new Date(at).toISOString().replace("Z", "+00:00");
}
