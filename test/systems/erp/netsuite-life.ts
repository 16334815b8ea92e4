import type { Life, LifeDocument, LifeDocumentVersion } from "../../../local/life/life.ts";

/** What NetSuite's simulator needs of a life. */
export function lifeOf(...documents: readonly LifeDocument[]): Pick<Life, "documents"> {
  return { documents };
}

/** A credit memo in step: one item, its tax, shipping, a discount; made by the integration. */
export function creditMemo(
  spoilt: Partial<Omit<LifeDocument, "versions">> & { readonly at?: string } = {},
  ...versions: readonly Partial<LifeDocumentVersion>[]
): LifeDocument {
  const { at = "2026-11-10T10:00:00.000Z", ...document } = spoilt;
  const first: LifeDocumentVersion = {
    at,
    by: MACHINE,
    externalId: "9001",
    otherRefNum: "#1001",
    memo: null,
    tranDate: at.slice(0, 10),
    currency: "USD",
    exchangeRate: "1",
    total: "25.50",
    lines: [
      line("InvtPart", "SOCK-1", "22.00", { quantity: 2, rate: "11.00" }),
      line("Discount", "Autumn", "-2.00"),
      line("ShipItem", "Ground", "4.00"),
      line("TaxItem", "Sales tax", "1.50", { taxLine: true }),
    ],
    status: "A",
    statusText: "Credit Memo : Open",
    voided: false,
    posting: true,
  };
  return {
    documentId: "5001",
    type: "CustCred",
    tranId: "CM5001",
    createdFrom: {
      internalId: "301",
      type: "CustInvc",
      tranId: "INV301",
      otherRefNum: "#1001",
      externalId: "1001",
    },
    pays: null,
    entity: { id: "77", name: "Jane Canary" },
    subsidiary: "1",
    source: "webServices",
    createdBy: MACHINE,
    deletedAt: null,
    deletedBy: null,
    ...document,
    versions: (versions.length === 0 ? [{}] : versions).map((version) => ({
      ...first,
      ...version,
    })),
  };
}

/** The payout of a credit memo, entered by hand. */
export function payoutOf(credit: string, at: string, documentId: string): LifeDocument {
  return creditMemo(
    {
      documentId,
      type: "CustRfnd",
      tranId: `RF${documentId}`,
      createdFrom: null,
      pays: credit,
      source: null,
      createdBy: CLERK,
      at,
    },
    {
      by: CLERK,
      externalId: null,
      otherRefNum: null,
      lines: [],
      status: "R",
      statusText: "Customer Refund : Issued",
    },
  );
}

export const MACHINE = { id: "1455", name: "Connector, the" };
const CLERK = { id: "1585", name: "Clara Canary" };

function line(
  itemType: LifeDocumentVersion["lines"][number]["itemType"],
  itemName: string,
  amount: string,
  more: Partial<LifeDocumentVersion["lines"][number]> = {},
): LifeDocumentVersion["lines"][number] {
  return { itemType, itemName, quantity: null, rate: null, amount, taxLine: false, ...more };
}
