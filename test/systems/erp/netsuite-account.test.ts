import { describe, expect, it } from "vitest";

import { netsuite } from "../../../lambdas/systems/erp/netsuite/netsuite.ts";
import type { NetsuiteOptions } from "../../../lambdas/systems/erp/netsuite/netsuite.ts";
import { referenceTokens } from "../../../lambdas/systems/redact.ts";
import { SystemUnavailable } from "../../../lambdas/systems/http/http.ts";
import type { HttpAnswer } from "../../../lambdas/systems/http/http.ts";

type Row = Readonly<Record<string, string>>;
/** What a tenant answers to a query: rows, a refusal of 400 in NetSuite's words, or a fault of 500. */
type Tenant = (query: string) => readonly Row[] | { refused: string } | "500";

const WINDOW = { since: "2026-11-01T00:00:00.000Z", until: "2026-11-30T00:00:00.000Z" };

const memo: Row = {
  id: "5001",
  type: "CustCred",
  tranid: "CM5001",
  trandate: "2026-11-10",
  created_utc: "2026-11-10T10:00:00Z",
  modified_utc: "2026-11-10T10:00:00Z",
  cursor_ts: "2026-11-10 02:00:00",
  status: "A",
  status_text: "Credit Memo : Open",
  currency_code: "USD",
  foreigntotal: "-25.50",
  otherrefnum: "#1001",
};
const payout: Row = {
  ...memo,
  id: "6001",
  type: "CustRfnd",
  tranid: "CR6001",
  status: "R",
  status_text: "Customer Refund : Deposited",
  foreigntotal: "25.50",
  otherrefnum: "",
};

function isHeaders(query: string): boolean {
  return (
    query.includes("FROM transaction t JOIN transactionline ml") && query.includes("t.trandate")
  );
}

function erp(tenant: Tenant, options: Partial<NetsuiteOptions> = {}) {
  const asked: string[] = [];
  const send = async ({ body = "" }: { body?: string }): Promise<HttpAnswer> => {
    const { q } = JSON.parse(body) as { q: string };
    asked.push(q);
    const answer = tenant(q);
    if (answer === "500") {
      throw new SystemUnavailable("POST suiteql", 5, {
        trouble: "answered 500",
        retryAfterMs: null,
        status: 500,
      });
    }
    const headers = new Headers();
    if ("refused" in answer) {
      const detail = { detail: answer.refused, "o:errorCode": "INVALID_PARAMETER" };
      return { status: 400, headers, text: JSON.stringify({ "o:errorDetails": [detail] }) };
    }
    const items = answer.map((row) => ({ links: [], ...row }));
    const page = { count: items.length, hasMore: false, totalResults: items.length, items };
    return { status: 200, headers, text: JSON.stringify(page) };
  };
  const system = netsuite({
    baseUrl: "https://1234567.suitetalk.api.netsuite.com",
    credentials: {
      account: "1234567",
      consumerKey: "a",
      consumerSecret: "b",
      tokenId: "c",
      tokenSecret: "d",
    },
    integrationUsers: [],
    brandCurrency: "EUR",
    log: () => undefined,
    http: { send, firstAnswerAt: () => null },
    ...options,
  });
  return { system, asked };
}

const lacks = (field: string) => ({
  refused: `Search error occurred: Field '${field}' for record 'transaction' was not found.`,
});

const withoutMemo: Tenant = (query) =>
  isHeaders(query) ? (query.includes("t.memo") ? lacks("memo") : [memo]) : [];

describe("a field that was there at the first pull", () => {
  it("is left out when it was absent then, and remembered as absent", async () => {
    const { system } = erp(withoutMemo);
    expect((await system.documentsSince(WINDOW, null)).observations).toHaveLength(1);
    expect(system.absent?.()).toEqual(["memo"]);
  });

  it("fails the pull when it vanishes later, and says how to go on", async () => {
    const { system } = erp(withoutMemo);
    await system.identify?.({ identity: "1234567", absent: [], missing: [] }, false);
    await expect(system.documentsSince(WINDOW, null)).rejects.toThrow(
      /memo was present at the first pull.*erp\.absentFields/,
    );
  });

  it("may be named as gone for good in the brand file", async () => {
    const { system } = erp(withoutMemo, { absentFields: ["memo"] });
    await system.identify?.({ identity: "1234567", absent: [], missing: [] }, false);
    expect((await system.documentsSince(WINDOW, null)).observations).toHaveLength(1);
  });

  it("is not taken for refused by a refusal that names nothing", async () => {
    const { system } = erp((query) =>
      query.includes("previoustransactionlinelink")
        ? { refused: "An unexpected error occurred." }
        : isHeaders(query)
          ? [memo]
          : [],
    );
    await expect(system.documentsSince(WINDOW, null)).rejects.toThrow(/refused the links query/);
  });
});

