import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErpDocument } from "../../../../lambdas/refund/observation/observation.ts";
import { http } from "../../../../lambdas/systems/http/http.ts";
import type { SourcePage } from "../../../../lambdas/systems/source.ts";
import { sap, type SapOptions } from "../../../../lambdas/systems/erp/sap/sap.ts";
import { keyOf } from "../../../../lambdas/systems/erp/sap/client.ts";
import { BILLING, REQUESTS } from "../../../../lambdas/systems/erp/sap/query.ts";
import { ENTITIES } from "../../../../local/sap/entities.ts";
import { filterOf } from "../../../../local/sap/filter.ts";
import { allPages, NOVEMBER } from "../../every-page.ts";
import { doorTo, serverThat } from "../../loopback.ts";

/**
 * A small SAP that is not the simulator: it shows the rows that a test gives it, by OData V2 as the
 * published documents describe it.
 */
export async function aSystem(world: World, options: Partial<SapOptions> = {}) {
  const asked: URL[] = [];
  const url = await serverThat((request, response) => {
    const address = new URL(request.url ?? "", "http://sap");
    asked.push(address);
    if (world.instead?.(request, response) === true) return;
    answer(world, address, response);
  });
  const { door, events, waits, wait, log } = doorTo(url);
  const system = sap({
    baseUrl: url,
    credentials: { username: "REFUND_WATCH", password: "pass:word ü" },
    http: door,
    door: (baseUrl) => http({ baseUrl, log, wait, random: () => 0, timeoutMs: 2_000 }),
    log,
    integrationUsers: ["CC0000000007"],
    ...options,
  });
  return { system, asked, events, waits, url };
}

export type Row = Readonly<Record<string, unknown>>;
export type World = {
  billing: Row[];
  requests?: Row[];
  returns?: Row[];
  /** The server ends its pages after so many rows. */
  serverPage?: number;
  /** Answers in place of the system; true when it did. */
  instead?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Called after a page was sent: the world moves on. */
  afterPage?: () => void;
};

export const AT = Date.parse("2026-11-10T10:00:00Z");

/** A credit memo in the books: 22.00 = 20.00 net + 2.00 tax. */
export function memo(more: Row = {}): Row {
  return {
    BillingDocument: "90000001",
    SDDocumentCategory: "O",
    BillingDocumentType: "G2",
    LastChangeDateTime: instant(AT),
    LastChangeDate: null,
    CreationDate: "/Date(1794268800000)/",
    CreationTime: "PT11H00M00S",
    BillingDocumentDate: "/Date(1794268800000)/",
    TotalNetAmount: "20.00",
    TaxAmount: "2.00",
    TotalGrossAmount: "22.00",
    TransactionCurrency: "USD",
    CompanyCode: "1710",
    SalesOrganization: "1710",
    DistributionChannel: "10",
    Division: "00",
    BillingDocumentIsCancelled: false,
    CancelledBillingDocument: "",
    AccountingTransferStatus: "C",
    AccountingPostingStatus: "C",
    AccountingDocument: "9400000001",
    InvoiceClearingStatus: "A",
    FiscalYear: "2026",
    PurchaseOrderByCustomer: "100",
    DocumentReferenceID: "",
    AssignmentReference: "",
    PaymentReference: "",
    to_Item: { results: [item()] },
    ...more,
  };
}

export function item(more: Row = {}): Row {
  return {
    BillingDocument: "90000001",
    BillingDocumentItem: "10",
    Material: "SOCK-1",
    BillingQuantity: "1",
    NetAmount: "20.00",
    TaxAmount: "2.00",
    CreatedByUser: "CC0000000007",
    ReferenceSDDocument: "",
    ReferenceSDDocumentCategory: "",
    SalesDocument: "",
    SalesSDDocumentCategory: "",
    OriginSDDocument: "",
    ExternalReferenceDocument: "",
    ...more,
  };
}

