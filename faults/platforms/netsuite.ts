import { startEngine } from "../../local/netsuite/engine.ts";
import type { Engine } from "../../local/netsuite/engine.ts";
import { rowsOf } from "../../local/netsuite/rows.ts";
import { netsuiteSimulator } from "../../local/netsuite/serve.ts";
import { CANARY } from "../world.ts";
import { isJson } from "../platform.ts";
import type { Answer, Json, WrongAnswer, Platform, Question } from "../platform.ts";

/** One database for all lives of a process, because a start takes longer than a life. */
let engine: Engine | null = null;
let loaded: object | null = null;

/** The simulated NetSuite, without a socket. */
export const netsuitePlatform: Platform = {
  role: "erp",
  name: "netsuite",
  start: async (life, clock) => {
    if (engine === null) engine = await startEngine({ rows: rowsOf(life), sessionTimeZone: ZONE });
    else if (loaded !== life) await engine.replace(rowsOf(life));
    loaded = life;
    const runningEngine = engine;
    const open = () =>
      netsuiteSimulator({
        engine: runningEngine,
        clock: () => new Date(clock()).toISOString(),
        wallClock: clock,
      });
    let simulator = open();
    return {
      baseUrl: "https://1234567-sb1.suitetalk.api.netsuite.com",
      credentials: () => simulator.tbaCredentials,
      rotate: () => {
        simulator = open();
      },
      answer: async ({ url, method, headers, body }) => {
        const { status, body: text } = await simulator.answer({
          url,
          method,
          authorization: headers.get("authorization") ?? "",
          prefer: headers.get("prefer") ?? "",
          body,
        });
        return { status, headers: { "content-type": "application/json" }, body: text };
      },
    };
  },
  lists: ["items"],
  recordIn: (one) => {
    const id = one["id"];
    if (typeof id !== "string") return null;
    const at = Date.parse(String(one["modified_utc"]));
    return { id, lagsAs: id, changedAt: Number.isNaN(at) ? null : at };
  },
  wrongAnswers: [
    wrongAnswer(9, "too many requests at once, with a body", () => ({
      status: 429,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ title: "Too Many Requests", status: 429 }),
    })),
    wrongAnswer(11, "rows cut off, and a total that says more", (json) => {
      const items = itemsOf(json);
      if (items.length < 2) return "unchanged";
      json["totalResults"] = items.length;
      items.splice(1);
      json["count"] = 1;
      json["hasMore"] = false;
      return "changed";
    }),
    wrongAnswer(11, "fewer rows than it counts", (json) => {
      const items = itemsOf(json);
      if (items.length < 2) return "unchanged";
      items.splice(1);
      return "changed";
    }),
    wrongAnswer(13, "no rows, and more to come", (json) => {
      json["items"] = [];
      json["count"] = 0;
      json["hasMore"] = true;
      return "changed";
    }),
    wrongAnswer(16, "rows in another order, one twice", (json, { question }) => {
      const items = itemsOf(json);
      const [first] = items;
      if (first === undefined || !isHeaders(question)) return "unchanged";
      items.reverse();
      items.push(structuredClone(first));
      json["count"] = items.length;
      return "changed";
    }),
    wrongAnswer(37, "no rows at all", (json) => {
      json["items"] = [];
      json["count"] = 0;
      json["totalResults"] = 0;
      json["hasMore"] = false;
      return "changed";
    }),
    ...["otherrefnum", "externalid", "memo", "foreigntotal"].map((column) =>
      wrongAnswer(27, `the column ${column} refused`, (_json, { question }) =>
        isHeaders(question)
          ? refusal(`Search error occurred: Invalid search column: '${column}'.`)
          : "unchanged",
      ),
    ),
    wrongAnswer(27, "the links refused", (_json, { question }) =>
      /previoustransactionlinelink/i.test(question.body)
        ? refusal(`An unexpected error occurred. ${CANARY}`)
        : "unchanged",
    ),
    wrongAnswer(12, "an unexpected error for some question", (_json, { random }) =>
      random.chance(0.3)
        ? {
            status: 500,
            headers: { "content-type": "application/json" },
            body: JSON.stringify({
              "o:errorDetails": [{ detail: CANARY, "o:errorCode": "UNEXPECTED_ERROR" }],
            }),
          }
        : "unchanged",
    ),
    wrongAnswer(18, "a change time in the future", (json, { question, random }) => {
      const items = itemsOf(json);
      if (items.length === 0 || !isHeaders(question)) return "unchanged";
      const row = random.pick(items);
      row["modified_utc"] = "2099-01-01T00:00:00Z";
      return "changed";
    }),
    ...["NaN", "1e3", "12,50", "", "-0.00", "99999999999999999999999", "1.23456"].map((total) =>
      wrongAnswer(24, `a total ${JSON.stringify(total)}`, (json, { question, random }) => {
        const items = itemsOf(json).filter(
          (row) => row["total"] !== undefined || row["foreigntotal"] !== undefined,
        );
        if (items.length === 0 || !isHeaders(question)) return "unchanged";
        const row = random.pick(items);
        row["total" in row ? "total" : "foreigntotal"] = total;
        return "changed";
      }),
    ),
    wrongAnswer(24, "a currency that does not exist", (json, { question, random }) => {
      const items = itemsOf(json);
      if (items.length === 0 || !isHeaders(question)) return "unchanged";
      random.pick(items)["currency_code"] = "XXZ";
      return "changed";
    }),
    wrongAnswer(26, "an id that is missing", (json, { question, random }) => {
      const items = itemsOf(json);
      if (items.length < 2 || !isHeaders(question)) return "unchanged";
      delete random.pick(items)["id"];
      return "changed";
    }),
    wrongAnswer(26, "an id of half a character", (json, { question, random }) => {
      const items = itemsOf(json);
      if (items.length < 2 || !isHeaders(question)) return "unchanged";
      random.pick(items)["id"] = "5\ud800";
      return "changed";
    }),
    wrongAnswer(27, "a type that is new", (json, { question, random }) => {
      const items = itemsOf(json);
      if (items.length === 0 || !isHeaders(question)) return "unchanged";
      random.pick(items)["type"] = "CustNew";
      return "changed";
    }),
    wrongAnswer(44, "keys that reach into prototypes", (json, { answer }) => {
      const body = answer.body.replace('"items":[{', '"items":[{"__proto__":{"polluted":true},');
      return body === answer.body || json === null ? "unchanged" : { ...answer, body };
    }),
  ],
  stop: async () => {
    await engine?.stop();
    engine = null;
    loaded = null;
  },
};

function wrongAnswer(row: number, says: string, tell: WrongAnswer["apply"]): WrongAnswer {
  return { row, says: `NetSuite: ${says}`, apply: tell };
}

function itemsOf(json: Json): Json[] {
  const items: unknown = json["items"];
  return Array.isArray(items) && items.every(isJson) ? items : [];
}

function isHeaders({ body }: Question): boolean {
  return /cursor_ts/.test(body) && !/FROM deletedrecord/.test(body);
}

function refusal(detail: string): Answer {
  return {
    status: 400,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      title: "Bad Request",
      status: 400,
      "o:errorDetails": [{ detail, "o:errorCode": "INVALID_PARAMETER" }],
    }),
  };
}

const ZONE = "America/Los_Angeles";
