import { NOVEMBER } from "../../every-page.ts";
import { describe, expect, it } from "vitest";
import {
  aSystem,
  AT,
  everyPage,
  instant,
  item,
  memo,
  refusal,
  creditRequest,
  send,
  theDocument,
} from "./system.ts";

describe("a credit memo of SAP", () => {
  it("has the gross amount, positive, with its net lines and its tax", async () => {
    expect(await theDocument({ billing: [memo()] })).toMatchObject({
      documentId: "90000001",
      kind: "credit_memo",
      currency: "USD",
      total: "22.00",
      tax: "2.00",
      state: "open",
      createdAt: "2026-11-10T10:00:00.000Z",
      modifiedAt: "2026-11-10T10:00:00.000Z",
      bookedOn: "2026-11-10",
      company: "1710",
      createdBy: { id: "CC0000000007", kind: "integration" },
      lines: [
        { sku: "SOCK-1", kind: "item", quantity: 1, amount: "20.00" },
        { kind: "tax", amount: "2.00" },
      ],
    });
  });

  it("is found by its change time, though its change date is null", async () => {
    const { system, asked } = await aSystem({ billing: [memo({ LastChangeDate: null })] });
    expect((await everyPage(system)).observations).toHaveLength(1);
    const filters = asked.map(({ searchParams }) => searchParams.get("$filter") ?? "");
    expect(filters.join()).not.toMatch(/LastChangeDate /);
  });

  it.each([
    [
      "a negative sign",
      { TotalGrossAmount: "-22.00", TotalNetAmount: "-20.00", TaxAmount: "-2.00" },
    ],
    ["decimals without zeros at the end", { TotalGrossAmount: "22", TotalNetAmount: "20" }],
    ["three places", { TotalGrossAmount: "22.000", TotalNetAmount: "20.000" }],
    ["no gross amount of its own", { TotalGrossAmount: "" }],
    [
      "an offset in its change time, which changes nothing",
      { LastChangeDateTime: `/Date(${AT}+0060)/` },
    ],
    ["an empty text where null was", { LastChangeDate: "", InvoiceClearingStatus: "" }],
    ["items that are a plain list", { to_Item: [item()] }],
    [
      "an item number with letters",
      { to_Item: { results: [item({ SalesDocument: "0000000017" })] } },
    ],
  ])("is read with %s", async (_what, more) => {
    const read = await theDocument({ billing: [memo(more)] });
    expect(read).toMatchObject({ total: "22.00", createdAt: "2026-11-10T10:00:00.000Z" });
  });

  it("in a currency without decimals keeps its amount", async () => {
    const yen = {
      TransactionCurrency: "JPY",
      TotalGrossAmount: "10000",
      TotalNetAmount: "9091",
      TaxAmount: "909",
    };
    const read = await theDocument({
      billing: [memo({ ...yen, to_Item: { results: [item({ NetAmount: "9091" })] } })],
    });
    expect(read).toMatchObject({ currency: "JPY", total: "10000" });
  });

  it("with SAP's own currency code is set apart until the brand file names it", async () => {
    const billing = [memo({ TransactionCurrency: "USDIN" })];
    const { system } = await aSystem({ billing });
    const { rejected } = await everyPage(system);
    expect(rejected.map(({ reason }) => reason).join()).toMatch(/erp\.currencies/);
    const named = await theDocument({ billing }, { currencies: { USDIN: "USD" } });
    expect(named.currency).toBe("USD");
  });

  it.each([
    ["C", "C", "9400000001", "open"],
    ["", "", "", "unposted"],
    ["A", "A", "", "unposted"],
    ["B", "A", "", "unposted"],
    ["D", "", "", "unposted"],
    ["F", "A", "", "unposted"],
    ["G", "A", "", "unposted"],
    ["K", "A", "", "unposted"],
    ["E", "C", "9400000001", "voided"],
    [null, null, "9400000001", "open"],
    [null, null, "", "unknown"],
  ])(
    "with transfer status %j and posting status %j is %4$s",
    async (transfer, posting, accounting, state) => {
      const read = await theDocument({
        billing: [
          memo({
            AccountingTransferStatus: transfer,
            AccountingPostingStatus: posting,
            AccountingDocument: accounting,
          }),
        ],
      });
      expect(read.state).toBe(state);
    },
  );

  it("that is cleared is applied", async () => {
    expect((await theDocument({ billing: [memo({ InvoiceClearingStatus: "C" })] })).state).toBe(
      "applied",
    );
  });

  it("is voided by its cancellation, by whoever made that, though its own change time stays", async () => {
    const cancellation = memo({
      BillingDocument: "90000009",
      SDDocumentCategory: "S",
      CancelledBillingDocument: "90000001",
      LastChangeDateTime: instant(AT + 86_400_000),
      to_Item: { results: [item({ CreatedByUser: "CB9980000065" })] },
    });
    const { system } = await aSystem({ billing: [memo(), cancellation] });
    const window = { since: "2026-11-11T00:00:00.000Z", until: NOVEMBER.until };
    const { observations, partOf } = await everyPage(system, window);
    expect(observations).toMatchObject([
      {
        documentId: "90000001",
        state: "voided",
        modifiedAt: "2026-11-11T10:00:00.000Z",
        modifiedBy: { id: "CB9980000065", kind: "human" },
      },
    ]);
    expect(partOf).toContain("90000009");
  });

  it("is a document of its own where a whole invoice was cancelled", async () => {
    const cancelled = memo({ SDDocumentCategory: "N", CancelledBillingDocument: "90000000" });
    const read = await theDocument({ billing: [cancelled] });
    expect(read).toMatchObject({ kind: "billing_document", total: "22.00", state: "open" });
  });

  it("is read with its items of shipping apart, where the brand file names them", async () => {
    const freight = item({ BillingDocumentItem: "20", Material: "FREIGHT", NetAmount: "5.00" });
    const billing = [memo({ to_Item: { results: [item({ NetAmount: "15.00" }), freight] } })];
    expect((await theDocument({ billing }, { shippingItems: ["FREIGHT"] })).shipping).toBe("5.00");
    expect((await theDocument({ billing })).shipping).toBeNull();
  });

  it("changed later was made at its own time of creation, in the zone that others show", async () => {
    const changed = memo({
      BillingDocument: "90000002",
      CreationTime: "PT11H30M00S",
      LastChangeDate: "/Date(1794355200000)/",
      LastChangeDateTime: instant(AT + 86_400_000),
    });
    const { system } = await aSystem({ billing: [memo(), changed] });
    const { observations } = await everyPage(system);
    const read = observations.find(({ documentId }) => documentId === "90000002");
    expect(read).toMatchObject({ createdAt: "2026-11-10T10:30:00.000Z" });
    expect(read?.createdAtIsLatest).toBeUndefined();
  });

  it("that was never changed is not made later than its day, whatever its change time says", async () => {
    const wrong = memo({ LastChangeDate: null, LastChangeDateTime: "/Date(4070908800000+0000)/" });
    const window = { since: NOVEMBER.since, until: "2100-01-01T00:00:00.000Z" };
    const { system } = await aSystem({ billing: [wrong] });
    const [read] = (await everyPage(system, window)).observations;
    expect(read).toMatchObject({ createdAtIsLatest: true });
    expect(read?.createdAt.slice(0, 7)).toBe("2026-11");
  });

  it("changed later, where nothing shows the zone, was made at that time at the latest", async () => {
    const changed = memo({
      LastChangeDate: "/Date(1794441600000)/",
      LastChangeDateTime: instant(AT + 3 * 86_400_000),
    });
    expect(await theDocument({ billing: [changed] })).toMatchObject({
      createdAt: "2026-11-11T12:00:00.000Z",
      createdAtIsLatest: true,
    });
  });

  it("whose amount cannot be read is set apart with its field, and may still be a booking", async () => {
    const { system } = await aSystem({
      billing: [memo({ TaxAmount: "two" }), memo({ BillingDocument: "90000002" })],
    });
    const { rejected, observations } = await everyPage(system);
    expect(observations.map(({ documentId }) => documentId)).toEqual(["90000002"]);
    expect(rejected[0]?.reason).toMatch(/^TaxAmount: wanted a decimal/);
    expect(rejected).toMatchObject([
      {
        id: "90000001",
        mayBe: { total: "22.00", currency: "USD", references: [{ field: "order", text: "100" }] },
      },
    ]);
  });
});

