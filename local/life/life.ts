/**
 * Some weeks of a brand's life, in the terms of both systems, and the truth about each refund.
 *
 * It uses the terms of the platforms, because the simulators serve it. Amounts are decimal strings,
 * times are UTC ISO instants. An object that changes contains its whole history, so that a
 * simulator can serve the world as it was at any instant.
 */
export type Life = {
  readonly seed: number;
  readonly from: string;
  readonly to: string;
  readonly shop: { readonly domain: string; readonly currency: string; readonly timeZone: string };
  readonly orders: readonly LifeOrder[];
  readonly refunds: readonly LifeRefund[];
  readonly documents: readonly LifeDocument[];
  /** Absent: every payment that went back belongs to a refund. */
  readonly paymentsWithoutRefund?: readonly LifePayment[];
  readonly truths: readonly Truth[];
  /** What a brand file must contain for this brand: which users are machines, what is in scope. */
  readonly settings: LifeSettings;
  /** What the seed planted, for scoring; never read by the product. */
  readonly planted: LifePlanted;
};

type LifeSettings = {
  /** Ids and names of the ERP's integration users. */
  readonly erpMachines: readonly LifePerson[];
  /** Titles of the apps that refund without a person. */
  readonly storefrontMachines: readonly string[];
  /** Source names of the channels whose refunds go to this ERP. */
  readonly channels: readonly string[];
  readonly orderPrefixes: readonly string[];
  /** Decimal of the shop's currency. */
  readonly approvalLimit: string;
  /** Registers round cash to it; null where all coins are in use. */
  readonly smallestCoin: string | null;
  /** Features that the platforms do not show in this life, by the names of `LifeOptions`. */
  readonly hidden: readonly string[];
};

type LifePlanted = {
  /** Share of eligible refunds, by fault. */
  readonly shares: Readonly<Record<string, number>>;
  /** The wrong rule by which the ERP computes; null when it computes correctly. */
  readonly roundingRule: string | null;
  readonly lateAfterHours: number;
};

/** Money that went back to a buyer outside the shop's refunds. */
type LifePayment = {
  readonly transactionId: string;
  readonly orderId: string;
  readonly at: string;
  readonly amount: string;
};

export type LifeOrder = {
  readonly orderId: string;
  readonly number: number;
  /** "#1001" */
  readonly name: string;
  readonly createdAt: string;
  /** Changes of the order that are not refunds (edits, fulfilment): they change updatedAt. */
  readonly touchedAt: readonly string[];
  /** "web", "pos", "shopify_draft_order", or the number of another sales channel's app */
  readonly sourceName: string;
  readonly appTitle: string | null;
  readonly retailLocation: LifePlace | null;
  readonly currency: string;
  readonly presentmentCurrency: string;
  /**
   * Presentment units for one unit of shop currency, as a decimal string; "1" when the same. Each
   * presentment amount is the shop amount times this, rounded half up to the currency's digits.
   */
  readonly presentmentRate: string;
  readonly taxesIncluded: boolean;
  readonly test: boolean;
  readonly edited: boolean;
  readonly lines: readonly LifeOrderLine[];
  readonly shipping: {
    readonly title: string;
    readonly amount: string;
    readonly tax: string;
  } | null;
  readonly discountCodes: readonly string[];
  /** The same person as the ERP's entity, where the ERP keeps one for each buyer. */
  readonly customer?: LifePerson;
  readonly payment: {
    readonly transactionId: string;
    readonly gateway: string;
    readonly formattedGateway: string;
    readonly manual: boolean;
    readonly paymentId: string;
    readonly amount: string;
  };
};

export type LifePlace = { readonly id: string; readonly name: string };
export type LifePerson = { readonly id: string; readonly name: string };

type LifeOrderLine = {
  readonly lineId: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: string;
  readonly discounts: readonly {
    readonly kind: "code" | "automatic" | "manual";
    /** Code or title. */
    readonly label: string;
    /** Taken off the whole line. */
    readonly amount: string;
  }[];
  readonly tax: string;
  /** Rate of that tax, "0.08875". */
  readonly taxRate?: string;
  readonly giftCard: boolean;
};

