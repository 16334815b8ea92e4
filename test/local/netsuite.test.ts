import { createPrivateKey } from "node:crypto";
import { SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type LocalNetsuite, startNetsuite } from "../../local/netsuite/serve.ts";
import { creditMemo, lifeOf, payoutOf } from "../systems/erp/netsuite-life.ts";

const END = "2026-12-01T00:00:00.000Z";
let now = END;
let books: LocalNetsuite;
let token = "";

beforeAll(async () => {
  books = await startNetsuite({
    clock: () => now,
    sessionTimeZone: "America/Los_Angeles",
    life: lifeOf(
      // changed at half past ten in the evening in Los Angeles, the next day in UTC
      creditMemo(
        { documentId: "5001", deletedAt: "2026-11-20T00:00:00.000Z" },
        {},
        {
          at: "2026-11-13T06:30:00.700Z",
          total: "20.00",
        },
      ),
      creditMemo({ documentId: "5010" }),
      payoutOf("5010", "2026-11-14T10:00:00.000Z", "5011"),
    ),
  });
  token = String(((await askToken(await assertion())).body as Row)["access_token"]);
}, 60_000);
beforeEach(() => {
  now = END;
});
afterAll(async () => books.stop());

it("gives a credit memo its sign, and lines that add up to nothing with it", async () => {
  const sums = await items(
    "SELECT t.id, t.foreigntotal, SUM(tl.foreignamount) AS rest FROM transaction t JOIN transactionline tl ON tl.transaction = t.id WHERE t.type IN ('CustCred', 'CustRfnd') GROUP BY t.id, t.foreigntotal ORDER BY t.id",
  );
  expect(sums).toEqual([
    { links: [], id: "5010", foreigntotal: "-25.5", rest: "0" },
    { links: [], id: "5011", foreigntotal: "-25.5", rest: "0" },
  ]);
});

it("answers in texts and leaves nulls out", async () => {
  const answer = await ask(
    "SELECT t.id, t.memo, BUILTIN.DF(t.status) AS status_text FROM transaction t WHERE t.id = 5010",
  );
  expect(answer).toEqual({
    status: 200,
    body: {
      links: [],
      count: 1,
      hasMore: false,
      items: [{ links: [], id: "5010", status_text: "Credit Memo : Open" }],
      offset: 0,
      totalResults: 1,
    },
  });
});

it("tells a time without TO_CHAR as the user's date", async () => {
  now = "2026-11-15T00:00:00.000Z";
  expect(await items("SELECT t.lastmodifieddate FROM transaction t WHERE t.id = 5001")).toEqual([
    { links: [], lastmodifieddate: "11/12/2026" },
  ]);
});

it("loses an evening's change to a filter by date, and not to one by exact time", async () => {
  now = "2026-11-15T00:00:00.000Z";
  const byDate = "t.lastmodifieddate >= TO_DATE('2026-11-13', 'YYYY-MM-DD')";
  const exact =
    "SYS_EXTRACT_UTC(t.lastmodifieddate) >= TO_TIMESTAMP('2026-11-13 00:00:00', 'YYYY-MM-DD HH24:MI:SS')";
  expect((await changed(byDate)).map(({ id }) => id)).toEqual(["5011"]);
  expect((await changed(exact)).map(({ id }) => id)).toEqual(["5001", "5011"]);
});

it("keeps the time in TO_DATE", async () => {
  const at =
    "t.lastmodifieddate > TO_DATE('2026-11-14 01:59:59', 'YYYY-MM-DD HH24:MI:SS') AND t.lastmodifieddate <= TO_DATE('2026-11-14 02:00:00', 'YYYY-MM-DD HH24:MI:SS')";
  expect(await items(`SELECT t.id FROM transaction t WHERE ${at}`)).toEqual([
    { links: [], id: "5011" },
  ]);
});

it("shows the world as it is at the clock", async () => {
  const seen = async (at: string) => {
    now = at;
    return (
      await items(
        "SELECT t.foreigntotal, TO_CHAR(SYS_EXTRACT_UTC(t.lastmodifieddate), 'HH24:MI:SS') AS changed FROM transaction t WHERE t.id = 5001",
      )
    ).map(({ foreigntotal, changed: time }) => `${foreigntotal} ${time}`);
  };
  expect(await seen("2026-11-10T09:59:59.000Z")).toEqual([]);
  expect(await seen("2026-11-10T10:00:00.000Z")).toEqual(["-25.5 10:00:00"]);
  expect(await seen("2026-11-13T06:30:01.000Z")).toEqual(["-20 06:30:00"]);
  expect(await seen("2026-11-20T00:00:00.000Z")).toEqual([]);
  expect(await items("SELECT d.recordid, d.type FROM deletedrecord d")).toEqual([
    { links: [], recordid: "5001", type: "Credit Memo" },
  ]);
});

