/**
 * The queries for Shopify's Admin API, version 2026-07.
 *
 * There are two phases, because most changed orders have no refund: first a small query for the
 * changed orders, then the details of their refunds whose listed version is not stored yet. An
 * object costs one point. A connection of n nodes costs twice the logarithm of n, times the cost of
 * one node. Scalars and money are free. So the details of many refunds are read through one
 * connection of their orders. Inner pages have the largest size that costs no more than a page of
 * one; the next pages are read only where `hasNextPage` is true. No query requests data that names
 * a customer.
 */
export const API_VERSION = "2026-07";

/** Refunds per order in the first phase; the list has no cursor, so a full list is read again. */
export const LISTED_REFUNDS = 10;
/** The largest number of items that Shopify returns for any list. */
export const MOST_REFUNDS = 250;

export const CHANGED_ORDERS = `
query ChangedOrders($query: String!, $first: Int!, $after: String, $count: Boolean!) {
  ordersCount(query: $query, limit: null) @include(if: $count) { count precision }
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes { id name updatedAt test refunds(first: ${LISTED_REFUNDS}) { ...Listed } }
  }
}
fragment Listed on Refund {
  id
  updatedAt
  totalRefundedSet { shopMoney { amount } }
}`;

/** Which shop answers, and which scopes this app has. */
export const SHOP = `
query Shop {
  shop { myshopifyDomain }
}`;
export const SHOP_AND_SCOPES = `
query ShopAndScopes {
  shop { myshopifyDomain }
  currentAppInstallation { accessScopes { handle } }
}`;

export const EXAMINE_SHOP = `
query ExamineShop {
  shop { myshopifyDomain currencyCode ianaTimezone }
  currentAppInstallation { accessScopes { handle } }
}`;

export const STILL_THERE = `
query StillThere($ids: [ID!]!) {
  nodes(ids: $ids) { id }
}`;

export const ALL_REFUNDS_OF_ORDER = `
query AllRefundsOfOrder($id: ID!) {
  order(id: $id) {
    id
    name
    updatedAt
    test
    refunds(first: ${MOST_REFUNDS}) { id updatedAt totalRefundedSet { shopMoney { amount } } }
  }
}`;

/** Money that moved, in both directions, by time and not by order. */
export const TENDER_TRANSACTIONS = `
query TenderTransactions($query: String!, $after: String) {
  tenderTransactions(first: 250, after: $after, query: $query) {
    pageInfo { hasNextPage endCursor }
    nodes { id amount { amount currencyCode } processedAt test order { id name } }
  }
}`;

const BAG = `
fragment Bag on MoneyBag {
  shopMoney { amount currencyCode }
  presentmentMoney { amount currencyCode }
}`;

const LINES = `
fragment Lines on RefundLineItemConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    quantity
    restockType
    location { name }
    subtotalSet { ...Bag }
    totalTaxSet { ...Bag }
    lineItem {
      id
      sku
      quantity
      isGiftCard
      originalUnitPriceSet { ...Bag }
      discountAllocations { allocatedAmountSet { ...Bag } discountApplication { kind: __typename } }
    }
  }
}`;

const SHIPPING = `
fragment Shipping on RefundShippingLineConnection {
  pageInfo { hasNextPage endCursor }
  nodes { subtotalAmountSet { ...Bag } taxAmountSet { ...Bag } }
}`;

const ADJUSTMENTS = `
fragment Adjustments on OrderAdjustmentConnection {
  pageInfo { hasNextPage endCursor }
  nodes { reason amountSet { ...Bag } taxAmountSet { ...Bag } }
}`;

const TRANSACTIONS = `
fragment Transactions on OrderTransactionConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    id
    kind
    status
    test
    gateway
    formattedGateway
    manualPaymentGateway
    paymentId
    processedAt
    amountSet { ...Bag }
    amountRoundingSet { ...Bag }
    parentTransaction { paymentId }
    location { name }
    user { id }
  }
}`;

