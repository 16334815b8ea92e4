import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { tooManyAtOnce } from "./refusals.ts";

/** The planned faults of the next requests, in the order in which they were planned. */
export function faultPlan(): FaultPlan {
  const planned: Record<Endpoint, Fault[]> = { token: [], query: [] };
  return {
    plan: (fault, times = 1, endpoint = "query") => {
      for (let time = 0; time < times; time += 1) planned[endpoint].push(fault);
    },
    next: (endpoint) => planned[endpoint].shift() ?? null,
  };
}

export type Endpoint = "token" | "query";

export type FaultPlan = {
  /** The next `times` requests at this endpoint (queries by default) get this fault. */
  plan(fault: Fault, times?: number, endpoint?: Endpoint): void;
  next(endpoint: Endpoint): Fault | null;
};

export type Fault =
  | { readonly kind: "none" }
  /** 429 with the documented body. */
  | { readonly kind: "throttle"; readonly retryAfter?: string }
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  /** Half of the body with the content length of the whole body; then the connection is closed. */
  | { readonly kind: "cut" }
  | { readonly kind: "drop" }
  /** This body with status 200: HTML, half of the JSON, or nothing. */
  | { readonly kind: "body"; readonly contentType: string; readonly body: string }
  /** The correct body with a change. */
  | { readonly kind: "change"; readonly change: (body: string) => string }
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "redirect"; readonly to: string };

/** Sends the answer with the fault. */
export async function send(
  response: ServerResponse,
  answer: { readonly status: number; readonly body: string },
  fault: Fault,
): Promise<void> {
  const json = "application/vnd.oracle.resource+json; type=collection";
  const reply = (status: number, body: string, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { "content-type": json, ...headers }).end(body);
  };
  switch (fault.kind) {
    case "none":
      return reply(answer.status, answer.body);
    case "throttle":
      return reply(429, tooManyAtOnce().body, retryAfter(fault.retryAfter));
    case "status":
      return reply(fault.status, "{}", retryAfter(fault.retryAfter));
    case "body":
      return reply(200, fault.body, { "content-type": fault.contentType });
    case "change":
      return reply(answer.status, fault.change(answer.body));
    case "redirect":
      return reply(302, "", { location: fault.to });
    case "late":
      await sleep(fault.ms);
      return reply(answer.status, answer.body);
    case "drop":
      response.destroy();
      return;
    case "cut":
      response.writeHead(answer.status, {
        "content-type": json,
        "content-length": Buffer.byteLength(answer.body),
      });
      response.write(answer.body.slice(0, answer.body.length / 2));
      await sleep(10); // so that half of the body is sent before the connection ends
      response.destroy();
  }
}

function retryAfter(value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { "retry-after": value };
}
