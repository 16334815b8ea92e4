import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogEvent } from "../../../lambdas/log.ts";
import type { ErpDocument } from "../../../lambdas/refund/observation/observation.ts";
import { netsuite, type NetsuiteOptions } from "../../../lambdas/systems/erp/netsuite/netsuite.ts";
import { http } from "../../../lambdas/systems/http/http.ts";
import type { SourcePage } from "../../../lambdas/systems/source.ts";
import { type LocalNetsuite, startNetsuite } from "../../../local/netsuite/serve.ts";
import { creditMemo, lifeOf, MACHINE, payoutOf } from "./netsuite-life.ts";

const SAME_SECOND = ["5101", "5102", "5103", "5104", "5105"];

let books: LocalNetsuite;
beforeAll(async () => {
  books = await startNetsuite({
    sessionTimeZone: "America/Los_Angeles",
    life: lifeOf(
      // 1 November: clocks in Los Angeles go back, 01:00 to 02:00 happens twice
      creditMemo({ documentId: "4901", at: "2026-11-01T08:30:00.000Z" }),
      creditMemo({ documentId: "4902", at: "2026-11-01T09:20:00.000Z" }),
      creditMemo(),
      payoutOf("5001", "2026-11-14T10:00:00.000Z", "5002"),
      payoutOf("9999", "2026-11-14T10:00:05.000Z", "5003"),
      creditMemo(
        { documentId: "5004", createdFrom: null, at: "2026-11-15T10:00:00.000Z" },
        {
          externalId: null,
          otherRefNum: null,
          memo: "Jane Canary called 555-010-0199, jane@canary.example: order #1004, ref SO-1004.",
        },
      ),
      ...SAME_SECOND.map((documentId) =>
        creditMemo({ documentId, at: "2026-11-12T08:00:00.400Z" }),
      ),
      creditMemo(
        { documentId: "5201", at: "2026-11-20T06:00:00.000Z" },
        {
          status: "A",
          statusText: "Credit Memo : Pending Approval",
          posting: false,
        },
      ),
      creditMemo({
        documentId: "5202",
        at: "2026-11-20T06:01:00.000Z",
        deletedAt: "2026-11-20T09:00:00.000Z",
      }),
    ),
  });
}, 60_000);
afterAll(async () => books.stop());

describe("what a NetSuite document says", () => {
  it("tells a credit memo as a positive refund, with its parts and its order", async () => {
    const { observations } = await erp().documentsById(["5001"]);
    expect(observations).toHaveLength(1);
    expect(observations[0]).toMatchObject({
      documentId: "5001",
      kind: "credit_memo",
      total: "25.50",
      tax: "1.50",
      shipping: "4.00",
      discount: "2.00",
      currency: "USD",
      createdAt: "2026-11-10T10:00:00.000Z",
      bookedOn: "2026-11-10",
      period: "Nov 2026",
      periodDates: { from: "2026-11-01", to: "2026-11-30" },
      state: "open",
      final: true,
      createdBy: { id: MACHINE.id, kind: "integration" },
    });
    expect(observations[0]?.references).toContainEqual({ field: "order", text: "#1001" });
    expect(observations[0]?.references).toContainEqual({ field: "external_id", text: "9001" });
    expect(observations[0]?.lines?.map(({ kind, amount }) => `${kind} ${amount}`)).toEqual([
      "item 22.00",
      "discount -2.00",
      "shipping 4.00",
      "tax 1.50",
    ]);
  });

  it("keeps of a note only what could be a reference, in the document and in the archive", async () => {
    const page = await erp().documentsById(["5004", "5002"]);
    const memo = page.observations.find(({ documentId }) => documentId === "5004");
    expect(memo?.references.filter(({ field }) => field === "memo")).toEqual([
      { field: "memo", text: "#1004 SO-1004" },
    ]);
    expect(JSON.stringify(page)).not.toMatch(/canary|555-010/i);
  });

  it("is not final while it waits for approval", async () => {
    const { observations } = await erp().documentsById(["5201"]);
    expect(observations[0]).toMatchObject({ state: "unapproved", final: false });
  });

  it("calls nobody human or machine where the brand names no machines and nothing else tells", async () => {
    const { observations } = await erp({ integrationUsers: [] }).documentsById(["5003"]);
    expect(observations[0]?.createdBy).toEqual({ id: "1585", kind: "unknown" });
  });
});