it.each([
  [
    "a field that is not there",
    "SELECT t.amount FROM transaction t",
    "Field 'amount' for record 'transaction' was not found",
  ],
  ["a record that is not there", "SELECT r.id FROM refund r", "Record 'refund' was not found"],
  ["two statements", "SELECT 1 FROM currency; DELETE FROM transaction", "Only a single SELECT"],
  ["anything but SELECT", "DELETE FROM transaction", "Only a single SELECT"],
])("refuses %s", async (_what, query, detail) => {
  expect(await ask(query)).toMatchObject({
    status: 400,
    body: {
      title: "Bad Request",
      "o:errorDetails": [{ detail: expect.stringContaining(detail) as string }],
    },
  });
});

it("refuses a request without Prefer: transient, and more than 1000 rows a page", async () => {
  expect((await ask("SELECT t.id FROM transaction t", { prefer: "" })).status).toBe(400);
  expect((await ask("SELECT t.id FROM transaction t", { limit: 1001 })).status).toBe(400);
  expect((await ask("SELECT t.id FROM transaction t", { limit: 1000 })).status).toBe(200);
});

it("refuses who did not sign in", async () => {
  expect((await ask("SELECT t.id FROM transaction t", { authorization: "Bearer x" })).status).toBe(
    401,
  );
});

it.each<[string, Partial<Claims>]>([
  ["another issuer", { issuer: "somebody" }],
  ["another audience", { audience: "https://elsewhere.example/token" }],
  ["another certificate", { kid: "other" }],
  ["an assertion for longer than an hour", { seconds: 3_601 }],
  ["no scope", { scope: "" }],
])("gives no token for %s", async (_what, spoilt) => {
  expect(await askToken(await assertion(spoilt))).toEqual({
    status: 400,
    body: { error: "invalid_grant" },
  });
});

it("answers 429 as documented when told to", async () => {
  books.faults.plan({ kind: "throttle" });
  expect(await ask("SELECT t.id FROM transaction t")).toMatchObject({
    status: 429,
    body: {
      title: "Bad Request",
      "o:errorDetails": [{ "o:errorCode": "CONCURRENCY_LIMIT_EXCEEDED" }],
    },
  });
});

async function changed(condition: string): Promise<Row[]> {
  return items(`SELECT t.id FROM transaction t WHERE ${condition} ORDER BY t.id`);
}

type Row = Record<string, string>;
type Claims = { issuer: string; audience: string; kid: string; seconds: number; scope: string };

async function items(query: string): Promise<Row[]> {
  const { status, body } = await ask(query);
  expect(status, JSON.stringify(body)).toBe(200);
  return (body as { items: Row[] }).items;
}

async function ask(
  query: string,
  { prefer = "transient", limit = 1000, authorization = `Bearer ${token}` } = {},
): Promise<{ status: number; body: unknown }> {
  const url = `${books.url}/services/rest/query/v1/suiteql?limit=${limit}&offset=0`;
  const response = await fetch(url, {
    method: "POST",
    headers: { prefer, authorization },
    body: JSON.stringify({ q: query }),
  });
  return { status: response.status, body: await response.json() };
}

async function assertion(spoilt: Partial<Claims> = {}): Promise<string> {
  const { clientId, certificateId, privateKey } = books.credentials;
  const right = {
    issuer: clientId,
    audience: tokenUrl(),
    kid: certificateId,
    seconds: 300,
    scope: "rest_webservices",
  };
  const { issuer, audience, kid, seconds, scope } = { ...right, ...spoilt };
  const issued = Math.floor(Date.now() / 1000);
  return new SignJWT({ scope })
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issued)
    .setExpirationTime(issued + seconds)
    .sign(createPrivateKey(privateKey));
}

async function askToken(signed: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(tokenUrl(), {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: signed,
    }),
  });
  return { status: response.status, body: await response.json() };
}

function tokenUrl(): string {
  return `${books.url}/services/rest/auth/oauth2/v1/token`;
}
