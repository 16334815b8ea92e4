import { deflateRawSync, inflateRawSync } from "node:zlib";

/**
 * Packs JSON into few bytes: a clean refund with both its sides must stay under 1 KB, because
 * DynamoDB bills a write by the kilobyte.
 *
 * The first byte is the number of the dictionary, so that another dictionary can be added later. A
 * dictionary must never be removed, because stored items still need it.
 */
export function pack(value: unknown): Uint8Array {
  const body = deflateRawSync(JSON.stringify(value), { dictionary: DICTIONARY_1, level: 9 });
  return Buffer.concat([Buffer.from([1]), body]);
}

/** @throws UnreadableItem when the bytes were not written by {@link pack} */
export function unpack(bytes: Uint8Array): unknown {
  if (bytes[0] !== 1)
    throw new UnreadableItem(`packed with dictionary ${String(bytes[0])}, but only 1 is known`);
  try {
    const text = inflateRawSync(bytes.subarray(1), { dictionary: DICTIONARY_1 }).toString();
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw new UnreadableItem("the bytes are damaged", { cause });
  }
}

class UnreadableItem extends Error {
  override readonly name = "UnreadableItem";
}

/**
 * Text that most refunds share. The most frequent text is last, where a reference to it is short.
 */
const DICTIONARY_1 = Buffer.from(
  [
    '"payment_pending","restock_only","identity_broken","presentment":{"currency":"EUR","settled":"',
    '"state":"unapproved","customer_refund","billing_document","voided","open","unknown","human"',
    '"kind":"discount","kind":"shipping","kind":"tax","kind":"item","quantity":1,"amount":"0.00"},{"sku":"',
    '"restock":"no_restock","location":"cancel","discountKinds":["code"],"automatic"],"manual"]',
    'shopify_payments","method":"shopify payments","paypal","cash","gift_card","shopify_store_credit","pos"',
    '"resolution":null},"documents":[{"role":"erp","documentId":"1","documentNumber":"CR1","kind":"credit_memo","cash_refund","references":[{"field":"external_id","text":"shopify-refund-',
    '"},{"field":"order","text":"#1"},{"field":"order","text":"SO-1"},{"field":"memo","text":"other_reference","text":"number","text":"CM1"}],"paymentReferences":[],"createdAt":"2026-',
    '.000Z","modifiedAt":"2026-1","bookedOn":"2026-1","period":"Nov 2026","periodDates":{"from":"2026-11-01","to":"2026-11-30"},"currency":"USD","total":"',
    '","tax":"0.00","shipping":"0.00","discount":"0.00","lines":[{"sku":"SKU-","kind":"item","quantity":1,"amount":"',
    '"}],"state":"applied","final":true,"settlement":null,"settlement":{"documentId":"1","amount":"reverses":null,"createdBy":{"id":"-5","kind":"integration"},"modifiedBy":{"id":"-5","kind":"integration"},"customerKey":null}]',
    '{"refund":{"role":"storefront","refundId":"9","orderId":"5","orderNumber":"#1","orderCreatedAt":"2026-1',
    'T00:00:00.000Z","createdAt":"2026-1","processedAt":"2026-1","updatedAt":"2026-1","settledAt":"2026-1.000Z","currency":"USD","settled":"',
    '","pending":"0.00","presentment":null,"components":{"items":"1","tax":"0.00","shipping":"0.00","shippingTax":"0.00","duties":"0.00","adjustment":"0.00","discount":"0.00"},"taxesIncluded":false,"lines":[{"lineId":"1","sku":"',
    '","quantity":1,"amount":"1","tax":"0.00","unitPrice":"1","discount":"0.00","discountKinds":[],"giftCard":false,"restock":"return","location":null}],"transactions":[{"id":"1","status":"success","gateway":"shopify_payments","method":"visa","manual":false,"amount":"',
    '","presentmentAmount":null,"rounding":"0.00","references":["pi_"],"processedAt":"2026-1","location":null,"user":null}],"channel":"web","app":null,"staff":null,"staffKnown":true,"retailLocation":null,"returnId":null,"returnStatus":null,"hasNote":false,"noteHasReference":false,"discountCodes":0,"orderEdited":false,"customerKey":null,"benign":[],"marks":[]}',
  ].join(""),
);