it("finds the one column by which a question fails with 500, and leaves it out", async () => {
  const { system, asked } = erp((query) =>
    isHeaders(query) ? (query.includes("t.otherrefnum,") ? "500" : [memo]) : [],
  );
  const page = await system.documentsSince(WINDOW, null);
  expect(page.observations).toHaveLength(1);
  expect(system.absent?.()).toEqual(["otherrefnum"]);
  expect(asked.length).toBeLessThan(20);
});

it("reads an account without multiple currencies in the brand's currency", async () => {
  const { currency_code: _none, foreigntotal: total, ...single } = memo;
  const { system } = erp((query) => {
    if (!isHeaders(query)) return [];
    if (query.includes("t.currency")) return lacks("currency");
    return query.includes("t.foreigntotal")
      ? lacks("foreigntotal")
      : [{ ...single, foreigntotal: total ?? "" }];
  });
  const { observations } = await system.documentsSince(WINDOW, null);
  expect(observations).toMatchObject([{ currency: "EUR", total: "25.50" }]);
});

it("quarantines an amount in a currency that ISO 4217 does not know", async () => {
  const { system } = erp((query) => (isHeaders(query) ? [{ ...memo, currency_code: "XXZ" }] : []));
  const page = await system.documentsSince(WINDOW, null);
  expect(page.observations).toEqual([]);
  expect(page.rejected).toMatchObject([
    {
      id: "5001",
      mayBe: { references: [{ field: "other_reference", text: "#1001" }, { field: "number" }] },
    },
  ]);
});

const references = async (tenant: Tenant, options: Partial<NetsuiteOptions> = {}) => {
  const page = await erp(tenant, options).system.documentsSince(WINDOW, null);
  return page.observations.map((document) =>
    document.references.map(({ field, text }) => `${field} ${text}`),
  );
};

it("says which records the role could not read, after the first pull too", async () => {
  const { system } = erp((query) =>
    query.includes("FROM deletedrecord") || query.includes("deletedrecord")
      ? { refused: "Invalid or unsupported search: record 'deletedrecord' was not found." }
      : isHeaders(query)
        ? [memo]
        : [],
  );
  await system.documentsSince(WINDOW, null);
  const absent = system.absent?.() ?? [];
  const again = erp(withoutMemo).system;
  const met = await again.identify?.({ identity: "1234567", absent, missing: [] }, true);
  expect(met?.missing).toEqual(["deletedrecord"]);
});

it("counts rows and not the memos that a payout brings: a row that was cut is missed", async () => {
  const page = await erp((query) => (isHeaders(query) ? [memo] : [])).system.documentsSince(
    WINDOW,
    null,
  );
  expect(page).toMatchObject({ counted: 1, reported: 1, newest: memo["id"] });
});

it("keeps no words that somebody typed as a document's number", async () => {
  const typed = { ...memo, tranid: "Jane Doe jane@canary.example" };
  const { system } = erp((query) => (isHeaders(query) ? [typed] : []));
  const page = await system.documentsSince(WINDOW, null);
  expect(page.observations).toMatchObject([{ documentNumber: null }]);
  expect(JSON.stringify(page)).not.toMatch(/Jane|canary/);
});

it("keeps no telephone number of a memo or of a payment field, in the document and in the archive", async () => {
  const called = { ...memo, memo: "call 5550104477", custbody_psp: "5550104477 or jane1985x" };
  const { system } = erp((query) => (isHeaders(query) ? [called] : []), {
    paymentFields: ["custbody_psp"],
  });
  const page = await system.documentsSince(WINDOW, null);
  expect(page.observations).toMatchObject([{ documentId: "5001", paymentReferences: [] }]);
  expect(JSON.stringify(page)).not.toMatch(/5550104477|jane/);
});

