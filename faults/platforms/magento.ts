import type { Life } from "../../local/life/life.ts";
import { magentoSimulator } from "../../local/magento/serve.ts";
import { CANARY } from "../world.ts";
import { changeOne, isJson, objectsIn } from "../platform.ts";
import type { Json, Platform, WrongAnswer } from "../platform.ts";

/** The simulated Magento, without a socket. */
export const magentoPlatform: Platform = {
  role: "storefront",
  name: "magento",
  start: async (life, clock) => {
    let serial = 0;
    const shop = () =>
      magentoSimulator({
        life,
        clock: () => new Date(clock()).toISOString(),
        secrets: { accessToken: `token_${CANARY}_${serial}` },
      });
    let simulator = shop();
    return {
      baseUrl: "https://www.shop.example",
      credentials: () => simulator.credentials,
      rotate: () => {
        serial += 1;
        simulator = shop();
      },
      answer: async (question) => (await simulator.ask(question)).answer,
    };
  },
  settings: () => ({ integrationApps: [] }),
  fit: shownLife,
  // An order that is deleted takes its credit memos with it.
  without: (answer, _question, isGone) => {
    const json: unknown = answer.body.startsWith("{") ? JSON.parse(answer.body) : null;
    if (!isJson(json) || !Array.isArray(json["items"])) return answer;
    const items: readonly unknown[] = json["items"];
    const left = items.filter((row) => {
      if (!isJson(row)) return true;
      const order = row["grand_total"] === undefined ? row["entity_id"] : row["order_id"];
      return !isGone(`gid://shopify/Order/${String(order)}`);
    });
    const count = Number(json["total_count"]) - (items.length - left.length);
    return { ...answer, body: JSON.stringify({ ...json, items: left, total_count: count }) };
  },
  lists: ["items"],
  recordIn: (one) => {
    if (one["grand_total"] === undefined || typeof one["entity_id"] !== "number") return null;
    const id = String(one["entity_id"]);
    const at = Date.parse(`${String(one["updated_at"]).replace(" ", "T")}Z`);
    return { id, lagsAs: id, changedAt: Number.isNaN(at) ? null : at };
  },
  wrongAnswers: [
    wrongAnswer(9, "503 in HTML from a proxy", () => ({
      status: 503,
      headers: { "content-type": "text/html", "retry-after": "7" },
      body: "<html>first byte timeout</html>",
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
    wrongAnswer(12, "items that are null", (json) => {
      if (memosIn(json) === null) return "unchanged";
      json["items"] = null;
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
    wrongAnswer(37, "no credit memos at all", (json) => {
      if (memosIn(json) === null) return "unchanged";
      json["items"] = [];
      json["total_count"] = 0;
      return "changed";
    }),
    wrongAnswer(39, "a token that is no Bearer token here", () => ({
      status: 401,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        message: "The consumer isn't authorized to access %resources.",
        parameters: { resources: "Magento_Sales::sales" },
      }),
    })),
    wrongAnswer(18, "a change time in the future", (json, { random }) =>
      memosIn(json) === null
        ? "unchanged"
        : changeOne(json, "updated_at", random, () => "2099-01-01 00:00:00"),
    ),
    ...["12,50", "NaN", "", null, "1e99", "99999999999999999999"].map((amount) =>
      wrongAnswer(24, `a total ${JSON.stringify(amount)}`, (json, { random }) =>
        changeOne(json, "grand_total", random, () => amount),
      ),
    ),
    wrongAnswer(24, "a currency that does not exist", (json, { random }) =>
      changeOne(json, "order_currency_code", random, () => "XXZ"),
    ),
    wrongAnswer(26, "an id of half a character", (json, { random }) =>
      isMemos(json) ? changeOne(json, "entity_id", random, () => "9\ud800") : "unchanged",
    ),
    wrongAnswer(27, "a required field that is missing", (json, { random }) =>
      isMemos(json)
        ? changeOne(
            json,
            random.pick(["grand_total", "order_id", "entity_id", "updated_at"]),
            random,
            () => undefined,
          )
        : "unchanged",
    ),
    wrongAnswer(27, "a field that was not requested", (json, { random }) =>
      changeOne(json, "entity_id", random, (id, holder) => {
        holder["customer_email"] = `jane@${CANARY}.example`;
        return id;
      }),
    ),
    wrongAnswer(44, "keys that reach into prototypes", (json, { answer }) => {
      const body = answer.body.replace(
        '"entity_id":',
        '"__proto__":{"polluted":true},"entity_id":',
      );
      return body === answer.body || json === null ? "unchanged" : { ...answer, body };
    }),
  ],
  stop: async () => undefined,
};

/** A refund without a payment has no memo, and edits of an order do not change its memos. */
function shownLife(life: Life): Life {
  return {
    ...life,
    orders: life.orders.map((order) => ({ ...order, touchedAt: [] })),
    refunds: life.refunds.filter(({ transactions }) => transactions.some(({ test }) => !test)),
  };
}

function wrongAnswer(row: number, says: string, tell: WrongAnswer["apply"]): WrongAnswer {
  return { row, says: `Magento: ${says}`, apply: tell };
}

/** The rows of a list of credit memos; null for any other answer. */
function memosIn(json: Json): unknown[] | null {
  const items: unknown = json["items"];
  if (!Array.isArray(items)) return null;
  return items.every((row) => isJson(row) && row["grand_total"] !== undefined) ? items : null;
}

function isMemos(json: Json): boolean {
  return [...objectsIn(json)].some((one) => one["grand_total"] !== undefined);
}
