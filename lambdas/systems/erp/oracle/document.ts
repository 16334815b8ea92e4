import type { ErpSettings } from "../erp-settings.ts";
import { amountOf, currencyOf } from "../row-values.ts";
import { createHash } from "node:crypto";
import { Money } from "../../../refund/money/money.ts";
import type { Actor, DocumentLine, ErpDocument } from "../../../refund/observation/observation.ts";
import { documentNumber, isListed, paymentIds } from "../../redact.ts";
import type { Applied } from "./applications.ts";
import type { LineRow, MemoRow } from "./page.ts";
import { memoReferences, ownFieldsOf } from "./references.ts";

/**
 * Converts one receivables credit memo to an ERP document. Fusion states its amounts negative, and a
 * memo is always a credit, so the total is taken without its sign and the lines follow it.
 *
 * @throws UnreadableRow with the field, where a value cannot be used
 */
export function creditMemo(
  row: MemoRow,
  about: {
    readonly lines: readonly LineRow[] | null;
    readonly applied: Applied;
  },
  settings: ErpSettings,
): ErpDocument {
  const { integrationUsers, paymentFields = [], scope } = settings;
  const currency = currencyOf("CreditMemoCurrency", row.CreditMemoCurrency, settings.currencies);
  const total = amountOf("EnteredAmount", row.EnteredAmount, currency);
  const parts = partsOf(row, about.lines, { total, currency, settings });
  const balance = row.TransactionBalanceDue;
  const isCleared = balance !== null && !/[1-9]/.test(balance) && !total.isZero();
  const own = ownFieldsOf(row);
  const segments = [row.TransactionSource, row.TransactionType].flatMap((one) => one ?? []);
  return {
    role: "erp",
    documentId: row.CustomerTransactionId,
    documentNumber: row.TransactionNumber === null ? null : documentNumber(row.TransactionNumber),
    kind: "credit_memo",
    references: memoReferences(row, about.applied, settings.referenceFields ?? []),
    paymentReferences: [
      ...new Set(paymentFields.flatMap((field) => paymentIds(own.get(field) ?? ""))),
    ],
    createdAt: row.CreationDate,
    modifiedAt: row.LastUpdateDate,
    // The day in the books decides the period; the memo's own date may be another one.
    bookedOn: row.AccountingDate ?? row.TransactionDate,
    period: null,
    periodDates: null,
    currency,
    total: total.absolute().toString(),
    ...parts,
    discount: null,
    ...stateOf(row.CreditMemoStatus, isCleared || about.applied.isWhole),
    settlement: about.applied.payout,
    reverses: null,
    createdBy: actorOf(row.CreatedBy, integrationUsers),
    modifiedBy: actorOf(row.LastUpdatedBy, integrationUsers),
    customerKey: null,
    company: row.BusinessUnit,
    ...((scope?.channels.length ?? 0) > 0 && segments.length > 0 && { segments }),
  };
}

/**
 * Only a complete memo is in the books.
 *
 * Source: My Oracle Support 2800010.1 for the words; the release notes of 26A for approvals.
 */
function stateOf(
  word: string | null,
  isApplied: boolean,
): Pick<ErpDocument, "state" | "stateReason" | "final"> {
  const status = word?.toLowerCase().replaceAll(/[_-]/g, " ") ?? "";
  if (status === "complete") return { state: isApplied ? "applied" : "open", final: true };
  if (/approv/.test(status)) return { state: "unapproved", stateReason: status, final: false };
  if (/reject/.test(status)) return { state: "rejected", final: false };
  if (/revers|void|cancel/.test(status)) {
    return { state: "voided", stateReason: status, final: true };
  }
  if (NOT_IN_BOOKS.has(status)) {
    return { state: "unposted", stateReason: `status ${status}`, final: false };
  }
  return { state: "unknown", final: true };
}

const NOT_IN_BOOKS: ReadonlySet<string> = new Set(["incomplete", "frozen", "draft"]);

type Parts = Pick<ErpDocument, "tax" | "shipping" | "lines">;

/**
 * Goods without tax, the shipping, and the tax of the whole memo. The amount of a line may include
 * its tax: the line says so, or the lines add up to the total only with that reading.
 */
