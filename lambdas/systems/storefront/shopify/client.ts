import * as z from "zod";
import type { Log } from "../../../log.ts";
import { type Http, Refused, SystemUnavailable } from "../../http/http.ts";
import { identifiersIn } from "../../http/identifiers.ts";
import { PageError } from "../../http/page-error.ts";
import { parseJson } from "../../http/parse-json.ts";
import { type Cost, costSchema, type Pacer } from "./cost.ts";
import { withoutNotes } from "./note.ts";
import { API_VERSION } from "./query.ts";
import type { ShopifyToken } from "./sign-in.ts";

/**
 * Sends one GraphQL query to Shopify and returns its data and its errors.
 *
 * If Shopify throttles (with status 200) or has an internal error, the client waits and repeats the
 * query. A refused token is renewed once. A query that costs more points than one query may cost is
 * {@link TooExpensive}: the caller must request less. Errors without data are thrown: the client
 * never returns an empty answer for them.
 */
export function shopifyGraphql(options: {
  readonly where: string;
  readonly http: Http;
  readonly token: ShopifyToken;
  readonly pacer: Pacer;
  readonly log: Log;
  readonly wait: (ms: number) => Promise<void>;
}): ShopifyGraphql {
  const { http, token, pacer, log, wait } = options;
  const what = `POST ${options.where}${PATH}`;
  const expected = new Map<string, number>();
  let versionLogged = false;

  const sendOnce = async (body: string): Promise<{ text: string; refused: boolean }> => {
    const headers = {
      "content-type": "application/json",
      "x-shopify-access-token": await token.current(),
    };
    const answer = await http.send({
      method: "POST",
      path: PATH,
      headers,
      body,
      expect: isRefusal,
    });
    const version = answer.headers.get("x-shopify-api-version");
    if (version !== null && version !== API_VERSION && !versionLogged) {
      versionLogged = true;
      log({
        level: "warn",
        code: "SHOPIFY_VERSION",
        sentence: `Shopify answers with API version ${/^\d{4}-\d\d$/.test(version) ? version : "(unreadable)"}, wanted ${API_VERSION}`,
      });
    }
    return { text: answer.text, refused: answer.status === 401 };
  };

  const send = async (body: string): Promise<string> => {
    let answer = await sendOnce(body);
    if (answer.refused && (await token.renew())) answer = await sendOnce(body);
    if (answer.refused) throw new Refused(what, 401);
    return answer.text;
  };

  const ask: ShopifyGraphql["ask"] = async (name, query, variables, size = 1) => {
    const body = JSON.stringify({ query, variables });
    for (let tries = 1; ; tries += 1) {
      await pacer.before((expected.get(name) ?? 0) * size);
      const told = withoutNotes(parseJson(await send(body), what));
      const answer = envelope(told, `${what} (${name})`, query);
      const { data, errors, cost } = answer;
      const codes = errors.map(({ code }) => code);
      const unaffordable =
        cost !== null && cost.requestedQueryCost > cost.throttleStatus.maximumAvailable;

      if (codes.includes("MAX_COST_EXCEEDED") || (codes.includes("THROTTLED") && unaffordable)) {
        throw new TooExpensive(what, name, cost?.requestedQueryCost ?? null);
      }
      if (codes.includes("THROTTLED")) {
        if (tries >= MOST_TRIES) throw new SystemUnavailable(what, tries, THROTTLED);
        await pacer.throttled(cost);
        continue;
      }
      if (cost !== null) {
        expected.set(name, cost.requestedQueryCost / size);
        pacer.after(name, cost);
      }
      if (data !== null) return { data, errors, cost, raw: archived(told, query, errors) };
      if (codes.some((code) => TEMPORARY_CODES.has(code)) && tries < MOST_FAULTS) {
        await wait(FAULT_PAUSE_MS * tries);
        continue;
      }
      throw new QuestionFailed(what, name, errors);
    }
  };
  return { ask };
}

export type ShopifyGraphql = {
  /**
   * @param name of the query: the client keeps the last cost under this name
   * @param size how many objects the query requests, where the cost grows with their number
   */
  ask(name: string, query: string, variables: object, size?: number): Promise<Answer>;
};

export type Answer = {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly PartialError[];
  readonly cost: Cost | null;
  /** The body for the archive, without the text of notes and with errors in our own words. */
  readonly raw: string;
};

export type PartialError = {
  readonly code: string;
  readonly message: string;
  /** The identifiers of our query that the message contains. */
  readonly names: readonly string[];
  /** `["nodes", 3, "staffMember"]`; empty when the error is about the whole query. */
  readonly path: readonly (string | number)[];
};

