import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";

import type { Invocation } from "./invocation.ts";
import { listenOnLoopback } from "./loopback.ts";

/** AWS's side of the Runtime API: a process asks it for the next event and sends it the result. */
export type RuntimeApi = {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** Sends an event to the process; resolves when both the answer and its log are complete. */
  invoke(event: unknown, timeoutMs: number): Promise<Invocation>;
  /** Reports that all log lines of this request have been read. */
  logged(requestId: string): void;
  stop(): Promise<void>;
};

export async function startRuntimeApi(functionArn: string): Promise<RuntimeApi> {
  let idle: ServerResponse | null = null;
  let waiting: Request | null = null;
  const open = new Map<string, Request>();

  const sendWaiting = (): void => {
    if (idle === null || waiting === null) return;
    idle.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": waiting.id,
      "lambda-runtime-deadline-ms": String(Date.now() + waiting.timeoutMs),
      "lambda-runtime-invoked-function-arn": functionArn,
    });
    idle.end(JSON.stringify(waiting.event));
    open.set(waiting.id, waiting);
    [idle, waiting] = [null, null];
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, , , what, id = "", how] = (request.url ?? "").split("/");
    if (what === "invocation" && id === "next") {
      idle = response;
      sendWaiting();
      return;
    }
    const body = await text(request);
    response.writeHead(202).end();
    if (what === "init") waiting?.done(failure("could not start", body));
    const current = open.get(id);
    if (current === undefined) return;
    await current.logRead.given;
    open.delete(id);
    current.done(how === "response" ? success(body) : failure("failed", body));
  };

  const server = await listenOnLoopback(
    createServer((request, response) => void answer(request, response)),
  );
  return {
    host: server.endpoint.slice("http://".length),
    invoke: (event, timeoutMs) =>
      new Promise((done) => {
        waiting = { id: randomUUID(), event, timeoutMs, done, logRead: signal() };
        sendWaiting();
      }),
    logged: (id) => open.get(id)?.logRead.give(),
    stop: () => server.stop(),
  };
}

type Request = {
  readonly id: string;
  readonly event: unknown;
  readonly timeoutMs: number;
  readonly done: (invocation: Invocation) => void;
  readonly logRead: Signal;
};
type Signal = { readonly given: Promise<void>; readonly give: () => void };

function signal(): Signal {
  const resolvers: (() => void)[] = [];
  const given = new Promise<void>((done) => resolvers.push(done));
  return { given, give: () => resolvers.forEach((done) => done()) };
}

function success(body: string): Invocation {
  const result: unknown = JSON.parse(body);
  return { ok: true, result };
}

function failure(how: string, body: string): Invocation {
  const { errorType, errorMessage } = errorSchema.parse(JSON.parse(body));
  return { ok: false, error: `${how}: ${errorType}: ${errorMessage}` };
}

const errorSchema = z.object({ errorType: z.string(), errorMessage: z.string() });