describe("a payout", () => {
  it("tells its credit memo again, also when the memo changed before the window", async () => {
    const page = await since("2026-11-14T09:00:00.000Z", "2026-11-14T10:00:00.000Z");
    expect(page.observations.map(({ documentId }) => documentId)).toEqual(["5001"]);
    expect(page.observations[0]).toMatchObject({
      settlement: { documentId: "5002", amount: "25.50" },
      modifiedAt: "2026-11-14T10:00:00.000Z",
    });
    expect(page).toMatchObject({ fetched: 1, reported: 1, highWater: "2026-11-14T10:00:00.000Z" });
  });

  it("is counted once when it stands on the page of its memo", async () => {
    const page = await erp().documentsById(["5001", "5002"]);
    expect(page.observations.map(({ documentId }) => documentId)).toEqual(["5001"]);
    expect(page).toMatchObject({ fetched: 2, skipped: { settlement_of_credit_memo: 1 } });
  });

  it("is a customer refund of its own where it pays out no memo that is there", async () => {
    const { observations } = await erp().documentsById(["5003"]);
    expect(observations[0]).toMatchObject({ kind: "customer_refund", total: "25.50" });
  });
});

describe("paging", () => {
  it("loses and repeats nothing among documents changed in the same second", async () => {
    const pages = await everyPage("2026-11-12T08:00:00.000Z", "2026-11-12T08:00:00.999Z", 2);
    expect(pages.map(({ observations }) => observations.length)).toEqual([2, 2, 1]);
    expect(idsOf(pages)).toEqual(SAME_SECOND);
    expect(pages[0]?.reported).toBe(5);
  });

  it("stops at the end of the window", async () => {
    const page = await since("2026-11-12T08:00:00.000Z", "2026-11-14T09:59:59.000Z");
    expect(idsOf([page])).toEqual(SAME_SECOND);
  });

  it("finds what a page edge in the repeated hour hid, in the run after", async () => {
    const during = await everyPage("2026-11-01T08:00:00.000Z", "2026-11-01T09:50:00.000Z", 1);
    expect(idsOf(during), "the hour that makes this test worth having").toEqual(["4901"]);
    const after = await everyPage("2026-11-01T09:50:00.000Z", "2026-11-01T10:10:00.000Z", 1000);
    expect(idsOf(after)).toContain("4902");
  });

  it("refuses a page that leads nowhere", async () => {
    const { next } = await since("2026-11-12T08:00:00.000Z", "2026-11-12T08:00:00.999Z", null, 2);
    const first = `{"at":"2026-11-12 00:00:00","id":"5101"}`;
    expect(next).toBe(`{"at":"2026-11-12 00:00:00","id":"5102"}`);
    books.faults.plan({ kind: "change", change: onlyIds("5101", "5101") });
    await expect(
      since("2026-11-12T08:00:00.000Z", "2026-11-12T08:00:00.999Z", first, 2),
    ).rejects.toThrow(/cursor did not move/);
  });

  it("takes no cursor that is not its own", async () => {
    const bad = `{"at":"2026-11-12 00:00:00' OR 1=1 --","id":"1"}`;
    await expect(
      since("2026-11-12T00:00:00.000Z", "2026-11-13T00:00:00.000Z", bad),
    ).rejects.toThrow(/a NetSuite cursor: wanted/);
    const byId = await erp().documentsById(["1) OR (1=1"]);
    expect(byId.fetched, "it is never put into a question").toBe(0);
  });
});

it("names the documents that somebody deleted", async () => {
  const page = await since("2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z");
  expect(idsOf([page])).toEqual(["5201"]);
  const gone = [{ id: "5202", at: "2026-11-20T09:00:00.000Z", by: "1455" }];
  expect(page.deleted).toEqual(gone);
  expect((await erp().documentsById(["5202", "4"])).deleted).toEqual(gone);
});