/** Newest first, because a refund's own agreement is among the last of its order. */
const AGREEMENTS = `
fragment Agreements on SalesAgreementConnection {
  pageInfo { hasNextPage endCursor }
  nodes { app { title } user { id } ... on RefundAgreement { refund { id } } }
}`;

const OWN = `
fragment Own on Refund {
  id
  legacyResourceId
  createdAt
  processedAt
  updatedAt
  note
  totalRefundedSet { ...Bag }
  staffMember { id }
  return { id status }
  duties { amountSet { ...Bag } }
  refundLineItems(first: 4) { ...Lines }
  refundShippingLines(first: 2) { ...Shipping }
  orderAdjustments(first: 4) { ...Adjustments }
  transactions(first: 4) { ...Transactions }
}`;

const OF_ORDER = `
fragment OfOrder on Order {
  id
  legacyResourceId
  name
  createdAt
  test
  edited
  taxesIncluded
  currencyCode
  presentmentCurrencyCode
  sourceName
  discountCodes
  retailLocation { name }
  agreements(first: 4, reverse: true) { ...Agreements }
}`;

const PARTS = [OWN, OF_ORDER, LINES, SHIPPING, ADJUSTMENTS, TRANSACTIONS, AGREEMENTS, BAG].join("");

const WHOLE_DETAIL = `
fragment Detail on Refund {
  ...Own
  order { ...OfOrder }
}${PARTS}`;

export const REFUNDS = `
query Refunds($ids: [ID!]!) {
  nodes(ids: $ids) { __typename ...Detail }
}${WHOLE_DETAIL}`;

/** Whose credit it is, and how the order was paid: for the few orders that were refunded as credit. */
export const CREDIT_HOLDERS = `
query CreditHolders($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Order { legacyResourceId paymentGatewayNames customer { id } }
  }
}`;

/** The refunds of many orders, for the cost of one connection. */
export const REFUNDS_OF_ORDERS = `
query RefundsOfOrders($query: String!, $first: Int!) {
  orders(first: $first, query: $query) {
    nodes { ...OfOrder refunds(first: ${LISTED_REFUNDS}) { ...Own } }
  }
}${PARTS}`;

/** The same as {@link REFUNDS}, with one field per refund (`r0`, …; variables `id0`, …). */
export function refundsOneByOne(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const variables = numbers.map((index) => `$id${index}: ID!`).join(", ");
  const fields = numbers.map((index) => `  r${index}: refund(id: $id${index}) { ...Detail }`);
  return `\nquery RefundsOneByOne(${variables}) {\n${fields.join("\n")}\n}${WHOLE_DETAIL}`;
}

/** The connections of a refund, and the query for the pages after the first page of each. */
export const REST_OF = {
  refundLineItems: rest("refund", "refundLineItems(first: 50, after: $after) { ...Lines }", LINES),
  refundShippingLines: rest(
    "refund",
    "refundShippingLines(first: 50, after: $after) { ...Shipping }",
    SHIPPING,
  ),
  orderAdjustments: rest(
    "refund",
    "orderAdjustments(first: 50, after: $after) { ...Adjustments }",
    ADJUSTMENTS,
  ),
  transactions: rest(
    "refund",
    "transactions(first: 50, after: $after) { ...Transactions }",
    TRANSACTIONS,
  ),
};

export const REST_OF_AGREEMENTS = `
query RestOfAgreements($id: ID!, $after: String!) {
  parent: order(id: $id) {
    rest: agreements(first: 50, after: $after, reverse: true) { ...Agreements }
  }
}${AGREEMENTS}`;

function rest(parent: string, field: string, fragment: string): string {
  return `
query Rest($id: ID!, $after: String!) {
  parent: ${parent}(id: $id) {
    rest: ${field}
  }
}${fragment}${BAG}`;
}
