import type { DocumentReference, ErpDocument, StorefrontRefund } from "./observation.ts";

/**
 * Every text in a document's references that may be a storefront's refund id, the most certain
 * spelling first: "gid://shopify/Refund/987", "shopify-refund-987", "R-987", "987". They are only
 * candidates: a candidate becomes a reference when it equals the id of a real refund.
 */
export function refundIdsOf(document: Pick<ErpDocument, "references">): string[] {
  const found = new Set<string>();
  for (const reference of document.references) {
    if (isOwnNumber(reference)) continue;
    for (const id of certainIds(reference)) found.add(id);
  }
  for (const reference of document.references) {
    if (isOwnNumber(reference) || reference.field === "order") continue;
    for (const id of possibleIds(reference)) found.add(id);
  }
  return [...found];
}

/**
 * The refund ids that a document states clearly, so that it can belong to no other refund: a global
 * id, or the word "refund" with an id in the external id.
 */
export function statedRefundIds(document: ErpDocument): string[] {
  return document.references.flatMap(certainIds);
}

/**
 * The ids of storefront orders that a document states clearly: a global id, or the word "order"
 * with a number too long to be an order number that people see.
 */
export function statedOrderIds(document: Pick<ErpDocument, "references">): string[] {
  return document.references.flatMap(({ field, text }) => {
    if (isOwnNumber({ field, text }) || !CONTAINS_ORDER.test(text)) return [];
    return [...text.matchAll(GLOBAL_ORDER), ...text.matchAll(SPELT_OUT_ORDER)].map(
      ({ 1: id = "" }) => withoutZeros(id),
    );
  });
}

/** The ids of refunds and orders by which a document can be found. */
export function statedIds(document: ErpDocument): string[] {
  return [...new Set([...statedRefundIds(document), ...statedOrderIds(document)])];
}

/**
 * Numbers of a document that are probably ids of the storefront: a whole external id, or a whole
 * field of the brand file, of eleven digits or more.
 */
export function wholeIds(document: Pick<ErpDocument, "references">): string[] {
  return document.references.flatMap(({ field, text }) =>
    MAY_BE_ID.has(field) && WHOLE_ID.test(text.trim()) ? [withoutZeros(text.trim())] : [],
  );
}

/**
 * The id of a refund and its number for people, in the forms in which they are compared. A number
 * keeps the zeros that pad it: without them it may be another refund's id.
 */
export function namesOfRefund({
  refundId,
  refundNumber,
}: Pick<StorefrontRefund, "refundId" | "refundNumber">): readonly string[] {
  const number = refundNumber === undefined ? [] : [refundNumber.trim().toUpperCase()];
  return [normaliseRefundId(refundId), ...number];
}

/** The normal form of a refund's own id. Candidates are compared with this form. */
export function normaliseRefundId(refundId: string): string {
  if (PLAIN_ID.test(refundId)) return refundId;
  const last = refundId.trim().split("/").at(-1) ?? "";
  return withoutZeros(last.toUpperCase());
}

function certainIds({ field, text }: DocumentReference): readonly string[] {
  if (!CONTAINS_REFUND.test(text)) return NONE; // nearly every reference is an order number
  const ids = [...text.matchAll(GLOBAL_ID)].map(({ 1: id = "" }) => withoutZeros(id));
  if (field === "external_id") {
    for (const { 1: id = "" } of text.matchAll(SPELT_OUT)) ids.push(withoutZeros(id));
  }
  return ids;
}

function possibleIds({ field, text }: DocumentReference): string[] {
  // Zeros pad the number of a credit memo and never its id: "000000443" is not the id 443.
  if (field === "refund" && PADDED.test(text.trim())) return [text.trim()];
  const ids: string[] = [];
  for (const { 1: id = "" } of text.matchAll(SPELT_OUT)) ids.push(withoutZeros(id));
  for (const { 1: id = "" } of text.matchAll(PREFIXED)) ids.push(withoutZeros(id));
  for (const { 0: id } of text.matchAll(LONG_NUMBER)) ids.push(withoutZeros(id));
  // A short number in a memo can mean anything; a whole external id may be a refund id.
  const whole = text.trim();
  if (MAY_BE_ID.has(field) && /^[\w-]{1,40}$/.test(whole)) ids.push(normaliseRefundId(whole));
  return ids;
}

/** The ERP's own number of a document is never an id of the storefront. */
function isOwnNumber({ field }: DocumentReference): boolean {
  return field === "number" || field === "source";
}

function withoutZeros(id: string): string {
  return id.replace(/^0+(?=\d)/, "").toUpperCase();
}

const MAY_BE_ID: ReadonlySet<DocumentReference["field"]> = new Set([
  "external_id",
  "configured",
  "refund",
]);
const NONE: readonly never[] = [];
const CONTAINS_REFUND = /refund/i;
const PLAIN_ID = /^[1-9]\d*$/;
const GLOBAL_ID = /gid:\/\/\w+\/Refund\/(\d+)/gi;
const SPELT_OUT = /refund(?:[-_ ]?id)?[-_:#/ ]{0,3}(\d+)\b/gi;
const PREFIXED = /\b(?:R|RF|REF)[-_:#]?(\d{2,})\b/gi;
const CONTAINS_ORDER = /order/i;
const GLOBAL_ORDER = /gid:\/\/\w+\/Order\/(\d+)/gi;
const SPELT_OUT_ORDER = /order(?:[-_ ]?id)?[-_:#/ ]{0,3}(\d{11,})\b/gi;
const PADDED = /^0\d{1,18}$/;
const WHOLE_ID = /^\d{11,18}$/;
const LONG_NUMBER = /(?<![\w#-])\d{6,}(?![\w-])/g;
