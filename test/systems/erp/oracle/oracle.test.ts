import { describe, expect, it } from "vitest";
import { http } from "../../../../lambdas/systems/http/http.ts";
import { oracle } from "../../../../lambdas/systems/erp/oracle/oracle.ts";
import { NOVEMBER } from "../../every-page.ts";
import { doorTo, serverThat } from "../../loopback.ts";
import { AT, aPod, aWorld, everyPage, line, memo, send, theDocument } from "./pod.ts";

describe("a credit memo of Oracle Fusion", () => {
  it("has its total positive, with its tax, its freight and its references", async () => {
    expect(await theDocument({})).toMatchObject({
      documentId: "300000190000137",
      documentNumber: "CM-4711",
      kind: "credit_memo",
      currency: "USD",
      total: "21.00",
      tax: "1.50",
      shipping: "2.50",
      lines: [
        { sku: "SOCK-1", kind: "item", quantity: 1, amount: "17.00" },
        { kind: "shipping", amount: "2.50" },
        { kind: "tax", amount: "1.50" },
      ],
      state: "open",
      final: true,
      bookedOn: "2026-11-11",
      company: "Acme US",
      createdAt: "2026-11-10T10:00:00.000Z",
      createdBy: { kind: "integration" },
      modifiedBy: { kind: "human" },
      references: [
        { field: "refund", text: "870001113286" },
        { field: "order", text: "SO-1001" },
        { field: "number", text: "CM-4711" },
      ],
    });
  });

  it.each([
    ["text", { EnteredAmount: "-21.00" }],
    [
      "positive",
      {
        EnteredAmount: 21,
        FreightCreditAmount: "2.50",
        receivablesCreditMemoLines: [
          line({ LineAmountCredit: 17, receivablesCreditMemoLineTaxLines: [{ TaxAmount: 1.5 }] }),
        ],
      },
    ],
    ["a text without its zeros", { EnteredAmount: "-21" }],
  ])("is read where its amount is %s", async (_what, more) => {
    expect(await theDocument({ memos: [memo(more)] })).toMatchObject({
      total: "21.00",
      tax: "1.50",
      shipping: "2.50",
      lines: [{ amount: "17.00" }, {}, {}],
    });
  });

  it("keeps an id and an amount exact that no double can hold", async () => {
    const world = aWorld({
      instead: (request, response) => {
        if (!/receivablesCreditMemos\?/.test(request.url ?? "")) return false;
        const rows = /=%3E|>=/.test(request.url ?? "") ? [memo()] : [memo()];
        const body = JSON.stringify({ items: rows, count: 1, hasMore: false, limit: 499 })
          .replace("300000190000137", "300000190000137123")
          .replace('"EnteredAmount":-21', '"EnteredAmount":-9007199254740993.01');
        send(response, 200, body);
        return true;
      },
    });
    const { books } = await aPod(world);
    const page = await books.documentsSince(NOVEMBER, null);
    expect(page.observations).toMatchObject([
      { documentId: "300000190000137123", total: "9007199254740993.01" },
    ]);
  });

  it("reads a time with any offset", async () => {
    const changed = { LastUpdateDate: "2026-11-10T23:30:00.501-05:00" };
    const read = await theDocument({ memos: [memo(changed)] });
    expect(read.modifiedAt).toBe("2026-11-11T04:30:00.501Z");
  });

  it.each([
    ["Complete", "open"],
    ["Incomplete", "unposted"],
    ["Frozen", "unposted"],
    ["Pending Approval", "unapproved"],
    ["PENDING_APPROVAL", "unapproved"],
    ["Something New", "unknown"],
    [null, "unknown"],
  ])("with the status %s is %s", async (word, state) => {
    expect(await theDocument({ memos: [memo({ CreditMemoStatus: word })] })).toMatchObject({
      state,
    });
  });

  it("has lines that include their tax where the line or the sum says so", async () => {
    const inside = { LineAmountCredit: -18.5 };
    const bySum = await theDocument({
      memos: [memo({ receivablesCreditMemoLines: [line(inside)] })],
    });
    expect(bySum).toMatchObject({ tax: "1.50", lines: [{ amount: "17.00" }, {}, {}] });
    const taxes = [{ TaxAmount: -1.5, TaxInclusiveIndicator: "Y" }];
    const byWord = await theDocument({
      memos: [
        memo({
          receivablesCreditMemoLines: [
            line({ ...inside, receivablesCreditMemoLineTaxLines: taxes }),
          ],
        }),
      ],
    });
    expect(byWord).toMatchObject({ lines: [{ amount: "17.00" }, {}, {}] });
  });

  it("takes freight from the lines, or from items that the brand file names", async () => {
    const onLine = [line({ LineFreightCreditAmount: "-2.50" })];
    const noHeader = { FreightCreditAmount: null };
    expect(
      await theDocument({ memos: [memo({ ...noHeader, receivablesCreditMemoLines: onLine })] }),
    ).toMatchObject({ shipping: "2.50" });
    const asItem = [
      line(),
      line({
        ItemNumber: null,
        MemoLine: "FREIGHT",
        LineAmountCredit: -2.5,
        receivablesCreditMemoLineTaxLines: [],
      }),
    ];
    expect(
      await theDocument(
        { memos: [memo({ ...noHeader, receivablesCreditMemoLines: asItem })] },
        { shippingItems: ["FREIGHT"] },
      ),
    ).toMatchObject({ shipping: "2.50" });
    expect(await theDocument({ memos: [memo(noHeader)] })).toMatchObject({ shipping: null });
  });

  it.each(["array", "none"] as const)("is read where its children come as %s", async (children) => {
    expect(await theDocument({ children })).toMatchObject({
      tax: "1.50",
      lines: [{ sku: "SOCK-1" }, {}, {}],
    });
  });

  it("has an unknown tax where the pod shows no taxes", async () => {
    const { books, events } = await aPod(aWorld({ denied: ["receivablesCreditMemoLineTaxLines"] }));
    const { observations } = await everyPage(books);
    expect(observations).toMatchObject([{ total: "21.00", tax: null }]);
    expect(events.map(({ code }) => code)).toContain("ORACLE_FIELD_ABSENT");
    expect(books.absent?.()).toContain("receivablesCreditMemoLineTaxLines");
  });

  it("names people only by a part of a hash, and keeps no name of a customer", async () => {
    const comments = { CreditMemoComments: "Jane Doe called 555-0104, refund-870001113286" };
    const { books } = await aPod(aWorld({ memos: [memo(comments)] }));
    const { observations, raw } = await everyPage(books);
    const kept = JSON.stringify([observations, raw]);
    expect(kept).not.toMatch(/Jane|Doe|555-0104|jane\.doe/);
    const person = observations[0]?.modifiedBy.id ?? "";
    expect(person).toMatch(/^user-[0-9a-f]{12}$/);
    const listed = await theDocument({}, { integrationUsers: [person] });
    expect(listed.modifiedBy).toEqual({ id: person, kind: "integration" });
    expect(observations[0]?.references).toContainEqual({
      field: "memo",
      text: "refund-870001113286",
    });
  });

  it("of another business unit is counted and left out", async () => {
    const rows = [memo(), memo({ CustomerTransactionId: 5, BusinessUnit: "Cedar US" })];
    const scope = { companies: ["Acme US"], documentPrefixes: [], channels: [] };
    const { books } = await aPod(aWorld({ memos: rows }), { scope });
    const page = await books.documentsSince(NOVEMBER, null);
    expect(page.observations).toHaveLength(1);
    expect(page).toMatchObject({ skipped: { other_business_unit: 1 }, fetched: 2 });
  });

  it("that cannot be read is set apart with what may name its refund", async () => {
    const { books } = await aPod(
      aWorld({ memos: [memo({ EnteredAmount: "12,50" }), memo({ CustomerTransactionId: 6 })] }),
    );
    const { observations, rejected } = await everyPage(books);
    expect(observations).toHaveLength(1);
    expect(rejected).toMatchObject([
      {
        id: "300000190000137",
        reason: "EnteredAmount: wanted a decimal such as -71.99",
        mayBe: { references: [{ field: "order", text: "SO-1001" }], currency: "USD" },
      },
    ]);
  });
});

