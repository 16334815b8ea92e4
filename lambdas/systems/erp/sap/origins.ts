import { keyOf, type SapClient } from "./client.ts";
import {
  type BillingRow,
  billingSchema,
  originSchema,
  type OriginRow,
  type RequestRow,
  requestSchema,
} from "./page.ts";
import {
  BILLING,
  CREDIT_MEMO_REQUEST,
  CUSTOMER_RETURN,
  type EntitySet,
  INVOICE,
  REQUESTS,
  RETURNS,
} from "./query.ts";

/**
 * The documents from which others were made: credit memo requests, customer returns and invoices, up
 * to three steps back. The sales order is not read: its number stands in the document itself.
 *
 * @param referenceFields the brand's own fields, which requests and billing documents may have
 */
export async function readOrigins(
  starts: readonly Start[],
  client: SapClient,
  referenceFields: readonly string[],
): Promise<Origins> {
  const known = new Map<string, Read>();
  let open = starts.flatMap(({ from }) => from);
  for (let step = 0; step < MOST_STEPS && open.length > 0; step += 1) {
    const wanted = open.filter((one) => !known.has(nameOf(one)));
    const next: Link[] = [];
    for (const [category, entity] of ENTITIES) {
      const ids = wanted.filter((one) => one.category === category).map(({ id }) => id);
      if (ids.length === 0) continue;
      for (const row of await client.byKeys(entity, ids, referenceFields)) {
        const id = keyOf(entity, row);
        const origin = originSchema.safeParse(row);
        if (id === null || !origin.success) continue;
        const links = linksOf(origin.data);
        const request = category === CREDIT_MEMO_REQUEST ? requestSchema.safeParse(row).data : null;
        known.set(nameOf({ id, category }), {
          origin: origin.data,
          links,
          request: request ?? null,
        });
        next.push(...links);
      }
    }
    open = next;
  }
  return {
    of: ({ from }) => walk(from, known).map(({ origin }) => origin),
    numbersOf: ({ from }) => [
      ...from.map(({ id }) => id),
      ...walk(from, known).flatMap(({ links }) => links.map(({ id }) => id)),
    ],
    requestsOf: ({ from }) => walk(from, known).flatMap(({ request }) => request ?? []),
  };
}

export type Origins = {
  /** The nearest first. */
  of(start: Start): readonly OriginRow[];
  requestsOf(start: Start): readonly RequestRow[];
  /** SAP's own numbers of all these documents: none of them is a number of the shop. */
  numbersOf(start: Start): readonly string[];
};

/** A document, by the documents from which it was made. */
export type Start = { readonly from: readonly Link[] };
type Link = { readonly id: string; readonly category: string };

export function startOfBilling(row: BillingRow): Start {
  const items = row.to_Item.flatMap((item): Link[] => [
    ...link(item.ReferenceSDDocument, item.ReferenceSDDocumentCategory),
    ...link(item.SalesDocument, item.SalesSDDocumentCategory),
  ]);
  return { from: [...items, ...link(row.CancelledBillingDocument, INVOICE)] };
}

export function startOfRequest(row: RequestRow): Start {
  return { from: link(row.ReferenceSDDocument, row.ReferenceSDDocumentCategory) };
}

type Read = {
  readonly origin: OriginRow;
  readonly links: readonly Link[];
  readonly request: RequestRow | null;
};

function walk(from: readonly Link[], known: ReadonlyMap<string, Read>): readonly Read[] {
  const found = new Map<string, Read>();
  let open = from;
  for (let step = 0; step < MOST_STEPS && open.length > 0; step += 1) {
    const next: Link[] = [];
    for (const one of open) {
      const read = known.get(nameOf(one));
      if (read === undefined || found.has(nameOf(one))) continue;
      found.set(nameOf(one), read);
      next.push(...read.links);
    }
    open = next;
  }
  return [...found.values()];
}

function linksOf(row: OriginRow): Link[] {
  const invoice = billingSchema.safeParse(row);
  const items = invoice.success ? startOfBilling(invoice.data).from : [];
  return [...link(row.ReferenceSDDocument, row.ReferenceSDDocumentCategory), ...items];
}

function link(id: string | null, category: string | null): Link[] {
  return id === null || category === null || !ENTITIES.has(category) ? [] : [{ id, category }];
}

function nameOf({ id, category }: Link): string {
  return `${category} ${id}`;
}

const ENTITIES: ReadonlyMap<string, EntitySet> = new Map([
  [CREDIT_MEMO_REQUEST, REQUESTS],
  [CUSTOMER_RETURN, RETURNS],
  [INVOICE, BILLING],
]);
const MOST_STEPS = 3;