function partsOf(
  row: MemoRow,
  lines: readonly LineRow[] | null,
  about: { readonly total: Money; readonly currency: string; readonly settings: ErpSettings },
): Parts {
  const { total, currency, settings } = about;
  const freight = amountOf("FreightCreditAmount", row.FreightCreditAmount ?? "0", currency);
  if (lines === null) return { tax: null, lines: null, shipping: known(freight) };
  const read = lines.map((line) => readLine(line, currency));
  const taxes = read.flatMap(({ tax }) => tax ?? []);
  const tax = read.every((line) => line.tax !== null) ? Money.sum(taxes, currency) : null;
  const freights = Money.sum(
    read.map((line) => line.freight),
    currency,
  );
  const beside = (net: readonly Money[]): Money =>
    Money.sum(net, currency).plus(freight).plus(freights);
  const stated = read.map(({ amount }) => amount);
  // By its own word; else, if the lines with their freight are the total already, with tax.
  const isInside = tax !== null && !tax.isZero() && beside(stated).equals(total);
  const net = read.map(({ amount, tax: own, includes }) =>
    (isInside || includes) && own !== null ? amount.minus(own) : amount,
  );
  const isNegative = total.isNegative();
  const signed = (amount: Money): string => (isNegative ? amount.negated() : amount).toString();
  const { shippingItems = [] } = settings;
  const goods = read.map(({ sku, quantity }, at): DocumentLine => {
    const isShipping = sku !== null && shippingItems.includes(sku);
    const amount = signed(net[at] ?? Money.zero(currency));
    return { sku, kind: isShipping ? "shipping" : "item", quantity, amount };
  });
  const shippingLines = [freight, freights].flatMap((amount): DocumentLine[] =>
    amount.isZero()
      ? []
      : [{ sku: null, kind: "shipping", quantity: null, amount: signed(amount) }],
  );
  const taxLines: DocumentLine[] =
    tax === null || tax.isZero() || goods.length === 0
      ? []
      : [{ sku: null, kind: "tax", quantity: null, amount: signed(tax) }];
  const shipping = [...goods, ...shippingLines].filter(({ kind }) => kind === "shipping");
  const isTold = shipping.length > 0 || shippingItems.length > 0;
  const all = [...goods, ...shippingLines, ...taxLines];
  return {
    tax: tax === null ? null : (isNegative ? tax.negated() : tax).toString(),
    lines: all.length === 0 ? null : all,
    shipping: isTold
      ? Money.sum(
          shipping.map(({ amount }) => Money.of(amount, currency)),
          currency,
        ).toString()
      : null,
  };
}

/** Nothing is stated where there is no freight: the shipping may stand in a line. */
function known(freight: Money): string | null {
  return freight.isZero() ? null : freight.absolute().toString();
}

function readLine(line: LineRow, currency: string) {
  const money = (field: string, text: string | null): Money =>
    amountOf(`receivablesCreditMemoLines.${field}`, text ?? "0", currency);
  const taxLines = line.receivablesCreditMemoLineTaxLines?.items ?? null;
  const quantity = Math.abs(Number(line.LineQuantityCredit ?? Number.NaN));
  return {
    sku: line.ItemNumber ?? line.MemoLine,
    quantity: Number.isFinite(quantity) && quantity > 0 ? quantity : null,
    amount: money("LineAmountCredit", line.LineAmountCredit),
    freight: money("LineFreightCreditAmount", line.LineFreightCreditAmount),
    includes:
      isYes(line.LineAmountIncludesTax) ||
      (taxLines ?? []).some((tax) => isYes(tax.TaxInclusiveIndicator)),
    tax:
      taxLines === null
        ? null
        : Money.sum(
            taxLines.map((tax) => money("TaxAmount", tax.TaxAmount)),
            currency,
          ),
  };
}

function isYes(word: string | null): boolean {
  return word !== null && /^(y|yes|true)$/i.test(word);
}

/**
 * Users of Fusion are often e-mail addresses, so a person is kept as the beginning of a hash. No sign
 * of Fusion tells a technical user: the brand file lists them.
 */
function actorOf(user: string | null, integrationUsers: readonly string[]): Actor {
  if (user === null) return { id: null, kind: "unknown" };
  const id = pseudonym(user);
  // `doctor` shows users by their pseudonym, so the brand file may list them so.
  const isMachine = isListed(user, integrationUsers) || isListed(id, integrationUsers);
  if (isMachine) return { id, kind: "integration" };
  return { id, kind: integrationUsers.length === 0 ? "unknown" : "human" };
}

/** The first twelve digits of the SHA-256 of the user's name in small letters. */
function pseudonym(user: string): string {
  const name = user.trim().toLowerCase();
  return `user-${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}
