export function refundRecordId(refundId: string): string {
  return `${REFUND}${refundId}`;
}

export function documentRecordId(documentId: string): string {
  return `${DOCUMENT}${documentId}`;
}

export function isRefundRecord(recordId: string): boolean {
  return recordId.startsWith(REFUND);
}

export function isDocumentRecord(recordId: string): boolean {
  return recordId.startsWith(DOCUMENT);
}

/** The platform's own id in a record's id. */
export function platformIdIn(recordId: string): string {
  return recordId.slice(recordId.indexOf(":") + 1);
}

const REFUND = "refund:";
const DOCUMENT = "document:";