describe("where a document's order is named", () => {
  it("by the deposit that a customer refund pays back", async () => {
    const link = {
      previousdoc: "81",
      previoustype: "CustDep",
      nextdoc: "6001",
      nexttype: "CustRfnd",
    };
    expect(
      await references((query) => {
        if (isHeaders(query)) return [payout];
        if (query.includes("previoustransactionlinelink"))
          return query.includes("6001") ? [link] : [];
        return query.includes("WHERE t.id IN (81)")
          ? [{ id: "81", tranid: "DEP81", otherrefnum: "#1233" }]
          : [];
      }),
    ).toEqual([["order #1233", "number CR6001"]]);
  });

  it("by the order behind a return authorisation that names nothing", async () => {
    const { otherrefnum: _none, ...bare } = memo;
    expect(
      await references((query) => {
        if (isHeaders(query))
          return [{ ...bare, createdfrom: "70", src_type: "RtnAuth", src_tranid: "RMA70" }];
        if (query.includes("previoustransactionlinelink")) return [];
        if (query.includes("WHERE t.id IN (70)"))
          return [{ id: "70", tranid: "RMA70", createdfrom: "60" }];
        return query.includes("WHERE t.id IN (60)")
          ? [{ id: "60", tranid: "SO60", otherrefnum: "#1001" }]
          : [];
      }),
    ).toEqual([["source RMA70", "order #1001", "number CM5001"]]);
  });

  it("by the connector's own body field, where the brand file names it", async () => {
    const field = "custbody_refund_id";
    expect(
      await references(
        (query) =>
          isHeaders(query) ? [{ ...memo, otherrefnum: "", [field]: "870001113286" }] : [],
        { referenceFields: [field] },
      ),
    ).toEqual([["refund 870001113286", "number CM5001"]]);
  });
});

it("reads the processor's payment ids of a document and of its payout, never a card number", async () => {
  const field = "custbody_psp";
  const link = { previousdoc: "5001", nextdoc: "6001", previoustype: "CustCred" };
  const { system } = erp(
    (query) => {
      if (isHeaders(query)) {
        return [
          { ...memo, [field]: "NC6HT9CRT65ZGN82, by Jane" },
          { ...payout, [field]: "8836123412341236 4111111111111111" },
        ];
      }
      return query.includes("previoustransactionlinelink")
        ? [{ ...link, nexttype: "CustRfnd" }]
        : [];
    },
    { paymentFields: [field] },
  );
  const page = await system.documentsSince(WINDOW, null);
  expect(page.observations).toMatchObject([
    { documentId: "5001", paymentReferences: ["NC6HT9CRT65ZGN82", "8836123412341236"] },
  ]);
  expect(JSON.stringify(page)).not.toMatch(/Jane|4111/);
});

it("pairs a payout with its memo by customer and amount where the role may not read links", async () => {
  const { system } = erp((query) => {
    if (query.includes("previoustransactionlinelink")) {
      return {
        refused: "Search error occurred: Record 'previoustransactionlinelink' was not found.",
      };
    }
    if (query.includes("AS payout")) return [{ payout: "6001", credit: "5001" }];
    return isHeaders(query) ? [memo, payout] : [];
  });
  const { observations } = await system.documentsSince(WINDOW, null);
  expect(observations).toMatchObject([
    { documentId: "5001", settlement: { documentId: "6001", amount: "25.50" } },
  ]);
});

it("tells a refusal by code and by names of its own question, never in NetSuite's words", async () => {
  const { system } = erp(() => ({
    refused: "Field 'trandate' for jane@example.com, token shpat_canary",
  }));
  const error: unknown = await system
    .documentsSince(WINDOW, null)
    .catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(/INVALID_PARAMETER; it names trandate/);
  expect(String(error)).not.toMatch(/jane|canary/);
});

describe("a memo", () => {
  it("keeps no birthday, telephone, insurance or card number, and no name with a number in it", () => {
    expect(
      referenceTokens(
        "Refund for Jane Doe, jane.doe1985 born 1985-03-12, call 5551234567 or 555-123-4567, ssn 123-45-6789, card 4111111111111111, order #1001",
      ),
    ).toBe("#1001");
  });

  it.each([
    "#1001",
    "SO-1001",
    "US-1001",
    "web-1001",
    "Web-00001001",
    "shopify-refund-870001113286",
    "gid://shopify/Refund/870001113286",
    "870001113286",
    "pi_3NxQ9dK2eZ",
    "c12345678901.1",
    "1001",
  ])("keeps %s", (reference) => {
    expect(referenceTokens(reference)).toBe(reference);
  });
});
