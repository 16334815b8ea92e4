import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../log.ts";
import type { Instant } from "../../refund/time/instant.ts";
import { readBody } from "./body.ts";
import { addressWithin, ForbiddenAddress, shown } from "./egress.ts";
import { backOffMs, retryAfterMs } from "./retry-after.ts";

/**
 * The only HTTP client for the storefront and the ERP.
 *
 * It sends requests only to the configured origin and follows no redirect
 * ({@link ForbiddenAddress}). After a temporary failure (no answer, a body cut off, 408, 429, 5xx)
 * it repeats the request: after the time that the system gives in Retry-After, else after a growing
 * pause with jitter. When the last attempt fails, it throws {@link SystemUnavailable}. 401 and 403
 * are {@link Refused}; any other status is {@link NotUnderstood}. No message contains a header, a
 * query or a body.
 */
export function http(options: HttpOptions): Http {
  const { baseUrl, log, wait = pause, random = Math.random, deadline = forever } = options;
  const attempts = options.attempts ?? 5;
  let firstDate: string | null = null;

  const send = async (request: HttpRequest): Promise<HttpAnswer> => {
    const most = request.attempts ?? attempts;
    const address = addressWithin(baseUrl, request.path);
    const what = `${request.method} ${shown(address)}`;
    let waited = 0;
    for (let attempt = 1; ; attempt += 1) {
      const headers = sendable(what, await currentHeaders(request.headers));
      const outcome = await once(address, what, headers, request, options);
      if (outcome.kind === "answer") {
        firstDate ??= outcome.answer.headers.get("date");
        return outcome.answer;
      }

      const pauseMs = outcome.retryAfterMs ?? backOffMs(attempt, random());
      const isTooLate = waited + pauseMs > LONGEST_WAIT_MS || pauseMs >= deadline();
      if (attempt >= most || isTooLate) throw new SystemUnavailable(what, attempt, outcome);
      log({
        level: "warn",
        code: "SYSTEM_RETRY",
        sentence: `${what}: ${outcome.trouble}; asking again`,
        facts: { attempt, waitMs: pauseMs },
      });
      await wait(pauseMs);
      waited += pauseMs;
    }
  };
  return {
    send,
    firstAnswerAt: () => {
      const at = Date.parse(firstDate ?? "");
      return Number.isNaN(at) ? null : new Date(at).toISOString();
    },
  };
}

export type HttpOptions = {
  /** The only origin that gets requests; a path in it is the prefix of every request's path. */
  readonly baseUrl: string;
  readonly log: Log;
  readonly wait?: (ms: number) => Promise<void>;
  /** 0 to 1, for the jitter. */
  readonly random?: () => number;
  /** Sends a request; Node's own fetch by default. */
  readonly fetch?: typeof fetch;
  /** For one attempt, from the first byte sent to the last byte read. */
  readonly timeoutMs?: number;
  /** Bytes, after decompression. */
  readonly largestBody?: number;
  readonly attempts?: number;
  /** Milliseconds that the caller has left: the client gives up instead of waiting longer. */
  readonly deadline?: () => number;
};

export type Http = {
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Time of the first answer, by the system's own clock (its `Date` header); null without one. */
  firstAnswerAt(): Instant | null;
};

/**
 * Opens a client for one more origin that the secret names, such as the host that grants tokens.
 */
export type Door = (baseUrl: string, ask?: Pick<HttpOptions, "fetch">) => Http;

type HttpRequest = {
  readonly method: "GET" | "POST";
  /** A path with its query, or an absolute address in the same origin (a "next" link). */
  readonly path: string;
  /** A function is called again for each attempt, because a signature can be used only once. */
  readonly headers?: HttpHeaders | (() => Promise<HttpHeaders>);
  readonly body?: string;
  /** The platform's own header with the milliseconds to wait, for an answer without Retry-After. */
  readonly pauseHeader?: string;
  /** Replaces the number of attempts in {@link HttpOptions}. */
  readonly attempts?: number;
  /**
   * What is wrong with the body of an answer of 2xx, so that the request is repeated; null where
   * nothing is.
   */
  readonly troubleIn?: (text: string) => string | null;
  /** What a person must grant when the answer is 403, for the message. */
  readonly needs?: string;
  /** Statuses that the caller handles: `send` returns them, without error or retry. */
  readonly expect?: (status: number) => boolean;
};

type HttpHeaders = Readonly<Record<string, string>>;

/** A status of 2xx, or one that the caller expects. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
};

type Outcome =
  | { readonly kind: "answer"; readonly answer: HttpAnswer }
  | ({ readonly kind: "again" } & Trouble);

type Trouble = {
  readonly trouble: string;
  readonly retryAfterMs: number | null;
  /** Null where no answer came. */
  readonly status: number | null;
};