describe("what a credit memo was used for", () => {
  const used = { TransactionBalanceDue: 0 };

  it("is a payout where a refund was made of it, with the payables invoice", async () => {
    const applications = [
      {
        ApplicationId: 1,
        ApplicationAmount: 21,
        ApplicationStatus: "Applied",
        ApplicationReferenceNumber: "AP-9",
        RefundPaymentMethodCode: "EFT",
        CreditMemoId: 300000190000137,
      },
      {
        ApplicationId: 2,
        ApplicationAmount: 21,
        ApplicationStatus: "Reversed",
        ApplicationReferenceNumber: "AP-8",
        RefundPaymentMethodCode: "EFT",
        CreditMemoId: 300000190000137,
      },
    ];
    const accounts = { 1008: { id: 77, applications } };
    expect(await theDocument({ memos: [memo(used)], accounts })).toMatchObject({
      state: "applied",
      settlement: { documentId: "AP-9", amount: "21.00" },
    });
  });

  it("was a payout that was taken back: the memo was paid once, and nothing of it is left", async () => {
    const applications = [
      {
        ApplicationId: 2,
        ApplicationAmount: 21,
        ApplicationStatus: "Reversed",
        ApplicationReferenceNumber: "AP-8",
        RefundPaymentMethodCode: "EFT",
        CreditMemoId: 300000190000137,
      },
    ];
    const accounts = { 1008: { id: 77, applications } };
    expect(await theDocument({ accounts })).toMatchObject({
      state: "open",
      settlement: { documentId: "AP-8", amount: "0.00" },
    });
  });

  it("is an invoice, whose order counts where the memo names none", async () => {
    const applications = [
      {
        ApplicationId: 1,
        ApplicationAmount: 21,
        ApplicationStatus: "Applied",
        ReferenceTransactionId: 900,
        ReferenceTransactionNumber: "INV-31",
        CreditMemoId: 300000190000137,
      },
    ];
    const accounts = { 1008: { id: 77, applications } };
    const invoices = [{ CustomerTransactionId: 900, PurchaseOrder: "SO-1001" }];
    const read = await theDocument({
      memos: [memo({ ...used, PurchaseOrder: null })],
      accounts,
      invoices,
    });
    expect(read.references).toEqual(
      expect.arrayContaining([
        { field: "order", text: "SO-1001" },
        { field: "source", text: "INV-31" },
      ]),
    );
    expect(read.settlement).toBeNull();
  });

  it("is searched by the memo where the pod can, else read of the whole account", async () => {
    const accounts = { 1008: { id: 77, applications: [] } };
    const able = await aPod(
      aWorld({ accounts, queryable: ["LastUpdateDate", "CreationDate", "CreditMemoId"] }),
    );
    await everyPage(able.books);
    expect(able.asked.join("\n")).toMatch(/creditMemoApplications.*CreditMemoId = 300000190000137/);
    const unable = await aPod(aWorld({ accounts }));
    expect((await everyPage(unable.books)).observations).toHaveLength(1);
    expect(unable.books.absent?.()).toEqual(["creditMemoApplications.CreditMemoId"]);
  });

  it("is unknown where the user may not read the accounts", async () => {
    const denied = ["receivablesCustomerAccountActivities"];
    const { books, events } = await aPod(aWorld({ memos: [memo(used)], denied }));
    const { observations } = await everyPage(books);
    expect(observations).toMatchObject([{ state: "applied", settlement: null }]);
    expect(events.map(({ code }) => code)).toContain("ORACLE_RESOURCE_REFUSED");
    expect(await books.identify?.(null, true)).toMatchObject({ missing: denied });
  });
});

