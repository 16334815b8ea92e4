import { parseBrand } from "../../lambdas/brand.ts";
import type { Life, LifeDocument, LifeDocumentVersion } from "../../local/life/life.ts";
import type { Random } from "../../local/life/random.ts";
import type { FaultKind } from "../injection.ts";
import { isJson, objectsIn } from "../platform.ts";
import type { Answer, Json, Platform, Question, ShownRecord } from "../platform.ts";
import { HOUR, MINUTE, stretch } from "./draw.ts";

/** What happens in the world itself, or to the brand's settings. */
export const worldFaults: readonly FaultKind[] = [
  {
    row: 17,
    draw: (random, world) => {
      const hidden = new Set<string>();
      const span = stretch(random, world, { shortest: 2 * HOUR, longest: 20 * HOUR });
      return {
        row: 17,
        says: "the ERP and the shop show some records only later",
        ...span,
        hides: hidden,
        begin: ({ world: { life } }) => {
          const orders = new Set(life.refunds.map(({ orderId }) => orderId));
          const late = new Set([...orders].filter(() => random.chance(0.3)));
          for (const { refundId, orderId } of life.refunds) {
            if (late.has(orderId)) hidden.add(refundId).add(`gid://shopify/Order/${orderId}`);
          }
          for (const { documentId, pays, versions } of life.documents) {
            // A payout is not shown before its credit. An edited document is hidden more often,
            // because the look back reads it again.
            const chance = versions.length > 1 ? 0.7 : 0.3;
            const isHidden = pays === null ? random.chance(chance) : hidden.has(pays);
            if (isHidden) hidden.add(documentId);
          }
        },
        answer: async ({ platform, question, correctAnswer: honest }) =>
          withoutRecords(platform, await honest(), question, hidden),
      };
    },
  },
  {
    row: 17,
    draw: (random, world) => {
      return {
        row: 17,
        says: "the sources show each change up to ten minutes late",
        ...stretch(random, world, { shortest: 6 * HOUR, longest: 20 * HOUR }),
        lagMs: lagOf,
        answer: async ({ platform, question, correctAnswer: honest, simulation }) => {
          const answer = await honest();
          const json = jsonIn(answer.body);
          if (json === null || isFullPage(json, question)) return answer;
          const isHidden = (one: Json): boolean =>
            isLate(platform.recordIn(one), simulation.clock.ms);
          const shown = shownOf(json, platform.lists, isHidden);
          return { ...answer, body: JSON.stringify(shown) };
        },
      };
    },
  },
  {
    row: 15,
    draw: (random, world) => {
      const span = stretch(random, world, { shortest: 2 * HOUR, longest: 5 * HOUR });
      const slowest = random.pick([2, 10, 50]);
      const every = random.pick([1, 5]) * QUARTER;
      return {
        row: 15,
        says: `every ${every / MINUTE} minutes many records are edited at once, then one by one, while small pages are read, each in up to ${slowest} s`,
        ...span,
        pageSize: random.int(1, 3),
        history: (life) => touched(life, touchesIn(span, { begin: world.from, every }, random)),
        trouble: ({ port }) =>
          port === "http" ? { kind: "slow", ms: random.int(1, slowest) * 1_000 } : null,
      };
    },
  },
  {
    row: 51,
    draw: (random, world) => {
      const gone = new Set<string>();
      return {
        row: 51,
        says: "the shop deletes an order",
        only: "pull-storefront",
        from: random.int(world.from + 4 * HOUR, world.to),
        until: world.to + 30 * 24 * HOUR,
        hides: gone,
        begin: ({ world: { life }, clock }) => {
          const old = life.refunds.filter(
            ({ createdAt }) => Date.parse(createdAt) < clock.ms - 3 * HOUR,
          );
          const refund = old.length === 0 ? undefined : random.pick(old);
          if (refund === undefined) return;
          for (const { refundId, orderId } of life.refunds) {
            if (orderId !== refund.orderId) continue;
            gone.add(refundId).add(`gid://shopify/Refund/${refundId}`);
            gone.add(`gid://shopify/Order/${orderId}`);
          }
        },
        answer: async ({ platform, question, correctAnswer: honest }) => {
          const answer = await honest();
          return platform.role === "erp"
            ? answer
            : withoutRecords(platform, answer, question, gone);
        },
      };
    },
  },
  {
    row: 42,
    draw: (random, world) => {
      const span = stretch(random, world, { shortest: 2 * HOUR, longest: 10 * HOUR });
      const form = random.pick(["threshold", "stale", "zone"]);
      return {
        row: 42,
        says: `the brand's ${form} is changed, and changed back`,
        ...span,
        begin: (simulation) => {
          const brand: unknown = JSON.parse(JSON.stringify(simulation.brand));
          if (!isJson(brand)) return;
          const thresholds = { ...simulation.brand.thresholds };
          if (form === "threshold") thresholds.amount = "1";
          if (form === "stale") thresholds.staleAfter = "9h";
          brand["thresholds"] = thresholds;
          if (form === "zone") brand["timeZone"] = "Asia/Tokyo";
          simulation.changeBrand(parseBrand(brand, "changed"));
        },
        end: (simulation) => simulation.changeBrand(null),
      };
    },
  },
  {
    row: 31,
    draw: (random, world) => {
      let shows = true;
      let turned = 0;
      return {
        row: 31,
        says: "documents change between void and not void, with the same change time",
        only: "pull-erp",
        ...stretch(random, world, { shortest: 3 * HOUR, longest: 10 * HOUR }),
        answer: async ({ platform, question, correctAnswer: honest, simulation }) => {
          if (platform.role !== "erp") return null;
          if (simulation.clock.ms - turned > 10 * MINUTE) {
            shows = !shows;
            turned = simulation.clock.ms;
          }
          const answer = await honest();
          if (shows) return answer;
          if (platform.name === "sap") {
            const cancelled = '"BillingDocumentIsCancelled":';
            return {
              ...answer,
              body: answer.body.replaceAll(`${cancelled}false`, `${cancelled}true`),
            };
          }
          if (!/cursor_ts/.test(question.body)) return answer;
          return { ...answer, body: answer.body.replaceAll('"voided":"F"', '"voided":"T"') };
        },
      };
    },
  },
];