async function once(
  address: URL,
  what: string,
  headers: Headers,
  { method, body, expect = never, pauseHeader, troubleIn = none, needs }: HttpRequest,
  options: HttpOptions,
): Promise<Outcome> {
  const { timeoutMs = 60_000, largestBody = 64 * 1024 * 1024, deadline = forever } = options;
  const ask = options.fetch ?? fetch;
  const signal = AbortSignal.timeout(Math.max(1, Math.min(timeoutMs, Math.floor(deadline()))));
  const init = { method, headers, redirect: "manual" as const, signal };
  let response: Response;
  try {
    response = await ask(address, body === undefined ? init : { ...init, body });
  } catch (error) {
    if (isNoAnswer(error)) return again(`no answer (${reason(error)})`);
    throw error;
  }

  const { status } = response;
  if (status === 206) return again("answered 206, only a part of the content");
  if ((status >= 200 && status < 300) || expect(status)) {
    const read = await readBody(response, what, largestBody);
    if (read.kind === "cut") return again(`answered ${status}, body cut off (${read.trouble})`);
    const trouble = status >= 200 && status < 300 ? troubleIn(read.text) : null;
    if (trouble !== null) return again(`answered ${status} with ${trouble}`, null, status);
    return { kind: "answer", answer: { status, headers: response.headers, text: read.text } };
  }
  await response.body?.cancel().catch(() => undefined); // an unread body keeps its connection open
  if (status >= 300 && status < 400) throw redirected(what, address, response);
  if (isTemporary(status))
    return again(`answered ${status}`, retryAfterMs(response.headers, pauseHeader), status);
  if (status === 401) throw new Refused(what, status);
  if (status === 403) throw new Refused(what, status, needs);
  throw new NotUnderstood(what, status);
}

function none(): null {
  return null;
}

function again(
  trouble: string,
  retryAfter: number | null = null,
  status: number | null = null,
): Outcome {
  return { kind: "again", trouble, retryAfterMs: retryAfter, status };
}

/** 501 and 505 mean that the request itself is wrong: a retry cannot succeed. */
function isTemporary(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** What fetch throws when the network fails. Any other error is a bug and is not retried. */
function isNoAnswer(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error.name === "TimeoutError" || (error instanceof TypeError && error.cause !== undefined);
}

function reason(error: Error): string {
  const { cause } = error;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") {
    return cause.code;
  }
  return error.name === "TimeoutError" ? "timed out" : "connection lost";
}

/** fetch would quote a bad header together with its secret, so headers are checked here first. */
function sendable(what: string, headers: HttpHeaders): Headers {
  const made = new Headers({ accept: "application/json" });
  for (const [name, value] of Object.entries(headers)) {
    try {
      made.set(name, value);
    } catch {
      throw new Error(
        `${what}: the value of the header ${name} has characters that a header cannot contain`,
      );
    }
  }
  return made;
}

async function currentHeaders(headers: HttpRequest["headers"]): Promise<HttpHeaders> {
  return typeof headers === "function" ? headers() : (headers ?? {});
}

function redirected(what: string, address: URL, response: Response): ForbiddenAddress {
  const location = response.headers.get("location") ?? "";
  const to = URL.canParse(location, address.href)
    ? new URL(location, address).host
    : "an unreadable address";
  return new ForbiddenAddress(
    `${what}: answered ${response.status}, a redirect to ${to}; redirects are not followed, requests go only to ${address.host}`,
  );
}

const pause = async (ms: number): Promise<void> => {
  await sleep(ms);
};
const forever = (): number => Number.MAX_SAFE_INTEGER;
const never = (): boolean => false;

/** All pauses of one request together: if the system is down longer, the next run tries again. */
const LONGEST_WAIT_MS = 5 * 60_000;

/** The system is down or busy. The request is correct: a later run can repeat it. */
export class SystemUnavailable extends Error {
  override readonly name = "SystemUnavailable";
  /** The pause that the system asked for; null where it asked for none. */
  readonly retryAfterMs: number | null;
  /** Of the last answer; null where none came. */
  readonly status: number | null;
  constructor(what: string, attempts: number, { trouble, retryAfterMs: wait, status }: Trouble) {
    super(
      `${what}: ${trouble}; gave up after ${attempts} ${attempts === 1 ? "attempt" : "attempts"}`,
    );
    this.retryAfterMs = wait;
    this.status = status;
  }
}

/** The credential is wrong, expired or lacks a permission: a person has to look at it. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;
  /** @param needs the permission that may be missing */
  constructor(what: string, status: number, needs?: string) {
    const permission = needs === undefined ? "" : `: it needs ${needs}`;
    super(
      `${what}: answered ${status}: the credential was refused or lacks a permission${permission}`,
    );
    this.status = status;
  }
}

/** The system rejects this request: the address, the version or our code is wrong. */
class NotUnderstood extends Error {
  override readonly name = "NotUnderstood";
  readonly status: number;
  constructor(what: string, status: number) {
    super(`${what}: answered ${status}, wanted 200`);
    this.status = status;
  }
}
