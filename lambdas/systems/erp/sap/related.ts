import * as z from "zod";
import { keyOf, type SapClient } from "./client.ts";
import type { BillingRow, RequestRow } from "./page.ts";
import { billingSchema } from "./page.ts";
import { anyOf, BILLING, type EntitySet, INVOICE } from "./query.ts";

/**
 * The invoices that were made in place of cancelled ones, by the cancellation's number. An invoice
 * that is cancelled and billed again, for example after a wrong address, gives no money back.
 */
export async function billedAgain(
  cancellations: readonly BillingRow[],
  client: SapClient,
): Promise<ReadonlyMap<string, string>> {
  const again = new Map([
    ...(await billedForOrder(cancellations, client)),
    ...(await billedForPurchase(cancellations, client)),
  ]);
  return again;
}

/** By the customer's reference, which an invoice takes over from its order. */
async function billedForPurchase(
  cancellations: readonly BillingRow[],
  client: SapClient,
): Promise<ReadonlyMap<string, string>> {
  const again = new Map<string, string>();
  const texts = [...new Set(cancellations.flatMap((row) => row.PurchaseOrderByCustomer ?? []))];
  for (let at = 0; at < texts.length; at += ORDERS_A_QUERY) {
    const some = texts.slice(at, at + ORDERS_A_QUERY);
    const filter = `${anyOf("SDDocumentCategory", [INVOICE])} and ${anyOf("PurchaseOrderByCustomer", some)}`;
    const page = await client.page(BILLING, { filter, top: MOST_ITEMS });
    const invoices = (page?.rows ?? []).flatMap((row) => billingSchema.safeParse(row).data ?? []);
    for (const row of cancellations) {
      const made = invoices.find(
        (one) =>
          one.PurchaseOrderByCustomer === row.PurchaseOrderByCustomer &&
          one.BillingDocument !== row.CancelledBillingDocument &&
          one.BillingDocumentIsCancelled !== true &&
          isAfter(one, row),
      );
      if (made !== undefined) again.set(row.BillingDocument, made.BillingDocument);
    }
  }
  return again;
}

/** By the sales order, where the documents have no reference of the customer. */
async function billedForOrder(
  cancellations: readonly BillingRow[],
  client: SapClient,
): Promise<ReadonlyMap<string, string>> {
  const unnamed = cancellations.filter((row) => row.PurchaseOrderByCustomer === null);
  const orders = unnamed.flatMap((row) => salesOf(row));
  const again = new Map<string, string>();
  if (orders.length === 0) return again;
  const documentsOf = new Map<string, Set<string>>();
  const once = [...new Set(orders)];
  for (let at = 0; at < once.length; at += ORDERS_A_QUERY) {
    const filter = anyOf("SalesDocument", once.slice(at, at + ORDERS_A_QUERY));
    const page = await client.page(ITEMS, { filter, top: MOST_ITEMS });
    for (const row of page?.rows ?? []) {
      const id = keyOf(ITEMS, row);
      const order = itemSchema.safeParse(row).data?.SalesDocument;
      if (id === null || order === undefined || order === null) continue;
      documentsOf.set(order, (documentsOf.get(order) ?? new Set()).add(id));
    }
  }
  const ids = [...documentsOf.values()].flatMap((some) => [...some]);
  const known = new Set(cancellations.map(({ BillingDocument: id }) => id));
  const invoices = new Map(
    (
      await client.byKeys(
        BILLING,
        ids.filter((id) => !known.has(id)),
      )
    ).flatMap((row) => {
      const read = billingSchema.safeParse(row);
      const isLive =
        read.success &&
        read.data.SDDocumentCategory === INVOICE &&
        read.data.BillingDocumentIsCancelled !== true;
      return isLive ? [[read.data.BillingDocument, read.data] as const] : [];
    }),
  );
  for (const row of unnamed) {
    const candidates = salesOf(row).flatMap((order) => [...(documentsOf.get(order) ?? [])]);
    const made = candidates.find(
      (id) => id !== row.CancelledBillingDocument && isAfter(invoices.get(id), row),
    );
    if (made !== undefined) again.set(row.BillingDocument, made);
  }
  return again;
}

/**
 * The company code of each sales organisation of these requests: a request does not state it, and in
 * SAP a sales organisation belongs to one company code.
 */
export async function companyOfSales(
  requests: readonly RequestRow[],
  billing: readonly BillingRow[],
  client: SapClient,
): Promise<ReadonlyMap<string, string>> {
  const companies = new Map(
    billing.flatMap(({ SalesOrganization: sales, CompanyCode: company }) =>
      sales === null || company === null ? [] : [[sales, company] as const],
    ),
  );
  const wanted = new Set(requests.flatMap(({ SalesOrganization: sales }) => sales ?? []));
  for (const sales of wanted) {
    if (companies.has(sales)) continue;
    const page = await client.page(BILLING, {
      filter: anyOf("SalesOrganization", [sales]),
      top: 1,
    });
    const [row] = page?.rows ?? [];
    const company: unknown = Reflect.get(Object(row), "CompanyCode");
    if (typeof company === "string" && company !== "") companies.set(sales, company);
  }
  return companies;
}

/** The sales orders of a document: requests and returns have own billing documents. */
function salesOf(row: BillingRow): readonly string[] {
  return row.to_Item.flatMap(({ SalesDocument: id, SalesSDDocumentCategory: category }) =>
    id === null || (category !== null && category !== SALES_ORDER) ? [] : [id],
  );
}

/** Not older than the cancellation: an order may be billed in parts. */
function isAfter(invoice: BillingRow | undefined, cancellation: BillingRow): boolean {
  if (invoice === undefined) return false;
  const made = invoice.CreationDate ?? invoice.BillingDocumentDate;
  const ended = cancellation.CreationDate ?? cancellation.BillingDocumentDate;
  if (made !== ended) return made > ended;
  return invoice.LastChangeDateTime >= cancellation.LastChangeDateTime;
}

/** The published metadata filters items by their sales document, and headers by nothing of an item. */
const ITEMS: EntitySet = {
  service: "API_BILLING_DOCUMENT_SRV",
  set: "A_BillingDocumentItem",
  key: "BillingDocument",
  required: ["BillingDocument", "SalesDocument"],
  optional: [],
};
const itemSchema = z.object({ SalesDocument: z.string().nullish() });
const SALES_ORDER = "C";
const ORDERS_A_QUERY = 30;
const MOST_ITEMS = 1_000;