/** The query costs more than Shopify allows for one query. */
export class TooExpensive extends Error {
  override readonly name = "TooExpensive";
  constructor(what: string, question: string, cost: number | null) {
    super(`${what} (${question}): ${cost ?? "too many"} points, more than one query may cost`);
  }
}

/** Shopify read the query but returned no data: a scope is missing, or a field no longer exists. */
export class QuestionFailed extends Error {
  override readonly name = "QuestionFailed";
  constructor(what: string, question: string, errors: readonly PartialError[]) {
    const told = errors.slice(0, 3).map(describeError);
    super(`${what} (${question}): not answered: ${told.join("; ")}`);
  }
}

/** Code, path and identifiers of our query, without Shopify's text: that may quote anything. */
export function describeError({ code, message, path, names }: PartialError): string {
  const field = path.length === 0 ? "" : ` at ${path.join(".")}`;
  const scope = missingScope(message);
  const about = scope === null ? names.join(", ") : `the scope ${scope} is missing`;
  return `${code}${field}${about === "" ? "" : `: ${about}`}`;
}

function isRefusal(status: number): boolean {
  return status === 401;
}

/** The scope that Shopify names in an ACCESS_DENIED message. */
export function missingScope(message: string): string | null {
  return /\b(?:read|write)_[a-z_]+/.exec(message)?.[0] ?? null;
}

/**
 * The part of an answer that may be stored: the requested fields and the cost. A field that was not
 * requested may contain personal data, and Shopify's text of an error may quote anything.
 */
function archived(body: unknown, query: string, errors: readonly PartialError[]): string {
  const { data, extensions } = wholeSchema.parse(body);
  const asked = new Set(query.match(/\w+/g));
  const told = errors.map((error) => ({
    message: describeError(error),
    path: error.path,
    extensions: { code: error.code },
  }));
  return JSON.stringify({
    data: only(asked, data),
    extensions: { cost: extensions?.["cost"] },
    ...(errors.length > 0 && { errors: told }),
  });
}

function only(asked: ReadonlySet<string>, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => only(asked, item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => asked.has(name));
  return Object.fromEntries(entries.map(([name, item]) => [name, only(asked, item)]));
}

function envelope(
  value: unknown,
  what: string,
  question: string,
): Omit<Answer, "raw" | "data"> & { data: Answer["data"] | null } {
  const parsed = envelopeSchema.safeParse(value);
  if (!parsed.success) throw new PageError(what, "JSON that is no GraphQL answer");
  const { data = null, errors = [], extensions } = parsed.data;
  if (data === null && errors.length === 0) throw new PageError(what, "neither data nor errors");
  const cost = costSchema.safeParse(extensions?.["cost"]);
  const named = errors.map((error) => ({
    ...error,
    code: /^[A-Za-z_]{1,60}$/.test(error.code) ? error.code : "ERROR",
    path: error.path.map((part) =>
      typeof part === "number" || /^[A-Za-z_]\w{0,60}$/.test(part) ? part : "?",
    ),
    names: identifiersIn(error.message, question),
  }));
  // A field that was not requested may contain personal data, so it is removed.
  const asked = new Set(question.match(/\w+/g));
  const own = data === null ? null : dataSchema.parse(only(asked, data));
  return { data: own, errors: named, cost: cost.success ? cost.data : null };
}

const errorSchema = z
  .object({
    message: z.string().default("no message"),
    path: z.array(z.union([z.string(), z.number()])).nullish(),
    extensions: z.object({ code: z.string().optional() }).nullish(),
  })
  .transform(({ message, path, extensions }) => ({
    message: message.slice(0, 200),
    path: path ?? [],
    code: extensions?.code ?? (message === "Throttled" ? "THROTTLED" : "ERROR"),
  }));

/** Some refusals (a shop that is locked) give `errors` as a text. */
const envelopeSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .union([
      z.array(errorSchema),
      z
        .string()
        .transform((message) => [{ message: message.slice(0, 200), path: [], code: "ERROR" }]),
    ])
    .optional(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});

const dataSchema = z.record(z.string(), z.unknown());
const wholeSchema = z.object({
  data: z.unknown(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});

const THROTTLED = { trouble: "throttled", retryAfterMs: null, status: 200 };
const TEMPORARY_CODES: ReadonlySet<string> = new Set(["INTERNAL_SERVER_ERROR", "TIMEOUT"]);
const PATH = `/admin/api/${API_VERSION}/graphql.json`;
const MOST_TRIES = 20;
const MOST_FAULTS = 4;
const FAULT_PAUSE_MS = 2_000;
