import type { LifeDocument } from "../../local/life/life.ts";
import { REFUND_FIELD } from "../../local/oracle/rows.ts";
import { oracleSimulator } from "../../local/oracle/serve.ts";
import { CANARY } from "../world.ts";
import { changeOne, isJson } from "../platform.ts";
import type { Answer, Json, Platform, Question, WrongAnswer } from "../platform.ts";

/** The simulated Oracle Fusion, without a socket. */
export const oraclePlatform: Platform = {
  role: "erp",
  name: "oracle",
  start: async (life, clock) => {
    let serial = 0;
    const books = () =>
      oracleSimulator({
        life,
        clock: () => new Date(clock()).toISOString(),
        user: { username: "REFUND_WATCH", password: `password ${CANARY} ${serial}` },
      });
    let simulator = books();
    return {
      baseUrl: "https://acme.fa.example.oraclecloud.com",
      credentials: () => simulator.credentials,
      rotate: () => {
        serial += 1;
        simulator = books();
      },
      answer: async (question) => withAnOldMemo((await simulator.ask(question)).answer, question),
    };
  },
  settings: () => ({ referenceFields: [REFUND_FIELD] }),
  fit: (life) => ({ ...life, documents: life.documents.flatMap(shownDocument) }),
  lists: ["items"],
  recordIn: (one) => {
    const id = one["CustomerTransactionId"];
    if (typeof id !== "number" || one["EnteredAmount"] === undefined) return null;
    const at = Date.parse(String(one["LastUpdateDate"]));
    return { id: String(id), lagsAs: String(id), changedAt: Number.isNaN(at) ? null : at };
  },
  wrongAnswers: [
    wrongAnswer(9, "503 without a time to wait", () => ({
      status: 503,
      headers: { "content-type": "text/html" },
      body: "<html>maintenance</html>",
    })),
    wrongAnswer(11, "fewer rows than it counts", (json) => {
      const rows = memosIn(json);
      if (rows === null || rows.length < 2) return "unchanged";
      rows.splice(1);
      return "changed";
    }),
    wrongAnswer(12, "a null in a list", (json, { random }) => {
      const rows = memosIn(json);
      if (rows === null || rows.length === 0) return "unchanged";
      rows.splice(random.int(0, rows.length - 1), 1, null);
      return "changed";
    }),
    wrongAnswer(13, "no rows, and more to come", (json) => {
      const rows = memosIn(json);
      if (rows === null) return "unchanged";
      rows.splice(0);
      json["count"] = 0;
      json["hasMore"] = true;
      return "changed";
    }),
    wrongAnswer(13, "the wrong word about more rows", (json) => {
      if (memosIn(json) === null || memosIn(json)?.length === 0) return "unchanged";
      json["hasMore"] = json["hasMore"] !== true;
      return "changed";
    }),
    wrongAnswer(16, "rows in another order, one twice", (json) => {
      const rows = memosIn(json);
      const [first] = rows ?? [];
      if (rows === null || first === undefined) return "unchanged";
      rows.reverse();
      rows.push(structuredClone(first));
      return "changed";
    }),
    wrongAnswer(37, "no rows at all", (json) => {
      const rows = memosIn(json);
      if (rows === null) return "unchanged";
      rows.splice(0);
      json["count"] = 0;
      json["hasMore"] = false;
      return "changed";
    }),
    wrongAnswer(46, "links to another host", (json) => {
      if (memosIn(json) === null) return "unchanged";
      json["links"] = [{ rel: "next", href: "http://169.254.169.254/latest/meta-data/" }];
      return "changed";
    }),
    wrongAnswer(18, "a change time in the future", (json, { random }) =>
      memosIn(json) === null
        ? "unchanged"
        : changeOne(json, "LastUpdateDate", random, () => "2099-01-01T00:00:00.000+00:00"),
    ),
    ...["NaN", "12,50", "1e99", "99999999999999999999999999", "-1.23456"].map((total) =>
      wrongAnswer(24, `a total ${JSON.stringify(total)}`, (json, { random }) =>
        changeOne(json, "EnteredAmount", random, () => total),
      ),
    ),
    wrongAnswer(24, "a currency that does not exist", (json, { random }) =>
      changeOne(json, "CreditMemoCurrency", random, () => "XXZ"),
    ),
    wrongAnswer(26, "an id of half a character", (json, { random }) =>
      (memosIn(json)?.length ?? 0) < 2
        ? "unchanged"
        : changeOne(json, "CustomerTransactionId", random, () => "5\ud800"),
    ),
    wrongAnswer(27, "a required field that is missing", (json, { random }) =>
      changeOne(
        json,
        random.pick(["LastUpdateDate", "TransactionDate", "EnteredAmount"]),
        random,
        () => undefined,
      ),
    ),
    wrongAnswer(27, "a status word that is new", (json, { random }) =>
      changeOne(json, "CreditMemoStatus", random, () => "Reviewing"),
    ),
    wrongAnswer(44, "keys that reach into prototypes", (json, { answer }) => {
      const body = answer.body.replace('"items":[{', '"items":[{"__proto__":{"polluted":true},');
      return body === answer.body || json === null ? "unchanged" : { ...answer, body };
    }),
  ],
  stop: async () => undefined,
};

/** The books are older than the life: without a search they are never empty. */
function withAnOldMemo(answer: Answer, { url }: Question): Answer {
  const { pathname, searchParams } = new URL(url);
  const isWhole = pathname.endsWith("/receivablesCreditMemos") && !searchParams.has("q");
  if (!isWhole || answer.status !== 200) return answer;
  const json: unknown = JSON.parse(answer.body);
  if (!isJson(json) || !Array.isArray(json["items"]) || json["items"].length > 0) return answer;
  const items = [{ CustomerTransactionId: 1 }];
  return { ...answer, body: JSON.stringify({ ...json, items, count: 1 }) };
}

/** Fusion deletes no complete memo: it is made incomplete; a payout is an application of the memo. */
function shownDocument(document: LifeDocument): LifeDocument[] {
  if (document.pays !== null) return [];
  const { deletedAt, deletedBy, versions } = document;
  const last = versions.findLast(({ at }) => deletedAt !== null && at <= deletedAt);
  const takenBack = versions.map((version) =>
    version.voided ? { ...version, voided: false, posting: false } : version,
  );
  if (deletedAt === null || last === undefined) {
    return [{ ...document, createdFrom: null, versions: takenBack }];
  }
  const kept = takenBack.filter(({ at }) => at < deletedAt);
  const ended = { ...last, at: deletedAt, by: deletedBy ?? last.by, posting: false };
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
  return { row, says: `Oracle: ${says}`, apply: tell };
}

/** The rows of a list of credit memos; null for any other answer. */
function memosIn(json: Json): unknown[] | null {
  const items: unknown = json["items"];
  if (!Array.isArray(items)) return null;
  return items.every((row) => isJson(row) && row["EnteredAmount"] !== undefined) ? items : null;
}
