import { shopifySimulator } from "../../local/shopify/serve.ts";
import { CANARY } from "../world.ts";
import { changeOne, isJson, objectsIn } from "../platform.ts";
import type { Answer, Json, WrongAnswer, Platform } from "../platform.ts";

/** The simulated shop, without a socket. */
export const shopifyPlatform: Platform = {
  role: "storefront",
  name: "shopify",
  start: async (life, clock) => {
    let serial = 0;
    const shopWith = (token: string) =>
      shopifySimulator({
        life,
        clock: () => new Date(clock()).toISOString(),
        auth: { accessToken: token },
        rate: { now: clock, maximum: 20_000, restore: 1_000 },
      });
    const token = (): string => `shpat_${CANARY}_${serial}`;
    let simulator = shopWith(token());
    return {
      baseUrl: "https://acme.myshopify.com",
      credentials: () => ({ accessToken: token() }),
      rotate: () => {
        serial += 1;
        simulator = shopWith(token());
      },
      answer: async ({ url, method, headers, body }) => {
        const { pathname } = new URL(url);
        const given = headers.get("x-shopify-access-token") ?? "";
        const { status, text, version } = await simulator.answer({
          method,
          path: pathname,
          token: given,
          body,
        });
        const own = version === null ? {} : { "x-shopify-api-version": version };
        return {
          status,
          headers: { "content-type": "application/json; charset=utf-8", ...own },
          body: text,
        };
      },
    };
  },
  lists: ["nodes"],
  recordIn: (one) => {
    const id = one["id"];
    if (typeof id !== "string") return null;
    const refunds: unknown = one["refunds"];
    const all: readonly unknown[] = Array.isArray(refunds) ? refunds : [one];
    const [first] = all;
    const own = isJson(first) && typeof first["id"] === "string" ? first["id"] : "";
    const at = Date.parse(String(one["updatedAt"]));
    const lagsAs = own.split("/").at(-1) ?? "";
    return { id, lagsAs, changedAt: Number.isNaN(at) || own === "" ? null : at };
  },
  wrongAnswers: [
    wrongAnswer(9, "throttled, with status 200 and errors", () =>
      answerOf({ errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }] }),
    ),
    wrongAnswer(12, "errors together with data", (json) => {
      json["errors"] = [{ message: `Internal error ${CANARY}`, path: ["orders", "nodes", 0] }];
      return "changed";
    }),
    wrongAnswer(12, "a null in a list", (json, { random }) => {
      const lists = [...objectsIn(json)].map(listOf).filter((one) => one !== null);
      if (lists.length === 0) return "unchanged";
      const list = random.pick(lists);
      list.splice(random.int(0, list.length - 1), 1, null);
      return "changed";
    }),
    wrongAnswer(12, "data that is null", () => answerOf({ data: null })),
    wrongAnswer(13, "the same cursor for ever", (json) => {
      const page = pageOf(json);
      if (page === null) return "unchanged";
      page["hasNextPage"] = true;
      page["endCursor"] = "c3R1Y2s=";
      return "changed";
    }),
    wrongAnswer(13, "an empty page that says there is more", (json) => {
      const orders = ordersOf(json);
      const page = pageOf(json);
      if (orders === null || page === null) return "unchanged";
      orders["nodes"] = [];
      page["hasNextPage"] = true;
      page["endCursor"] = null;
      return "changed";
    }),
    wrongAnswer(13, "a cursor that is refused", (_json, { question }) =>
      /"after":"/.test(question.body)
        ? answerOf({
            errors: [
              {
                message: "Invalid cursor for current pagination sort.",
                extensions: { code: "BAD" },
              },
            ],
          })
        : "unchanged",
    ),
    wrongAnswer(11, "a page cut where its JSON stays valid", (json) => {
      const orders = ordersOf(json);
      const nodes = orders === null ? null : listOf(orders);
      if (nodes === null || nodes.length < 2) return "unchanged";
      nodes.splice(1);
      return "changed";
    }),
    wrongAnswer(16, "an order twice in a page, in another order", (json) => {
      const orders = ordersOf(json);
      const nodes = orders === null ? null : listOf(orders);
      const [first] = nodes ?? [];
      if (nodes === null || first === undefined) return "unchanged";
      nodes.reverse();
      nodes.push(structuredClone(first));
      return "changed";
    }),
    wrongAnswer(37, "no orders at all", (json) => {
      const orders = ordersOf(json);
      const page = pageOf(json);
      if (orders === null || page === null) return "unchanged";
      orders["nodes"] = [];
      page["hasNextPage"] = false;
      page["endCursor"] = null;
      const counted = [...objectsIn(json)].find((one) => one["precision"] !== undefined);
      if (counted !== undefined) counted["count"] = 0;
      return "changed";
    }),
    wrongAnswer(50, "another shop's answers", (json, { answer }) => {
      const shop = [...objectsIn(json)].find((one) => one["myshopifyDomain"] !== undefined);
      if (shop !== undefined) shop["myshopifyDomain"] = "other.myshopify.com";
      // Its refunds have ids of their own.
      const body = JSON.stringify(json).replaceAll(/(Refund\/|")9(\d{6})\b/g, "$119$2");
      return { ...answer, body };
    }),
    wrongAnswer(18, "a change time in the future", (json, { random }) =>
      changeOne(json, "updatedAt", random, () => "2099-01-01T00:00:00Z"),
    ),
    ...[
      "12,50",
      "NaN",
      "1e3",
      "",
      "99999999999999999999",
      "1.234,50",
      "-5.00",
      "0.00001",
      12.5,
      null,
    ].map((amount) =>
      wrongAnswer(24, `an amount ${JSON.stringify(amount)}`, (json, { random }) =>
        isDetail(json) ? changeOne(json, "amount", random, () => amount) : "unchanged",
      ),
    ),
    wrongAnswer(24, "a currency that does not exist", (json) => {
      const codes = [...objectsIn(json)].filter((one) => one["currencyCode"] !== undefined);
      for (const one of codes) one["currencyCode"] = "XXZ";
      return codes.length > 0 ? "changed" : "unchanged";
    }),
    wrongAnswer(27, "a required field that is missing", (json, { random }) =>
      isDetail(json)
        ? changeOne(json, random.pick(["createdAt", "transactions", "id"]), random, () => undefined)
        : "unchanged",
    ),
    wrongAnswer(27, "a payment status that is new", (json, { random }) =>
      changeOne(json, "status", random, () => "REVIEWING"),
    ),
    wrongAnswer(27, "a field that was not requested", (json, { random }) =>
      changeOne(json, "id", random, (id, holder) => {
        holder["customer"] = { email: `jane@${CANARY}.example` };
        return id;
      }),
    ),
    wrongAnswer(26, "an id of half a character", (json, { random }) =>
      isDetail(json) ? changeOne(json, "legacyResourceId", random, () => "9\ud800") : "unchanged",
    ),
    wrongAnswer(26, "an id of a thousand characters", (json, { random }) =>
      isDetail(json) ? changeOne(json, "id", random, () => "g".repeat(1_200)) : "unchanged",
    ),
    wrongAnswer(44, "keys that reach into prototypes", (json, { answer }) => {
      const text = answer.body.replace(
        '"id":',
        '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"id":',
      );
      return text === answer.body || json === null ? "unchanged" : { ...answer, body: text };
    }),
    wrongAnswer(32, "a record too large for the table", (json, { random }) =>
      isDetail(json)
        ? changeOne(json, "sku", random, () =>
            Array.from({ length: 60_000 }, () => random.next().toString(36)).join(""),
          )
        : "unchanged",
    ),
  ],
  stop: async () => undefined,
};

function wrongAnswer(row: number, says: string, tell: WrongAnswer["apply"]): WrongAnswer {
  return { row, says: `Shopify: ${says}`, apply: tell };
}

function answerOf(json: object): Answer {
  return {
    status: 200,
    headers: { "content-type": "application/json", "x-shopify-api-version": "2026-07" },
    body: JSON.stringify(json),
  };
}

function ordersOf(json: Json): Json | null {
  const data = json["data"];
  const orders = isJson(data) ? data["orders"] : null;
  return isJson(orders) && isJson(orders["pageInfo"]) ? orders : null;
}

function pageOf(json: Json): Json | null {
  const page = ordersOf(json)?.["pageInfo"];
  return isJson(page) ? page : null;
}

function listOf(one: Json): unknown[] | null {
  const nodes: unknown = one["nodes"];
  return Array.isArray(nodes) && nodes.length > 0 ? nodes : null;
}

/** Only answers with all details of a refund contain transactions. */
function isDetail(json: Json): boolean {
  return [...objectsIn(json)].some((one) => one["transactions"] !== undefined);
}