describe("what cannot be read", () => {
  it.each([
    [
      "an amount with a comma",
      (row: Row) => ({ ...row, foreigntotal: "-25,50" }),
      /foreigntotal: .*"-25,50"/,
    ],
    ["no currency", without("currency_code"), /currency_code: wanted an ISO 4217/],
    ["no id", without("id"), /id: wanted an internal id, got nothing/],
    ["no change time", without("modified_utc"), /modified_utc: wanted a time/],
    [
      "a day that is none",
      (row: Row) => ({ ...row, trandate: "2026-02-30" }),
      /trandate: .*no day/,
    ],
  ])("rejects %s by its field and takes the rest", async (_what, spoil, reason) => {
    books.faults.plan({
      kind: "change",
      change: onItems((items) => items.map((item) => (item["id"] === "5102" ? spoil(item) : item))),
    });
    const page = await since("2026-11-12T08:00:00.000Z", "2026-11-12T08:00:00.999Z");
    expect(page.observations).toHaveLength(4);
    expect(page.rejected.map((each) => each.reason)).toEqual([expect.stringMatching(reason)]);
    expect(page.fetched).toBe(5);
  });

  it("holds the payout of a credit that cannot be read, instead of telling it by itself", async () => {
    const spoilt = onItems((items) =>
      items.map((item) => (item["id"] === "5001" ? { ...item, foreigntotal: "" } : item)),
    );
    books.faults.plan({ kind: "none" }, 2); // the payout's header, its links
    books.faults.plan({ kind: "change", change: spoilt });
    const page = await erp().documentsById(["5002"]);
    expect(page.observations).toEqual([]);
    expect(page.rejected).toMatchObject([
      { id: "5002", reason: "it pays out credit 5001, which cannot be read" },
    ]);
    const later = await erp().documentsById(["5002"]);
    expect(idsOf([later])).toEqual(["5001"]);
    expect(later.partOf).toEqual(["5002"]);
  });

  it("counts a link that cannot be read, instead of leaving it out", async () => {
    books.faults.plan({ kind: "none" }); // headers
    books.faults.plan({
      kind: "change",
      change: onItems((items) => items.map((item) => ({ ...item, previousdoc: "none" }))),
    });
    const page = await erp().documentsById(["5001"]);
    expect(new Set(page.rejected.map(({ reason }) => reason))).toEqual(
      new Set([expect.stringMatching(/a row of links cannot be read/)]),
    );
    expect(page.fetched).toBe(page.observations.length + page.rejected.length);
  });

  it("rejects a document for one line that cannot be read", async () => {
    books.faults.plan({ kind: "none" }, 2); // headers, links
    books.faults.plan({ kind: "change", change: (body) => body.replace('"1.5"', '"1.505"') });
    const page = await erp().documentsById(["5101", "5102"]);
    expect(page.rejected[0]?.reason).toMatch(/line 4: foreignamount: .*"1.505"/);
    expect(page.observations).toHaveLength(1);
  });

  it("takes amounts that come as numbers", async () => {
    books.faults.plan({ kind: "change", change: (body) => body.replace('"-25.5"', "-25.5") });
    expect((await erp().documentsById(["5001"])).observations[0]?.total).toBe("25.50");
  });

  it.each<[string, Parameters<LocalNetsuite["faults"]["plan"]>[0], RegExp]>([
    ["HTML", instead("<html>Log in</html>"), /HTML/],
    ["nothing", instead(""), /empty body/],
    ["half a page", instead('{"items":[{"id":"5001"'), /wanted a page of JSON/],
    ["no items", instead('{"count":0}'), /wanted an array of items/],
    ["fewer items than counted", instead('{"count":2,"items":[]}'), /under a count of 2/],
    ["more to come but none here", instead('{"hasMore":true,"items":[]}'), /no items, but hasMore/],
    ["a redirect", { kind: "redirect", to: "https://evil.example/" }, /redirect to evil\.example/],
  ])("takes %s for an error, never for an empty page", async (_what, fault, message) => {
    books.faults.plan(fault);
    await expect(since("2026-11-01T00:00:00.000Z", "2026-11-30T00:00:00.000Z")).rejects.toThrow(
      message,
    );
  });

  it.each<[string, Parameters<LocalNetsuite["faults"]["plan"]>[0]]>([
    ["too many at once", { kind: "throttle" }],
    ["a server error", { kind: "status", status: 503, retryAfter: "1" }],
    ["a body cut off", { kind: "cut" }],
    ["a lost connection", { kind: "drop" }],
  ])("asks again after %s", async (_what, fault) => {
    books.faults.plan(fault, 2);
    expect((await erp().documentsById(["5001"])).observations).toHaveLength(1);
  });
});

describe("signing in", () => {
  it("renews a token that is refused, once", async () => {
    const system = erp();
    await system.documentsById(["5101"]);
    books.faults.expireTokens();
    const before = tokens();
    expect((await system.documentsById(["5101"])).observations).toHaveLength(1);
    expect(tokens() - before).toBe(1);
    books.faults.plan({ kind: "status", status: 401 }, 2);
    await expect(system.documentsById(["5101"])).rejects.toThrow(/with a new access token.*401/);
  });

  it("asks for a token only a minute before the last one ends", async () => {
    let now = Date.now();
    const system = erp({ wallClock: () => now });
    const before = tokens();
    await system.documentsById(["5101"]);
    now += 3_539_000;
    await system.documentsById(["5101"]);
    expect(tokens() - before).toBe(1);
    now += 2_000;
    await expect(system.documentsById(["5101"])).resolves.toBeDefined();
    expect(tokens() - before).toBe(2);
  });

  it("says what to check when the assertion is refused, and quotes no key", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const system = erp({ credentials: { ...books.credentials, privateKey: pem } });
    const error = await system.documentsById(["5101"]).catch((caught: unknown) => String(caught));
    expect(error).toMatch(/no access token \(400, invalid_grant\): check that clientId/);
    expect(error).not.toContain(pem.split("\n")[1]);
  });

  it("signs with token-based access as well", async () => {
    const system = erp({ credentials: books.tbaCredentials });
    expect((await system.documentsById(["5101"])).observations).toHaveLength(1);
    books.faults.plan({ kind: "throttle" });
    expect((await system.documentsById(["5101"])).observations, "a nonce serves once").toHaveLength(
      1,
    );
    const wrong = erp({ credentials: { ...books.tbaCredentials, tokenSecret: "x" } });
    await expect(wrong.documentsById(["5101"])).rejects.toThrow(/401/);
  });

  it("names the keys that a secret lacks", () => {
    expect(() => erp({ credentials: { clientId: "x", privateKey: "SECRET" } })).toThrow(
      /certificateId: wanted a text/,
    );
    expect(() => erp({ credentials: { clientId: "x", privateKey: "SECRET" } })).not.toThrow(
      /SECRET/,
    );
  });
});

