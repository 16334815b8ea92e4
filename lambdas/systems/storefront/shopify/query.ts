/**
 * The questions put to Shopify's Admin API, version 2026-07.
 *
 * Two phases, because most orders that change have no refund: a slim walk over changed orders, then
 * the details of the refunds found that are not known as they are listed. An object costs a point, a
 * connection of n twice the logarithm of n times one of its nodes; scalars and money are free. So
 * the details of many refunds are asked for through one connection of their orders, and inner pages
 * are as large as costs no more than a page of one. The rest is read only where `hasNextPage` says
 * that there is one. Nothing that names a customer is asked for.
 */
export const API_VERSION = "2026-07";

/** How many refunds of an order the walk lists; the list has no cursor, so a full one is read again. */
export const LISTED_REFUNDS = 10;
/** The most that Shopify gives of any list. */
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

/** Who answers, and what it lets this app see. */
export const SHOP = `
query Shop {
  shop { myshopifyDomain }
}`;
export const SHOP_AND_SCOPES = `
query ShopAndScopes {
  shop { myshopifyDomain }
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

/** Newest first: a refund's own agreement is among an order's last. */
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

/** The refunds of many orders at the price of a connection. */
export const REFUNDS_OF_ORDERS = `
query RefundsOfOrders($query: String!, $first: Int!) {
  orders(first: $first, query: $query) {
    nodes { ...OfOrder refunds(first: ${LISTED_REFUNDS}) { ...Own } }
  }
}${PARTS}`;

/** The same, one field a refund (`r0`, `r1`, …, variables `id0`, `id1`, …). */
export function refundsOneByOne(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const variables = numbers.map((index) => `$id${index}: ID!`).join(", ");
  const fields = numbers.map((index) => `  r${index}: refund(id: $id${index}) { ...Detail }`);
  return `\nquery RefundsOneByOne(${variables}) {\n${fields.join("\n")}\n}${WHOLE_DETAIL}`;
}

/** The connections of a refund, and the question for what lies behind the first page of each. */
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
