import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { LogEvent } from "../../../lambdas/log.ts";
import { http } from "../../../lambdas/systems/http/http.ts";
import { netsuite } from "../../../lambdas/systems/erp/netsuite/netsuite.ts";
import type { NetsuiteOptions } from "../../../lambdas/systems/erp/netsuite/netsuite.ts";
import { startNetsuite } from "../../../local/netsuite/serve.ts";
import type { LocalNetsuite } from "../../../local/netsuite/serve.ts";
import { creditMemo, lifeOf, MACHINE, payoutOf } from "./netsuite-life.ts";

/** NetSuite accounts differ in features and roles: each shape is read, or refused with advice. */
const WINDOW = { since: "2026-11-01T00:00:00.000Z", until: "2026-11-30T00:00:00.000Z" };
const SALES_ORDER = {
  internalId: "60",
  type: "SalesOrd",
  tranId: "SO60",
  otherRefNum: "#1060",
  externalId: null,
} as const;

const servers: LocalNetsuite[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

async function account(change: { fields?: string[]; records?: string[] }): Promise<LocalNetsuite> {
  const server = await startNetsuite({ life: LIFE });
  servers.push(server);
  for (const field of change.fields ?? []) server.faults.remove(field);
  for (const record of change.records ?? []) server.faults.deny(record);
  return server;
}

async function read(server: LocalNetsuite, options: Partial<NetsuiteOptions> = {}) {
  const events: LogEvent[] = [];
  const log = (event: LogEvent): void => void events.push(event);
  const system = netsuite({
    baseUrl: server.url,
    credentials: server.credentials,
    integrationUsers: [MACHINE.id],
    brandCurrency: "USD",
    log,
    http: http({ baseUrl: server.url, log, wait: async () => undefined }),
    ...options,
  });
  const page = await system.documentsSince(WINDOW, null);
  const documents = new Map(page.observations.map((one) => [one.documentId, one]));
  const absent = events.map(({ facts }) => facts?.["named"]);
  return { documents, absent, page, system };
}

const SCOPE = { companies: ["1"], documentPrefixes: [], channels: [] };

const LIFE = lifeOf(
  creditMemo(),
  payoutOf("5001", "2026-11-11T10:00:00.000Z", "5002"),
  // another subsidiary
  creditMemo({ documentId: "5101", tranId: "CM5101", subsidiary: "2" }),
  // from several warehouses
  creditMemo({ documentId: "5201", tranId: "CM5201", locations: ["7", "8"] }),
  // a return authorisation that names nothing, made from the order
  creditMemo(
    {
      documentId: "5301",
      tranId: "CM5301",
      createdFrom: {
        internalId: "70",
        type: "RtnAuth",
        tranId: "RMA70",
        otherRefNum: null,
        externalId: null,
        madeFrom: SALES_ORDER,
      },
    },
    { externalId: null, otherRefNum: null },
  ),
  // the payout of a deposit
  {
    ...payoutOf("none", "2026-11-12T10:00:00.000Z", "5401"),
    pays: null,
    createdFrom: {
      internalId: "81",
      type: "CustDep",
      tranId: "DEP81",
      otherRefNum: "#1233",
      externalId: null,
    },
  },
  // a payout on account: it settles no credit, and only its memo names the order
  onAccount("5501", "Refund for order #1077"),
);

function onAccount(documentId: string, memo: string) {
  const payout = payoutOf("none", "2026-11-12T11:00:00.000Z", documentId);
  return { ...payout, pays: null, versions: payout.versions.map((one) => ({ ...one, memo })) };
}

describe("a NetSuite account with every feature", () => {
  let full: LocalNetsuite;
  beforeAll(async () => {
    full = await account({});
  }, 60_000);

  it("gives each document its subsidiary, and reads only those of the scope", async () => {
    const all = await read(full);
    expect(all.documents.get("5001")).toMatchObject({ company: "1" });
    expect(all.documents.get("5101")).toMatchObject({ company: "2" });
    const scoped = await read(full, { scope: SCOPE });
    expect(scoped.documents.has("5101")).toBe(false);
    expect(scoped.documents.size).toBe(all.documents.size - 1);
  });

  it("reads a document from several locations once, with its whole total", async () => {
    const { documents, page } = await read(full);
    expect(page.observations.filter(({ documentId }) => documentId === "5201")).toHaveLength(1);
    expect(documents.get("5201")).toMatchObject({ total: "25.50" });
  });

  it("gives the location as a segment where the scope names a channel of the ERP", async () => {
    const scope = { companies: [], documentPrefixes: [], channels: ["Warehouse 7"] };
    const { documents } = await read(full, { scope });
    expect(documents.get("5201")?.segments).toEqual(["7", "Warehouse 7"]);
    expect(documents.get("5001")?.segments).toBeUndefined();
  });

  it("finds the order behind a return authorisation, and behind a deposit that is paid back", async () => {
    const { documents } = await read(full);
    expect(documents.get("5301")?.references).toContainEqual({ field: "order", text: "#1060" });
    expect(documents.get("5401")).toMatchObject({ kind: "customer_refund", total: "25.50" });
    expect(documents.get("5401")?.references).toContainEqual({ field: "order", text: "#1233" });
  });

  it("reads a payout on account as a document of its own", async () => {
    const { documents } = await read(full);
    expect(documents.get("5501")).toMatchObject({ kind: "customer_refund", settlement: null });
    expect(documents.get("5501")?.references).toContainEqual({ field: "memo", text: "#1077" });
  });
});

describe("a NetSuite account that lacks a feature", () => {
  it.each<[string, string[], string[]]>([
    ["subsidiaries", ["transactionline.subsidiary"], ["subsidiary"]],
    ["accounting periods", ["transaction.postingperiod"], ["accountingperiod"]],
    ["inventory", ["transactionline.iscogs", "transactionline.itemtype"], []],
    ["locations", ["transactionline.location"], ["location"]],
    [
      "multiple currencies",
      ["transaction.currency", "transaction.foreigntotal", "transactionline.foreignamount"],
      ["currency"],
    ],
  ])(
    "(%s) is read all the same, with its totals and its payouts",
    async (_what, fields, records) => {
      const { documents, page } = await read(await account({ fields, records }));
      expect(page.rejected).toEqual([]);
      expect(documents.size).toBe(7 - 1); // the payout is part of its memo
      expect(documents.get("5001")).toMatchObject({
        currency: "USD",
        total: "25.50",
        settlement: { documentId: "5002", amount: "25.50" },
      });
      expect(documents.get("5001")?.lines?.map(({ amount }) => amount)).toEqual([
        "22.00",
        "-2.00",
        "4.00",
        "1.50",
      ]);
    },
  );

  it("names each field that it leaves out, once", async () => {
    const { absent } = await read(await account({ fields: ["transactionline.iscogs"] }));
    expect(absent).toEqual(["iscogs"]);
  });

  it("refuses a scope by company where the account has no subsidiaries, and says what to do", async () => {
    const single = await account({ fields: ["transactionline.subsidiary"] });
    await expect(read(single, { scope: SCOPE })).rejects.toThrow(
      /no subsidiaries.*remove erp\.scope\.companies from the brand file/,
    );
  });
});

describe("a NetSuite role that may not read a record", () => {
  it.each([
    ["previoustransactionlinelink", {}],
    ["accountingperiod", { periodDates: null, period: "Nov 2026" }],
    ["deletedrecord", {}],
  ])("(%s) reads the documents, and says what stays unknown", async (record, unknown) => {
    const { documents, absent, system } = await read(await account({ records: [record] }));
    expect(documents.get("5001")).toMatchObject({ total: "25.50", ...unknown });
    expect(absent).toContain(record);
    const met = await system.identify?.({ identity: null, absent: [], missing: [] }, false);
    expect(met?.missing).toContain(record);
  });

  it.each([
    ["transaction", /Find Transaction, and Credit Memo, Cash Refund and Customer Refund \(view\)/],
    ["transactionline", /Find Transaction, and Credit Memo/],
    ["currency", /Currency \(view\)/],
  ])("(%s) is refused with the permission that it needs", async (record, advice) => {
    const server = await account({ records: [record] });
    await expect(read(server)).rejects.toThrow(advice);
  });
});