describe("an account that has less", () => {
  let small: LocalNetsuite;
  beforeAll(async () => {
    small = await startNetsuite({
      life: lifeOf(creditMemo(), payoutOf("5001", "2026-11-11T10:00:00.000Z", "5002")),
    });
  }, 60_000);
  afterAll(async () => small.stop());

  it("goes on without what it can do without, and says so once by name", async () => {
    for (const field of [
      "transaction.source",
      "transaction.externalid",
      "transactionline.itemtype",
    ]) {
      small.faults.remove(field);
    }
    for (const record of ["deletedrecord", "accountingperiod"]) small.faults.deny(record);
    const events: LogEvent[] = [];
    const system = erp({ log: (event) => events.push(event) }, small);
    const window = { since: "2026-11-01T00:00:00.000Z", until: "2026-11-30T00:00:00.000Z" };
    for (const time of [1, 2]) {
      const page = await system.documentsSince(window, null);
      expect(page.observations[0]).toMatchObject({
        documentId: "5001",
        periodDates: null,
        settlement: { documentId: "5002" },
        modifiedBy: { kind: "integration" },
      });
      expect(page.rejected, `page read ${time} times`).toEqual([]);
    }
    expect(
      events.map(({ code, facts }) => `${code} ${String(facts?.["named"])}`).toSorted(),
    ).toEqual([
      "NETSUITE_FIELD_ABSENT accountingperiod",
      "NETSUITE_FIELD_ABSENT deletedrecord",
      "NETSUITE_FIELD_ABSENT externalid",
      "NETSUITE_FIELD_ABSENT itemtype",
      "NETSUITE_FIELD_ABSENT source",
    ]);
  });

  it("says which permission is missing where it cannot go on", async () => {
    small.faults.deny("currency");
    await expect(erp({}, small).documentsById(["5001"])).rejects.toThrow(
      /names currency\): check that the role has the permission Currency \(view\)/,
    );
  });
});

function erp(options: Partial<NetsuiteOptions> = {}, server: LocalNetsuite = books) {
  const log = options.log ?? ((): void => undefined);
  return netsuite({
    baseUrl: server.url,
    credentials: server.credentials,
    integrationUsers: [MACHINE.id],
    brandCurrency: "USD",
    log,
    http: http({ baseUrl: server.url, log, wait: async () => undefined }),
    ...options,
  });
}

async function since(from: string, until: string, cursor: string | null = null, pageSize = 1000) {
  // the connector itself looks back two hours; these windows are told as what shall be found
  const window = { since: new Date(Date.parse(from) + 7_200_000).toISOString(), until };
  return erp({ pageSize }).documentsSince(window, cursor);
}

async function everyPage(from: string, until: string, pageSize: number) {
  const pages: SourcePage<ErpDocument>[] = [];
  let cursor: string | null = null;
  do {
    const page: SourcePage<ErpDocument> = await erp({ pageSize }).documentsSince(
      { since: from, until },
      cursor,
    );
    pages.push(page);
    cursor = page.next;
  } while (cursor !== null);
  return pages;
}

function idsOf(pages: readonly SourcePage<ErpDocument>[]): string[] {
  return pages.flatMap(({ observations }) => observations.map(({ documentId }) => documentId));
}

function tokens(): number {
  return books.requests.filter(({ door }) => door === "token").length;
}

type Row = Record<string, string>;

function without(column: string): (row: Row) => Row {
  return (row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== column));
}

function onItems(change: (items: Row[]) => Row[]): (body: string) => string {
  return (text) => {
    const page = JSON.parse(text) as { items: Row[]; count: number };
    const items = change(page.items);
    return JSON.stringify({ ...page, items, count: items.length });
  };
}

function onlyIds(...ids: string[]): (body: string) => string {
  return onItems((items) => ids.map((id) => ({ ...items[0], id })));
}

function instead(text: string) {
  return { kind: "body", contentType: "text/html", body: text } as const;
}
