/**
 * The fields of Fusion's resources that are read or simulated. Oracle publishes no schema that can be
 * checked by a machine, so this is written from its documentation: the pages of the REST API of
 * Financials (receivablesCreditMemos and its children, receivablesCustomerAccountActivities and its
 * children, receivablesInvoices).
 */
export const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  receivablesCreditMemos:
    words(`CustomerTransactionId TransactionNumber BusinessUnit TransactionSource
    TransactionType TransactionDate AccountingDate CreditMemoCurrency ConversionRate EnteredAmount
    TransactionBalanceDue FreightCreditAmount CreditMemoStatus CreditReason CreditMemoComments
    BillToCustomerName BillToCustomerNumber BillToSite LegalEntityIdentifier DocumentNumber
    CrossReference PurchaseOrder CreatedBy CreationDate LastUpdatedBy LastUpdateDate
    receivablesCreditMemoLines receivablesCreditMemoDFF receivablesCreditMemoTransactionDFF`),
  receivablesCreditMemoLines: words(`CustomerTransactionLineId LineNumber LineDescription ItemNumber
    MemoLine LineAmountCredit LineQuantityCredit LineFreightCreditAmount LineAmountIncludesTax
    receivablesCreditMemoLineTaxLines`),
  receivablesCreditMemoLineTaxLines: words(`CustomerTrxLineId TaxAmount TaxInclusiveIndicator`),
  creditMemoApplications: words(`ApplicationId ApplicationDate ApplicationAmount ApplicationStatus
    ReferenceTransactionId ReferenceTransactionNumber ApplicationReferenceId
    ApplicationReferenceNumber RefundPaymentMethodCode CreditMemoId CreditMemoStatus`),
  creditMemos: words(`CreditMemoId TransactionClass TransactionType`),
  receivablesCustomerAccountActivities: words(`AccountId AccountNumber`),
  receivablesInvoices: words(`PurchaseOrder CrossReference`),
};

/**
 * Names that stand only on pages that the field lists of this project's contracts do not repeat: the
 * tax lines, the marks of a line, and the number of an account (documentation of 23D to 25C).
 */
export const FROM_PAGES: readonly string[] =
  words(`CustomerTrxLineId TaxAmount TaxInclusiveIndicator
  LineAmountIncludesTax receivablesCreditMemoDFF AccountNumber`);

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
