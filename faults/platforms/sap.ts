import type { LifeDocument } from "../../local/life/life.ts";
import { REFUND_FIELD } from "../../local/sap/rows.ts";
import { sapSimulator } from "../../local/sap/serve.ts";
import { CANARY } from "../world.ts";
import { changeOne, isJson } from "../platform.ts";
import type { Answer, Json, Platform, WrongAnswer } from "../platform.ts";

/** The simulated SAP, without a socket. */
export const sapPlatform: Platform = {
  role: "erp",
  name: "sap",
  start: async (life, clock) => {
    let serial = 0;
    const books = () =>
      sapSimulator({
        life,
        clock: () => new Date(clock()).toISOString(),
        user: { username: "REFUND_WATCH", password: `password ${CANARY} ${serial}` },
      });
    let simulator = books();
    return {
      baseUrl: "https://my400000-api.s4hana.cloud.sap",
      credentials: () => simulator.credentials,
      rotate: () => {
        serial += 1;
        simulator = books();
      },
      answer: async (question) => (await simulator.ask(question)).answer,
    };
  },
  settings: () => ({ referenceFields: [REFUND_FIELD] }),
  fit: (life) => ({ ...life, documents: life.documents.flatMap(shownDocument) }),
  lists: ["results"],
  recordIn: (one) => {
    const id = one["BillingDocument"];
    if (typeof id !== "string" || one["SDDocumentCategory"] === undefined) return null;
    const ms = /^\/Date\((\d+)/.exec(String(one["LastChangeDateTime"]))?.[1];
    return { id, lagsAs: id, changedAt: ms === undefined ? null : Number(ms) };
  },
  wrongAnswers: [
    wrongAnswer(9, "503 without a time to wait", () => ({
      status: 503,
      headers: { "content-type": "text/html" },
      body: "<html>overloaded</html>",
    })),
    wrongAnswer(11, "fewer rows than it counts", (json) => {
      const rows = rowsOf(json);
      if (rows === null || rows.length < 2 || countOf(json) === null) return "unchanged";
      rows.splice(1);
      return "changed";
    }),
    wrongAnswer(12, "a null in a list", (json, { random }) => {
      const rows = rowsOf(json);
      if (rows === null || rows.length === 0) return "unchanged";
      rows.splice(random.int(0, rows.length - 1), 1, null);
      return "changed";
    }),
    wrongAnswer(13, "no rows, and more to come", (json) => {
      const rows = rowsOf(json);
      if (rows === null || !isJson(json["d"])) return "unchanged";
      rows.splice(0);
      json["d"]["__next"] = "https://my400000-api.s4hana.cloud.sap/next";
      return "changed";
    }),
    wrongAnswer(16, "rows in another order, one twice", (json) => {
      const rows = rowsOf(json);
      const [first] = rows ?? [];
      if (rows === null || first === undefined) return "unchanged";
      rows.reverse();
      rows.push(structuredClone(first));
      return "changed";
    }),
    wrongAnswer(37, "no rows at all", (json) => {
      const rows = rowsOf(json);
      if (rows === null || !isJson(json["d"])) return "unchanged";
      rows.splice(0);
      if (countOf(json) !== null) json["d"]["__count"] = "0";
      return "changed";
    }),
    wrongAnswer(46, "a next link to another host", (json) => {
      if (!isJson(json["d"]) || rowsOf(json)?.length === 0) return "unchanged";
      json["d"]["__next"] = "http://169.254.169.254/latest/meta-data/";
      return "changed";
    }),
    ...["PurchaseOrderByCustomer", "TotalGrossAmount", "AccountingTransferStatus"].map((field) =>
      wrongAnswer(27, `the field ${field} refused`, (_json, { question }) =>
        decodeURIComponent(question.url).includes(field)
          ? refusal(`Property ${field} not found in type. ${CANARY}`)
          : "unchanged",
      ),
    ),
    wrongAnswer(18, "a change time in the future", (json, { random }) =>
      rowsOf(json) === null
        ? "unchanged"
        : changeOne(json, "LastChangeDateTime", random, () => "/Date(4070908800000+0000)/"),
    ),
    ...["NaN", "1e3", "12,50", "99999999999999999999999999", "1.23456"].map((total) =>
      wrongAnswer(24, `a total ${JSON.stringify(total)}`, (json, { random }) =>
        changeOne(json, "TotalGrossAmount", random, () => total),
      ),
    ),
    wrongAnswer(24, "a currency that does not exist", (json, { random }) =>
      changeOne(json, "TransactionCurrency", random, () => "XXZ"),
    ),
    wrongAnswer(26, "an id of half a character", (json, { random }) =>
      (rowsOf(json)?.length ?? 0) < 2
        ? "unchanged"
        : changeOne(json, "BillingDocument", random, () => "5\ud800"),
    ),
    wrongAnswer(27, "a required field that is missing", (json, { random }) =>
      changeOne(
        json,
        random.pick(["LastChangeDateTime", "BillingDocumentDate", "TotalNetAmount"]),
        random,
        () => undefined,
      ),
    ),
    wrongAnswer(44, "keys that reach into prototypes", (json, { answer }) => {
      const body = answer.body.replace(
        '"results":[{',
        '"results":[{"__proto__":{"polluted":true},',
      );
      return body === answer.body || json === null ? "unchanged" : { ...answer, body };
    }),
  ],
  stop: async () => undefined,
};

/** SAP deletes no posted credit, it cancels it; a payout is a clearing and no document of sales. */
function shownDocument(document: LifeDocument): LifeDocument[] {
  if (document.pays !== null) return [];
  const { deletedAt, deletedBy, versions } = document;
  const last = versions.findLast(({ at }) => deletedAt !== null && at <= deletedAt);
  if (deletedAt === null || last === undefined) return [{ ...document, createdFrom: null }];
  const kept = versions.filter(({ at }) => at < deletedAt);
  const ended = { ...last, at: deletedAt, by: deletedBy ?? last.by, voided: true, status: "V" };
  return [
    {
      ...document,
      createdFrom: null,
      deletedAt: null,
      deletedBy: null,
      versions: [...kept, ended],
    },
  ];
}

function wrongAnswer(row: number, says: string, tell: WrongAnswer["apply"]): WrongAnswer {
  return { row, says: `SAP: ${says}`, apply: tell };
}

function rowsOf(json: Json): unknown[] | null {
  const rows: unknown = isJson(json["d"]) ? json["d"]["results"] : null;
  return Array.isArray(rows) ? rows : null;
}

function countOf(json: Json): unknown {
  return isJson(json["d"]) ? (json["d"]["__count"] ?? null) : null;
}

function refusal(value: string): Answer {
  return {
    status: 400,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ error: { code: "005056A509B1", message: { lang: "en", value } } }),
  };
}
