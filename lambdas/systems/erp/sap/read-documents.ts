import type { ErpSettings } from "../erp-settings.ts";
import { UnreadableRow } from "../row-values.ts";
import type { ErpDocument } from "../../../refund/observation/observation.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import type { RejectedRecord, SourcePage } from "../../source.ts";
import { archived, archivedRow } from "./archive.ts";
import { keyOf, type SapClient } from "./client.ts";
import type { CreationClock } from "./creation-clock.ts";
import { billingDocument, isBilled, requestDocument, requestId } from "./document.ts";
import { readOrigins, startOfBilling, startOfRequest } from "./origins.ts";
import { problems } from "../../problems.ts";
import { type BillingRow, billingSchema, type RequestRow, requestSchema } from "./page.ts";
import {
  anyOf,
  BILLING,
  CREDIT_MEMO,
  CREDIT_MEMO_CANCELLATION,
  type EntitySet,
  INVOICE_CANCELLATION,
  REQUESTS,
} from "./query.ts";
import { billedAgain, companyOfSales } from "./related.ts";

/**
 * Converts rows of both lists to documents; an unreadable row is rejected alone.
 *
 * The cancellation of a credit memo is no document of its own: the memo is read again and returned
 * as cancelled, because the memo's own change time may not move. A request from which a memo was
 * made is a part of that memo; when the memo is cancelled and the request is open again, the request
 * is returned too. A request that is asked for by its id is returned as billed: it was stored while it
 * was open, and its billing document may name another order, or none.
 */
export async function readDocuments(
  rows: { readonly billing: readonly unknown[]; readonly requests: readonly unknown[] },
  {
    client,
    clock,
    isAsked = false,
  }: {
    readonly client: SapClient;
    readonly clock: CreationClock;
    /** The rows were asked for by their ids. */
    readonly isAsked?: boolean;
  },
  settings: ErpSettings,
): Promise<ReadDocuments> {
  const { referenceFields = [], paymentFields = [], scope } = settings;
  const own = [...referenceFields, ...paymentFields];
  const rejected: RejectedRecord[] = [];
  const raw = [rows.billing, rows.requests].flatMap((some) =>
    some.length === 0 ? [] : [archived(some, own)],
  );
  const billing = readBilling(rows.billing, own, rejected);
  const requests = new Map<string, { row: RequestRow; changedAt?: Instant | undefined }>();
  for (const row of readRequests(rows.requests, own, rejected)) {
    requests.set(row.CreditMemoRequest, { row });
  }

  // The memos of these cancellations, as they are now.
  const cancellations = billing.filter(isCancellation);
  const cancelledBy = new Map(
    cancellations.flatMap((one) =>
      one.CancelledBillingDocument === null ? [] : [[one.CancelledBillingDocument, one] as const],
    ),
  );
  const present = new Set(billing.map(({ BillingDocument: id }) => id));
  const toRead = [...cancelledBy.keys()].filter((id) => !present.has(id));
  const memoRows = await client.byKeys(BILLING, toRead, own);
  if (memoRows.length > 0) raw.push(archived(memoRows, own));
  const memos = readBilling(memoRows, own, rejected);
  clock.learn([...billing, ...memos]);

  const credits = [...billing, ...memos].filter(isCredit);
  await learnClock(credits, { client, clock });
  const starts = new Map(credits.map((row) => [row, startOfBilling(row)]));
  const requestStarts = new Map(
    [...requests.values()].map(({ row }) => [row, startOfRequest(row)]),
  );
  const all = [...starts.values(), ...requestStarts.values()];
  const origins = await readOrigins(all, client, own);
  const partOf = new Set(cancellations.map(({ BillingDocument: id }) => id));
  for (const [row, start] of starts) {
    const end = cancelledBy.get(row.BillingDocument);
    for (const request of origins.requestsOf(start)) {
      const id = request.CreditMemoRequest;
      if (isBilled(request)) partOf.add(requestId(id));
      else if (end !== undefined || row.BillingDocumentIsCancelled === true) {
        requests.set(id, { row: request, changedAt: end?.LastChangeDateTime });
      }
    }
  }

  const again = await billedAgain(
    credits.filter((row) => row.SDDocumentCategory === INVOICE_CANCELLATION),
    client,
  );
  const companies = await companyOfSales(
    [...requests.values()].map(({ row }) => row),
    credits,
    client,
  );
  const observations: ErpDocument[] = [];
  const take = (id: string, row: unknown, make: () => ErpDocument): void => {
    try {
      observations.push(make());
    } catch (error) {
      if (!(error instanceof UnreadableRow)) throw error;
      rejected.push(rejection(id, error.message, row, own));
    }
  };
  for (const [row, start] of starts) {
    const end = cancelledBy.get(row.BillingDocument) ?? null;
    take(row.BillingDocument, row, () =>
      billingDocument(
        {
          row,
          origins: origins.of(start),
          ownNumbers: origins.numbersOf(start),
          requests: origins.requestsOf(start).map(({ CreditMemoRequest: id }) => id),
          cancellation: end,
          billedAgainBy: again.get(row.BillingDocument) ?? null,
          madeAt: row.LastChangeDate === null ? null : clock.madeAt(row),
        },
        settings,
      ),
    );
  }
  let billed = 0;
  for (const { row, changedAt } of requests.values()) {
    const id = requestId(row.CreditMemoRequest);
    if (isBilled(row)) partOf.add(id);
    if (isBilled(row) && !isAsked) {
      billed += 1;
      continue;
    }
    const company = companies.get(row.SalesOrganization ?? "") ?? null;
    const start = requestStarts.get(row) ?? startOfRequest(row);
    const about = {
      origins: origins.of(start),
      ownNumbers: origins.numbersOf(start),
      company,
      alsoChangedAt: changedAt,
    };
    const document = (): ErpDocument => requestDocument(row, about, settings);
    const wanted = scope?.companies ?? [];
    const isOthers = company !== null && wanted.length > 0 && !wanted.includes(company);
    if (isOthers) billed += 1;
    else take(id, row, document);
  }

  const others = billing.length - billing.filter(isCredit).length;
  const newest = [
    ...billing.map((row) => ({ id: row.BillingDocument, at: row.LastChangeDateTime })),
    ...[...requests.values()].map(({ row }) => ({
      id: requestId(row.CreditMemoRequest),
      at: row.LastChangeDateTime,
    })),
  ]
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))
    .at(-1);
  const skipped = {
    ...(others > 0 && { no_credit: others }),
    ...(billed > 0 && { request_of_billed_credit: billed }),
  };
  return {
    raw,
    observations,
    rejected,
    ...(partOf.size > 0 && { partOf: [...partOf] }),
    skipped,
    highWater: newest?.at ?? null,
    ...(newest !== undefined && { newest: newest.id }),
    fetched: observations.length + rejected.length + others + billed,
  };
}