describe("a credit memo request of SAP", () => {
  it("states only its net amount, is no booking, and says for what it waits", async () => {
    expect(await theDocument({ billing: [], requests: [creditRequest()] })).toMatchObject({
      documentId: "request-60000001",
      documentNumber: "60000001",
      kind: "credit_memo_request",
      total: "20.00",
      tax: null,
      state: "unposted",
      final: false,
      stateReason: "credit memo request, not billed yet, billing block 02, approval status A",
      createdBy: { id: "CB9980000065", kind: "human" },
    });
  });

  it("that is asked for by its id is returned as billed, because it was stored while it was open", async () => {
    const { system } = await aSystem({
      billing: [],
      requests: [creditRequest({ OverallOrdReltdBillgStatus: "C" })],
    });
    expect((await everyPage(system)).observations).toEqual([]);
    const { observations } = await system.documentsById(["request-60000001"]);
    expect(observations).toMatchObject([{ state: "billed", final: true }]);
  });

  it("that was rejected is rejected", async () => {
    const requests = [creditRequest({ OverallSDDocumentRejectionSts: "C" })];
    expect((await theDocument({ billing: [], requests })).state).toBe("rejected");
  });

  it("from which a memo was made is a part of that memo", async () => {
    const from = item({ ReferenceSDDocument: "60000001", ReferenceSDDocumentCategory: "K" });
    const { system } = await aSystem({
      billing: [memo({ to_Item: { results: [from] } })],
      requests: [creditRequest({ OverallOrdReltdBillgStatus: "C" })],
    });
    const { observations, partOf } = await everyPage(system);
    expect(observations.map(({ documentId }) => documentId)).toEqual(["90000001"]);
    expect(partOf).toContain("request-60000001");
  });

  it("names the person who asked for a memo that a technical user billed", async () => {
    const from = item({ ReferenceSDDocument: "60000001", ReferenceSDDocumentCategory: "K" });
    const { system } = await aSystem({
      billing: [memo({ to_Item: { results: [from] } })],
      requests: [creditRequest({ OverallOrdReltdBillgStatus: "C" })],
    });
    const { observations } = await everyPage(system);
    expect(observations[0]?.createdBy).toEqual({ id: "CB9980000065", kind: "human" });
  });

  it("may have the number of a billing document", async () => {
    const { system } = await aSystem({
      billing: [memo({ BillingDocument: "60000001" })],
      requests: [creditRequest()],
    });
    const { observations } = await everyPage(system);
    expect(observations.map(({ documentId }) => documentId).toSorted()).toEqual([
      "60000001",
      "request-60000001",
    ]);
  });

  it("leads a memo without an order number to its order", async () => {
    const from = item({ ReferenceSDDocument: "60000001", ReferenceSDDocumentCategory: "K" });
    const { system } = await aSystem({
      billing: [memo({ PurchaseOrderByCustomer: "", to_Item: { results: [from] } })],
      requests: [
        creditRequest({ OverallOrdReltdBillgStatus: "C", PurchaseOrderByCustomer: "#100" }),
      ],
    });
    const { observations } = await everyPage(system);
    expect(observations[0]?.references.map(({ text }) => text)).toContain("#100");
  });
});