describe("the list of credit memos", () => {
  it.each([true, false])("is read to its end when hasMore always says %s", async (hasMore) => {
    const rows = Array.from({ length: 23 }, (_, at) => memo({ CustomerTransactionId: 1_000 + at }));
    const { books } = await aPod(aWorld({ memos: rows, hasMore, cap: 5 }));
    const { observations } = await everyPage(books);
    expect(new Set(observations.map(({ documentId }) => documentId)).size).toBe(23);
  });

  it("uses the limit that the server names", async () => {
    const rows = Array.from({ length: 12 }, (_, at) =>
      memo({
        CustomerTransactionId: 1_000 + at,
        LastUpdateDate: `2026-11-10T10:00:${String(at + 10)}.000+00:00`,
      }),
    );
    const { books } = await aPod(aWorld({ memos: rows, cap: 4, hasMore: false }));
    expect((await everyPage(books)).observations).toHaveLength(12);
  });

  it.each([
    ["its description says so", true],
    ["it refuses the query and gives no description", false],
  ])("is searched by CreationDate where %s", async (_what, isDescribed) => {
    const world = aWorld({
      queryable: ["CreationDate"],
      instead: (request, response) => {
        if (isDescribed || !/describe/.test(request.url ?? "")) return false;
        send(response, 404, {});
        return true;
      },
    });
    const { books, asked, events } = await aPod(world);
    expect((await everyPage(books)).observations).toHaveLength(1);
    expect(asked.join("\n")).toMatch(/q=CreationDate >= "2026-10-30T00:00:00\.000\+00:00"/);
    expect(events.map(({ code }) => code)).toEqual(["ORACLE_FIELD_ABSENT"]);
    expect(books.absent?.()).toEqual(["receivablesCreditMemos.LastUpdateDate"]);
  });

  it("is not described again where the first pull learned how it is searched", async () => {
    const { books, asked } = await aPod(aWorld());
    await books.identify?.({ identity: null, absent: [], missing: [] }, false);
    await everyPage(books);
    expect(asked.filter((path) => path.includes("describe"))).toEqual([]);
  });

  it.each([
    ["has no items", { count: 0 }],
    ["has fewer rows than it counts", { items: [memo()], count: 2, hasMore: false }],
    ["has no rows and claims a next page", { items: [], count: 0, hasMore: true }],
  ])("that %s is an error", async (_what, body) => {
    const world = aWorld({
      instead: (request, response) => {
        if (!/receivablesCreditMemos\?/.test(request.url ?? "")) return false;
        send(response, 200, body);
        return true;
      },
    });
    const { books } = await aPod(world);
    await expect(everyPage(books)).rejects.toMatchObject({ name: "PageError" });
  });

  it("that is empty where it should begin with a known row is an error", async () => {
    let pages = 0;
    const world = aWorld({
      instead: (request, response) => {
        if (!/receivablesCreditMemos\?/.test(request.url ?? "")) return false;
        pages += 1;
        if (pages !== 2) return false;
        send(response, 200, { items: [], count: 0, hasMore: false });
        return true;
      },
    });
    const { books } = await aPod(world);
    await expect(everyPage(books)).rejects.toThrow(/without the row at which it begins/);
  });

  it("that is empty for a user without data access is named as a missing permission", async () => {
    const { books } = await aPod(aWorld({ memos: [] }));
    expect(await books.identify?.(null, true)).toMatchObject({
      missing: [expect.stringMatching(/^data access to any business unit/)],
    });
  });

  it("that leaves out memos which the accounts show is named", async () => {
    const creditMemos = [
      { CreditMemoId: 300000190000137, TransactionClass: "On-Account Credit Memo" },
      { CreditMemoId: 300000190000999, TransactionClass: "Credit Memo" },
    ];
    const accounts = { 1008: { id: 77, applications: [], creditMemos } };
    const { books } = await aPod(aWorld({ accounts }));
    expect(await books.identify?.(null, true)).toMatchObject({
      missing: [expect.stringMatching(/does not show 1 of 2 memos/)],
    });
  });

  it("is refused with what to grant where the user may not read it", async () => {
    const { books } = await aPod(aWorld({ denied: ["receivablesCreditMemos"] }));
    await expect(everyPage(books)).rejects.toThrow(/data access to the business units/);
  });
});