type Touch = {
  readonly at: number;
  /** Null for all recent records; a number selects one of them. */
  readonly which: number | null;
};

/** At each reading of the sources: all recent records in one second, then one every 40 seconds. */
function touchesIn(
  { from, until }: { readonly from: number; readonly until: number },
  { begin, every }: { readonly begin: number; readonly every: number },
  random: Random,
): readonly Touch[] {
  const touches: Touch[] = [];
  const first = begin + Math.ceil((from - begin) / every) * every;
  for (let at = first; at + QUARTER <= until; at += every) {
    touches.push({ at, which: null });
    for (let nth = 0; nth < 12; nth += 1) {
      touches.push({ at: at + 2 * MINUTE + nth * 40_000, which: random.int(0, 1_000) });
    }
  }
  return touches;
}

/** The same life with additional edits, which change only the change times of the records. */
function touched(life: Life, touches: readonly Touch[]): Life {
  const times = new Map<string, string[]>();
  for (const { at, which } of touches) {
    const young = (created: string): boolean =>
      Date.parse(created) < at && Date.parse(created) > at - 8 * HOUR;
    const documents = life.documents.filter(
      ({ versions: [first], deletedAt }) =>
        young(first?.at ?? "") && (deletedAt === null || Date.parse(deletedAt) > at + HOUR),
    );
    const recent = new Set(
      life.refunds.filter(({ createdAt }) => young(createdAt)).map(({ orderId }) => orderId),
    );
    const ids = [...documents.map(({ documentId }) => documentId), ...recent];
    const chosen = which === null ? ids : ids.slice(which % Math.max(1, ids.length)).slice(0, 1);
    for (const id of chosen) times.set(id, [...(times.get(id) ?? []), new Date(at).toISOString()]);
  }
  return {
    ...life,
    orders: life.orders.map((order) => ({
      ...order,
      touchedAt: [...order.touchedAt, ...(times.get(order.orderId) ?? [])].toSorted(),
    })),
    documents: life.documents.map((document) => ({
      ...document,
      versions: (times.get(document.documentId) ?? []).reduce(withTouch, document.versions),
    })),
  };
}

function withTouch(versions: LifeDocument["versions"], at: string): readonly LifeDocumentVersion[] {
  const last = versions.findLast((one) => one.at <= at);
  if (last === undefined || last.at === at) return versions;
  return [...versions, { ...last, at }].toSorted((one, other) => (one.at < other.at ? -1 : 1));
}

/** The answer without these records, wherever the platform shows them. */
export function withoutRecords(
  platform: Platform,
  answer: Answer,
  question: Question,
  hidden: ReadonlySet<string>,
): Answer {
  const other = platform.without?.(answer, question, (id) => hidden.has(id)) ?? answer;
  const json = jsonIn(other.body);
  if (json === null || isFullPage(json, question)) return other;
  const isHidden = (one: Json): boolean => hidden.has(platform.recordIn(one)?.id ?? "");
  const shown = shownOf(json, platform.lists, isHidden);
  return { ...other, body: JSON.stringify(shown) };
}

/**
 * A full page of a list whose end is a page that is not full: a server that hides a record shows the
 * next one in its place, so a page from which one was taken would be a false end.
 */
function isFullPage({ data }: Json, { url }: Question): boolean {
  const limit = Number(new URL(url).searchParams.get("limit") ?? "0");
  return Array.isArray(data) && limit > 0 && data.length >= limit;
}

/** The answer without the hidden records, and with corrected counts. */
function shownOf(json: Json, lists: readonly string[], isHidden: (one: Json) => boolean): Json {
  let left = 0;
  for (const one of objectsIn(json)) {
    for (const key of lists) {
      const list: unknown = one[key];
      if (!Array.isArray(list)) continue;
      const shown = list.filter((each: unknown) => !isJson(each) || !isHidden(each));
      left += list.length - shown.length;
      one[key] = shown;
    }
  }
  for (const one of objectsIn(json)) {
    for (const key of ["count", "totalResults", "__count"]) {
      const counted = one[key];
      if (typeof counted === "number") one[key] = Math.max(0, counted - left);
      if (typeof counted === "string") one[key] = String(Math.max(0, Number(counted) - left));
    }
  }
  return json;
}

/** Whether the last change of this object is not shown yet. */
function isLate(one: ShownRecord | null, now: number): boolean {
  if (one === null || one.changedAt === null) return false;
  return one.changedAt + lagOf(one.lagsAs) > now;
}

/** Null for an answer that is no JSON object, such as an empty one. */
function jsonIn(body: string): Json | null {
  if (body === "") return null;
  const json: unknown = JSON.parse(body);
  return isJson(json) ? json : null;
}

/** The delay of a record, up to ten minutes; always the same for the same id. */
function lagOf(id: string): number {
  return (hash(id) % 11) * MINUTE;
}

function hash(text: string): number {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return sum;
}

const QUARTER = 15 * MINUTE;
