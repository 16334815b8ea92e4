export function refundRecordId(refundId: string): string {
  return `refund:${refundId}`;
}

export function documentRecordId(documentId: string): string {
  return `document:${documentId}`;
}