describe("SAP's protocol", () => {
  it("is asked for JSON, with the user's password in UTF-8", async () => {
    const seen: unknown[] = [];
    const { system } = await aSystem({
      billing: [],
      instead: ({ headers, method }) => (
        seen.push([method, headers.accept, headers.authorization]),
        false
      ),
    });
    await everyPage(system);
    const basic = `Basic ${Buffer.from("REFUND_WATCH:pass:word ü", "utf8").toString("base64")}`;
    expect(new Set(seen.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify(["GET", "application/json", basic])]),
    );
  });

  it("is never asked at the address of a next link, which may be another host", async () => {
    const billing = Array.from({ length: 7 }, (_one, at) =>
      memo({ BillingDocument: String(90_000_001 + at), LastChangeDateTime: instant(AT + at) }),
    );
    const { system, asked } = await aSystem({ billing, serverPage: 2 });
    expect((await everyPage(system)).observations).toHaveLength(7);
    expect(asked.some(({ search }) => search.includes("skiptoken"))).toBe(false);
  });

  it("has its count as a text", async () => {
    const { system } = await aSystem({ billing: [memo()], requests: [creditRequest()] });
    const page = await system.documentsSince(NOVEMBER, null);
    expect(page.reported).toBe(2);
    expect(page.counted).toBe(2);
  });

  it("gets a new token from the token's own host when one has expired", async () => {
    let grants = 0;
    let good = "";
    const { system, url } = await aSystem(
      {
        billing: [memo()],
        instead: ({ headers, url: path }, response) => {
          if (path?.startsWith("/oauth/token") === true) {
            grants += 1;
            good = `token-${grants}`;
            send(response, 200, { access_token: good, expires_in: 3_600 });
            return true;
          }
          if (headers.authorization === `Bearer ${good}`) return false;
          send(response, 401, {});
          return true;
        },
      },
      {},
    );
    const { system: byToken } = await aSystemAt(url);
    await everyPage(byToken);
    good = "expired";
    expect((await everyPage(byToken)).observations).toHaveLength(1);
    expect(grants).toBe(2);
    expect(system.requests()).toBe(0);
  });

  it("is not asked again and again with a password that it refuses", async () => {
    const { system, asked } = await aSystem({
      billing: [],
      instead: (_request, response) => (send(response, 401, {}), true),
    });
    await expect(everyPage(system)).rejects.toThrow(/401/);
    expect(asked).toHaveLength(1);
  });

  it("may lack an optional field: it is left out, and said", async () => {
    const { system, events } = await aSystem({
      billing: [memo()],
      instead: ({ url = "" }, response) => {
        if (!decodeURIComponent(url).includes("PaymentReference")) return false;
        send(
          response,
          400,
          refusal("Property PaymentReference not found in type A_BillingDocumentType"),
        );
        return true;
      },
    });
    expect((await everyPage(system)).observations).toHaveLength(1);
    expect(events).toContainEqual(
      expect.objectContaining({
        code: "SAP_FIELD_ABSENT",
        facts: { field: "PaymentReference", set: "A_BillingDocument" },
      }),
    );
  });

  it.each([
    ["learns it at the first pull", null],
    ["goes on where returns were read later", { identity: "127.0.0.1", absent: [], missing: [] }],
  ])("that only a credit memo has is not missed in a return: it %s", async (_, before) => {
    const from = item({ ReferenceSDDocument: "61000001", ReferenceSDDocumentCategory: "H" });
    const { system } = await aSystem(
      {
        billing: [memo({ to_Item: { results: [from] } })],
        instead: (request, response) => {
          const { pathname, searchParams } = new URL(request.url ?? "", "http://sap");
          const isAsked = (searchParams.get("$select") ?? "").includes("YY1_ShopRefund_BDH");
          if (!pathname.endsWith("A_CustomerReturn") || !isAsked) return false;
          send(response, 400, refusal("Property YY1_ShopRefund_BDH not found in type"));
          return true;
        },
      },
      { referenceFields: ["YY1_ShopRefund_BDH"] },
    );
    await system.identify?.(before, before === null);
    expect((await everyPage(system)).observations).toHaveLength(1);
    expect(system.absent?.()).toContain("A_CustomerReturn.YY1_ShopRefund_BDH");
  });

  it("may not lose a field that it had at the first pull: documents would seem to differ", async () => {
    const { system } = await aSystem({
      billing: [memo()],
      instead: ({ url = "" }, response) => {
        if (!decodeURIComponent(url).includes("PaymentReference")) return false;
        send(response, 400, refusal("Property PaymentReference not found in type"));
        return true;
      },
    });
    const before = { identity: "127.0.0.1", absent: [], missing: [] };
    await system.identify?.(before, false);
    await expect(everyPage(system)).rejects.toThrow(/PaymentReference.*erp\.absentFields/);
  });

  it("that lacks a field without which nothing can be compared is refused with its name", async () => {
    const { system } = await aSystem({
      billing: [memo()],
      instead: (_request, response) => (
        send(response, 400, refusal("Property TransactionCurrency not found in type")),
        true
      ),
    });
    await expect(everyPage(system)).rejects.toThrow(/TransactionCurrency/);
  });

  it("may not grant the requests: the credit memos are read, and it is said", async () => {
    const { system, events } = await aSystem({
      billing: [memo()],
      instead: ({ url = "" }, response) => {
        if (!url.includes("API_CREDIT_MEMO_REQUEST_SRV")) return false;
        send(response, 403, refusal("No authorization"));
        return true;
      },
    });
    expect((await system.identify?.(null, true))?.missing).toEqual(["API_CREDIT_MEMO_REQUEST_SRV"]);
    expect((await everyPage(system)).observations).toHaveLength(1);
    expect(events.map(({ code }) => code)).toContain("SAP_SERVICE_REFUSED");
  });

  it("that does not grant the billing documents is refused", async () => {
    const { system } = await aSystem({
      billing: [memo()],
      instead: ({ url = "" }, response) => {
        if (!url.includes("API_BILLING_DOCUMENT_SRV")) return false;
        send(response, 403, refusal("No authorization"));
        return true;
      },
    });
    await expect(everyPage(system)).rejects.toThrow(/403.*needs a communication arrangement/);
  });

  it.each([
    ["429", 429],
    ["503", 503],
  ])("is asked again after %s, after the time that it names", async (_what, status) => {
    let refusals = 1;
    const { system, waits } = await aSystem({
      billing: [memo()],
      instead: (_request, response) => {
        if (refusals-- <= 0) return false;
        response.writeHead(status, { "retry-after": "3" }).end();
        return true;
      },
    });
    expect((await everyPage(system)).observations).toHaveLength(1);
    expect(waits[0]).toBeGreaterThanOrEqual(3_000);
  });

  it.each([
    ["Atom XML", "<feed/>"],
    ["JSON that is no list", '{"value":[]}'],
    ["a page cut off", '{"d":{"results":[{"Bil'],
  ])("is not believed to be empty when it answers with %s", async (_what, body) => {
    const { system } = await aSystem({
      billing: [],
      instead: (_request, response) => (send(response, 200, body), true),
    });
    await expect(everyPage(system)).rejects.toThrow(/SAP|A_BillingDocument/);
  });

  it("is asked only for the company codes of the brand", async () => {
    const { system, asked } = await aSystem(
      { billing: [memo(), memo({ BillingDocument: "90000002", CompanyCode: "1010" })] },
      { scope: { companies: ["1710"], documentPrefixes: [], channels: [] } },
    );
    const { observations } = await everyPage(system);
    expect(observations.map(({ documentId }) => documentId)).toEqual(["90000001"]);
    expect(asked[0]?.searchParams.get("$filter")).toContain("CompanyCode eq '1710'");
  });

  it("names the host, and on premises the client, so that another system is noticed", async () => {
    const { system } = await aSystem(
      { billing: [] },
      { credentials: { username: "U", password: "p", sapClient: "100" } },
    );
    const answer = await system.identify?.(null, true);
    expect(answer?.identity).toBe("127.0.0.1, client 100");
  });

  it("shows a document and a request by id, and which ids it does not show", async () => {
    const { system } = await aSystem({ billing: [memo()], requests: [creditRequest()] });
    const page = await system.documentsById(["90000001", "request-60000001", "90000777"]);
    expect(page.observations).toHaveLength(2);
    expect(page.notShown).toEqual(["90000777"]);
  });

  it("archives no name of a person beside SAP's own user id", async () => {
    const { system } = await aSystem({
      billing: [memo({ SoldToPartyName: "Jane Canary", YY1_Note: "canary@example.com" })],
    });
    expect((await everyPage(system)).raw.join()).not.toMatch(/canary/i);
  });
});

async function aSystemAt(url: string) {
  return aSystem(
    {
      billing: [],
      instead: () => false,
    },
    {
      baseUrl: url,
      http: (await import("../../loopback.ts")).doorTo(url).door,
      credentials: { tokenUrl: `${url}/oauth/token`, clientId: "c", clientSecret: "s" },
    },
  );
}