describe("a credit memo that is read by its id", () => {
  it("has the same facts, and one that is gone is named", async () => {
    const { books } = await aPod(aWorld());
    const [listed] = (await everyPage(books)).observations;
    const page = await books.documentsById(["300000190000137", "4"]);
    expect(page.observations).toEqual([listed]);
    expect(page.notShown).toEqual(["4"]);
  });

  it.each(["null", "{}", '{"CustomerTransactionId":5}'])(
    "is not gone where the answer is %s, but an error",
    async (body) => {
      const { books } = await aPod(
        aWorld({
          instead: (_request, response) => {
            send(response, 200, body);
            return true;
          },
        }),
      );
      await expect(books.documentsById(["4"])).rejects.toThrow(/another record|JSON/);
    },
  );
});

describe("the sign-in to Oracle Fusion", () => {
  it("asks the identity domain with the scope, and renews a refused token once", async () => {
    const given: string[] = [];
    let granted = 0;
    const url = await serverThat((request, response) => {
      if (request.url === "/oauth2/v1/token") {
        const parts: Buffer[] = [];
        request.on("data", (part: Buffer) => parts.push(part));
        request.on("end", () => {
          given.push(Buffer.concat(parts).toString());
          granted += 1;
          send(response, 200, { access_token: `token-${granted}`, expires_in: 3_600 });
        });
        return;
      }
      const { authorization = "" } = request.headers;
      given.push(authorization);
      if (authorization === "Bearer token-1") send(response, 401, {});
      else send(response, 200, { CustomerTransactionId: 1 });
    });
    const { door, log, wait } = doorTo(url);
    const books = oracle({
      baseUrl: url,
      credentials: {
        tokenUrl: `${url}/oauth2/v1/token`,
        clientId: "a",
        clientSecret: "b",
        scope: "urn:x",
      },
      http: door,
      door: (origin, ask) => http({ baseUrl: origin, log, wait, random: () => 0, ...ask }),
      log,
      integrationUsers: [],
    });
    await books.documentsById(["1"]);
    expect(given).toEqual([
      "grant_type=client_credentials&scope=urn%3Ax",
      "Bearer token-1",
      "grant_type=client_credentials&scope=urn%3Ax",
      "Bearer token-2",
    ]);
  });

  it("names the keys that the secret must have, and none of its values", () => {
    const { door, log } = doorTo("http://127.0.0.1:1");
    expect(() =>
      oracle({
        baseUrl: "http://127.0.0.1:1",
        credentials: { username: "s3cret:x" },
        http: door,
        door: () => door,
        log,
        integrationUsers: [],
      }),
    ).toThrow(/^the Oracle credential must be \{username, password\} (?!.*s3cret)/);
  });
});

describe("a change of a line", () => {
  it("that does not move the time of its memo is seen by the look back of a week", async () => {
    const world = aWorld();
    const { books } = await aPod(world);
    await everyPage(books);
    world.memos = [memo({ receivablesCreditMemoLines: [line({ ItemNumber: "SOCK-2" })] })];
    const again = await everyPage(books, {
      since: "2026-11-05T00:00:00.000Z",
      until: NOVEMBER.until,
    });
    expect(again.observations).toMatchObject([
      { modifiedAt: new Date(AT).toISOString(), lines: [{ sku: "SOCK-2" }, {}, {}] },
    ]);
    expect(books.lookBackDays).toBe(7);
  });
});