export type LifeRefund = {
  readonly refundId: string;
  readonly orderId: string;
  readonly createdAt: string;
  readonly processedAt: string;
  readonly lines: readonly {
    readonly id: string;
    readonly lineId: string;
    readonly quantity: number;
    readonly subtotal: string;
    readonly tax: string;
    readonly restockType: "RETURN" | "CANCEL" | "NO_RESTOCK";
    readonly location: LifePlace | null;
  }[];
  readonly shipping: { readonly amount: string; readonly tax: string } | null;
  readonly adjustments: readonly {
    readonly id: string;
    readonly reason: string | null;
    /** The storefront's sign: negative when the buyer got more than calculated. */
    readonly amount: string;
    readonly tax: string;
  }[];
  readonly duties: string;
  readonly transactions: readonly {
    readonly transactionId: string;
    readonly gateway: string;
    readonly formattedGateway: string;
    readonly manual: boolean;
    readonly paymentId: string;
    readonly amount: string;
    /** Cash rounding: the cash paid at the register minus `amount`; "0.00" for other payments. */
    readonly rounding: string;
    readonly test: boolean;
    readonly location: LifePlace | null;
    readonly user: LifePerson | null;
    /** Oldest first; the first is the initial status. */
    readonly statuses: readonly {
      readonly at: string;
      readonly status: "SUCCESS" | "PENDING" | "FAILURE" | "ERROR";
      /** True if this status does not change the refund's change time. */
      readonly silent?: boolean;
    }[];
  }[];
  readonly staff: LifePerson | null;
  /** The app that made the refund. */
  readonly app: { readonly id: string; readonly title: string } | null;
  readonly note: string | null;
  readonly returnName: string | null;
  /** The return has exchange lines, whose price replaced the money. */
  readonly exchange?: boolean;
};

export type LifeDocument = {
  /** NetSuite's internal id, digits. */
  readonly documentId: string;
  readonly type: "CustCred" | "CashRfnd" | "CustRfnd";
  readonly tranId: string;
  /** What it was made from; null when entered by hand. */
  readonly createdFrom: LifeOrigin | null;
  /** For a CustRfnd: the credit memo that it pays out. */
  readonly pays: string | null;
  readonly entity: LifePerson;
  readonly subsidiary: string;
  /** Warehouses of its lines, in turn; absent in an account with one location. */
  readonly locations?: readonly string[];
  readonly source: string | null;
  readonly createdBy: LifePerson;
  /** Oldest first; the first is the document as created, each later one an edit. */
  readonly versions: readonly LifeDocumentVersion[];
  /** Deleted in the user interface at this time. */
  readonly deletedAt: string | null;
  readonly deletedBy: LifePerson | null;
};

/** A document that is no refund, such as the order of a refund. */
export type LifeOrigin = {
  readonly internalId: string;
  readonly type: "SalesOrd" | "CustInvc" | "CashSale" | "RtnAuth" | "CustDep";
  readonly tranId: string;
  readonly otherRefNum: string | null;
  readonly externalId: string | null;
  readonly madeFrom?: LifeOrigin;
};

export type LifeDocumentVersion = {
  readonly at: string;
  readonly by: LifePerson;
  readonly externalId: string | null;
  readonly otherRefNum: string | null;
  readonly memo: string | null;
  /** Calendar date. */
  readonly tranDate: string;
  /** ISO code. */
  readonly currency: string;
  readonly exchangeRate: string;
  /** Positive: the simulator gives it NetSuite's sign. */
  readonly total: string;
  readonly lines: readonly {
    readonly itemType: "InvtPart" | "ShipItem" | "Discount" | "TaxItem" | "OthCharge" | "GiftCert";
    readonly itemName: string;
    readonly quantity: number | null;
    readonly rate: string | null;
    /** Positive when it adds to the refund. */
    readonly amount: string;
    readonly taxLine: boolean;
  }[];
  /** NetSuite's status code of one character. */
  readonly status: string;
  readonly statusText: string;
  readonly voided: boolean;
  readonly posting: boolean;
};

/** The truth, for scoring. The product never reads it. */
export type Truth = {
  readonly refundId: string | null;
  readonly documentIds: readonly string[];
  /** Kinds of mismatch (domain vocabulary) that a perfect product reports at the life's end. */
  readonly mismatches: readonly string[];
  readonly cause: "integration" | "process" | "both" | null;
  readonly pattern: string | null;
  /** Why it is benign, where it looks like a fault. */
  readonly benign: string | null;
  /** When the fault ended by itself (late arrival, correction). */
  readonly healedAt: string | null;
  /** The planted fault by its name in `LifeOptions`; absent or null if there is none. */
  readonly fault?: string | null;
};