export type ReadDocuments = Pick<
  SourcePage<ErpDocument>,
  "raw" | "observations" | "rejected" | "partOf" | "skipped" | "highWater" | "newest" | "fetched"
>;

/** Where the page itself does not show the system's clock, some documents near it may. */
async function learnClock(
  credits: readonly BillingRow[],
  { client, clock }: { readonly client: SapClient; readonly clock: CreationClock },
): Promise<void> {
  const unknown = credits.filter(
    (row) => row.LastChangeDate !== null && clock.madeAt(row) === null,
  );
  const [first] = unknown.map((row) => row.LastChangeDateTime).toSorted();
  if (first === undefined || clock.isAsked) return;
  clock.isAsked = true;
  for (const [compare, direction] of [
    ["lt", "desc"],
    ["ge", "asc"],
  ] as const) {
    const page = await client.page(BILLING, {
      filter: `${anyOf("SDDocumentCategory", [CREDIT_MEMO])} and LastChangeDateTime ${compare} datetimeoffset'${first}'`,
      orderBy: `LastChangeDateTime ${direction}`,
      top: SOME_NEAR,
    });
    clock.learn((page?.rows ?? []).flatMap((row) => billingSchema.safeParse(row).data ?? []));
  }
}

const SOME_NEAR = 20;

/** Each row with its key and its change time, where these can be read. */
export function rowsWithKeys(
  entity: EntitySet,
  rows: readonly unknown[],
): readonly { row: unknown; id: string | null; at: Instant | null }[] {
  const schema = billingSchema.shape.LastChangeDateTime;
  return rows.map((row) => {
    const at = schema.safeParse(Reflect.get(Object(row), "LastChangeDateTime"));
    return { row, id: keyOf(entity, row), at: at.success ? at.data : null };
  });
}

function readBilling(
  rows: readonly unknown[],
  own: readonly string[],
  rejected: RejectedRecord[],
): BillingRow[] {
  return rows.flatMap((row) => {
    const read = billingSchema.safeParse(row);
    if (read.success) return [read.data];
    rejected.push(rejection(keyOf(BILLING, row), problems(read.error), row, own));
    return [];
  });
}

function readRequests(
  rows: readonly unknown[],
  own: readonly string[],
  rejected: RejectedRecord[],
): RequestRow[] {
  return rows.flatMap((row) => {
    const read = requestSchema.safeParse(row);
    if (read.success) return [read.data];
    const id = keyOf(REQUESTS, row);
    const reason = problems(read.error);
    rejected.push(rejection(id === null ? null : requestId(id), reason, row, own));
    return [];
  });
}

function isCredit({ SDDocumentCategory: category }: BillingRow): boolean {
  return category === CREDIT_MEMO || category === INVOICE_CANCELLATION;
}

function isCancellation({ SDDocumentCategory: category }: BillingRow): boolean {
  return category === CREDIT_MEMO_CANCELLATION;
}

/** The readable fields of an unreadable row are kept: it may be the booking of a refund. */
function rejection(
  id: string | null,
  reason: string,
  row: unknown,
  own: readonly string[],
): RejectedRecord {
  const text = (name: string): string | null => {
    const value: unknown = Reflect.get(Object(row), name);
    return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
  };
  const safe = archivedRow(row, own);
  const order: unknown = Reflect.get(Object(safe), "PurchaseOrderByCustomer");
  return {
    id,
    ...(id === null && { again: null }),
    reason,
    raw: JSON.stringify(safe),
    mayBe: {
      references:
        typeof order === "string" && order !== "" ? [{ field: "order", text: order }] : [],
      currency: text("TransactionCurrency"),
      total: text("TotalGrossAmount"),
    },
  };
}
