import { bigCommerceSimulator } from "../../local/bigcommerce/serve.ts";
import type { Life } from "../../local/life/life.ts";
import { CANARY } from "../world.ts";
import { changeOne, isJson, objectsIn } from "../platform.ts";
import type { Json, Platform, WrongAnswer } from "../platform.ts";

/** The simulated BigCommerce, without a socket. */
export const bigCommercePlatform: Platform = {
  role: "storefront",
  name: "bigcommerce",
  start: async (life, clock) => {
    let serial = 0;
    const token = (): string => `token_${CANARY}_${serial}`;
    const shop = () =>
      bigCommerceSimulator({
        life,
        clock: () => new Date(clock()).toISOString(),
        token: token(),
      });
    let simulator = shop();
    return {
      baseUrl: "https://api.bigcommerce.com",
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
  without: (answer, { url }, isGone) => {
    const isGoneOrder = (id: unknown): boolean => isGone(orderName(String(id)));
    const [, id] = /\/orders\/(\d+)(?:\/|$)/.exec(new URL(url).pathname) ?? [];
    if (id !== undefined && isGoneOrder(id)) return { ...answer, status: 404, body: "{}" };
    const rows: unknown = answer.body.startsWith("[") ? JSON.parse(answer.body) : null;
    if (!Array.isArray(rows)) return answer;
    const left = rows.filter((row) => !isJson(row) || !isGoneOrder(row["id"]));
    return left.length === 0
      ? { status: 204, headers: {}, body: "" }
      : { ...answer, body: JSON.stringify(left) };
  },
  lists: ["data"],
  recordIn: (one) => {
    if (one["total_amount"] === undefined || typeof one["id"] !== "number") return null;
    const id = String(one["id"]);
    const at = Date.parse(String(one["created"]));
    return { id, lagsAs: id, changedAt: Number.isNaN(at) ? null : at };
  },
  wrongAnswers: [
    wrongAnswer(9, "429 with its own header about the quota", () => ({
      status: 429,
      headers: { "content-type": "application/json", "x-rate-limit-time-reset-ms": "4000" },
      body: "{}",
    })),
    wrongAnswer(12, "a null in a list", (json, { random }) => {
      const rows = rowsOf(json);
      if (rows === null || rows.length === 0) return "unchanged";
      rows.splice(random.int(0, rows.length - 1), 1, null);
      return "changed";
    }),
    wrongAnswer(12, "data that is null", (json) => {
      if (rowsOf(json) === null) return "unchanged";
      json["data"] = null;
      return "changed";
    }),
    wrongAnswer(13, "more rows than were asked for", (json, { question, random }) => {
      const rows = rowsOf(json);
      const limit = Number(new URL(question.url).searchParams.get("limit") ?? "0");
      if (rows === null || rows.length === 0 || limit === 0) return "unchanged";
      while (rows.length <= limit) rows.push(structuredClone(random.pick(rows)));
      return "changed";
    }),
    wrongAnswer(16, "rows in another order, one twice", (json) => {
      const rows = rowsOf(json);
      const [first] = rows ?? [];
      if (rows === null || first === undefined) return "unchanged";
      rows.reverse();
      rows.pop();
      rows.push(structuredClone(first));
      return "changed";
    }),
    wrongAnswer(37, "no refunds at all", (json) => {
      if (rowsOf(json) === null) return "unchanged";
      json["data"] = [];
      return "changed";
    }),
    wrongAnswer(18, "a time in the future", (json, { random }) =>
      isRefunds(json)
        ? changeOne(json, "created", random, () => "2099-01-01T00:00:00+00:00")
        : "unchanged",
    ),
    ...["12,50", "NaN", "", null, -5, "0.00001"].map((amount) =>
      wrongAnswer(24, `an amount ${JSON.stringify(amount)}`, (json, { random }) =>
        isRefunds(json) ? changeOne(json, "total_amount", random, () => amount) : "unchanged",
      ),
    ),
    wrongAnswer(24, "a currency that does not exist", (json, { random }) =>
      changeOne(json, "default_currency_code", random, () => "XXZ"),
    ),
    wrongAnswer(27, "a required field that is missing", (json, { random }) =>
      isRefunds(json)
        ? changeOne(json, random.pick(["total_amount", "order_id", "id"]), random, () => undefined)
        : "unchanged",
    ),
    wrongAnswer(27, "an event that is new", (json, { random }) =>
      changeOne(json, "event", random, () => "reviewing"),
    ),
    wrongAnswer(27, "a field that was not requested", (json, { random }) =>
      changeOne(json, "id", random, (id, holder) => {
        holder["customer"] = { email: `jane@${CANARY}.example` };
        return id;
      }),
    ),
    wrongAnswer(26, "an id of half a character", (json, { random }) =>
      isRefunds(json) ? changeOne(json, "id", random, () => "9\ud800") : "unchanged",
    ),
    wrongAnswer(44, "keys that reach into prototypes", (json, { answer }) => {
      const body = answer.body.replace('"id":', '"__proto__":{"polluted":true},"id":');
      return body === answer.body || json === null ? "unchanged" : { ...answer, body };
    }),
  ],
  stop: async () => undefined,
};

/**
 * BigCommerce has no refund without a payment, and a payment that ends changes no time of it. Edits
 * of an order do not change its refunds.
 */
function shownLife(life: Life): Life {
  return {
    ...life,
    orders: life.orders.map((order) => ({ ...order, touchedAt: [] })),
    refunds: life.refunds
      .filter(({ transactions }) => transactions.length > 0)
      .map((refund) => ({
        ...refund,
        transactions: refund.transactions.map((payment) => ({
          ...payment,
          statuses: payment.statuses.map((one, at) => (at === 0 ? one : { ...one, silent: true })),
        })),
      })),
  };
}

/** The name of an order in the suite's world, whose ids follow from their numbers. */
function orderName(number: string): string {
  return `gid://shopify/Order/${5_000_000 + Number(number)}`;
}

function wrongAnswer(row: number, says: string, tell: WrongAnswer["apply"]): WrongAnswer {
  return { row, says: `BigCommerce: ${says}`, apply: tell };
}

/** The rows of a list of refunds; null for any other answer. */
function rowsOf(json: Json): unknown[] | null {
  const data: unknown = json["data"];
  if (!Array.isArray(data)) return null;
  return data.every((row) => isJson(row) && row["total_amount"] !== undefined) ? data : null;
}

function isRefunds(json: Json): boolean {
  return [...objectsIn(json)].some((one) => one["total_amount"] !== undefined);
}