/** A request of 20.00 net that waits for its credit memo. */
export function creditRequest(more: Row = {}): Row {
  return {
    CreditMemoRequest: "60000001",
    LastChangeDateTime: instant(AT),
    LastChangeDate: null,
    CreationDate: "/Date(1794268800000)/",
    CreditMemoRequestDate: "/Date(1794268800000)/",
    TotalNetAmount: "20.00",
    TransactionCurrency: "USD",
    CreatedByUser: "CB9980000065",
    SalesOrganization: "1710",
    DistributionChannel: "10",
    OrganizationDivision: "00",
    PurchaseOrderByCustomer: "100",
    AccountingDocExternalReference: "",
    AssignmentReference: "",
    ReferenceSDDocument: "",
    ReferenceSDDocumentCategory: "",
    HeaderBillingBlockReason: "02",
    SalesDocApprovalStatus: "A",
    OverallSDDocumentRejectionSts: "A",
    OverallOrdReltdBillgStatus: "A",
    ...more,
  };
}

export function instant(ms: number): string {
  return `/Date(${ms}+0000)/`;
}

/** Every page of a window, as a pull asks for them. */
export async function everyPage(
  system: Pick<Awaited<ReturnType<typeof aSystem>>["system"], "documentsSince">,
  window = NOVEMBER,
): Promise<SourcePage<ErpDocument>> {
  return allPages(async (span, cursor) => system.documentsSince(span, cursor), window);
}

/** The only document of the world, read. */
export async function theDocument(
  world: World,
  options: Partial<SapOptions> = {},
): Promise<ErpDocument> {
  const { system } = await aSystem(world, options);
  const { observations, rejected } = await everyPage(system);
  const [only, another] = observations;
  if (only === undefined || another !== undefined) {
    throw new Error(`${observations.length} documents; ${JSON.stringify(rejected)}`);
  }
  return only;
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json;charset=utf-8" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

/** SAP's answer to a query that it refuses. */
export function refusal(value: string): Row {
  return { error: { code: "005056A509B11EE1B9A8", message: { lang: "en", value } } };
}

function answer(world: World, url: URL, response: ServerResponse): void {
  const [, path = ""] = /^\/sap\/opu\/odata\/sap\/(.*)$/.exec(url.pathname) ?? [];
  const entity = ENTITIES.get(path);
  if (entity === undefined) return send(response, 404, refusal("Resource not found"));
  const rows = new Map<string, readonly Row[]>([
    ["A_BillingDocument", world.billing],
    ["A_CreditMemoRequest", world.requests ?? []],
    ["A_CustomerReturn", world.returns ?? []],
  ]).get(path.split("/")[1] ?? "");
  const parameters = url.searchParams;
  const test = filterOf(parameters.get("$filter") ?? "", entity.fields);
  const [key = "", direction] = (parameters.get("$orderby") ?? "").split(",")[0]?.split(" ") ?? [];
  const sorted = (rows ?? []).filter(test).toSorted((one, other) => {
    const [left, right] = [sortable(one[key]), sortable(other[key])];
    const order = left === right ? idOf(one).localeCompare(idOf(other)) : left < right ? -1 : 1;
    return direction === "desc" ? -order : order;
  });
  const skip = Number(parameters.get("$skip") ?? "0");
  const top = Number(parameters.get("$top") ?? "1000");
  const most = Math.min(top, world.serverPage ?? 1_000);
  const page = sorted.slice(skip, skip + most);
  const hasMore = most < top && sorted.length > skip + most;
  send(response, 200, {
    d: {
      ...(parameters.get("$inlinecount") === "allpages" && { __count: String(sorted.length) }),
      results: page,
      // A link of the server's own may name another host, and it counts rows.
      ...(hasMore && { __next: `https://internal.example:44300/${path}?$skiptoken=${most}` }),
    },
  });
  world.afterPage?.();
}

function sortable(value: unknown): number {
  return Number(/^\/Date\((-?\d+)/.exec(String(value))?.[1] ?? "0");
}

function idOf(row: Row): string {
  return (keyOf(BILLING, row) ?? keyOf(REQUESTS, row) ?? "").padStart(10, "0");
}
