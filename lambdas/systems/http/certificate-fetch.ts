import { Agent, request } from "node:https";
import type { IncomingMessage } from "node:http";

/**
 * A `fetch` that shows a client certificate (mutual TLS). Node's own fetch cannot: it needs a
 * package of half a megabyte for it, so the request is sent by node:https. Redirects are not
 * followed, and the body is read as it comes.
 */
export function certificateFetch(certificate: {
  /** PEM */
  readonly cert: string;
  readonly key: string;
  /** PEM of an own authority; the system's authorities where it is absent. */
  readonly ca?: string;
}): typeof fetch {
  const agent = new Agent({ ...certificate, keepAlive: true });
  return async (input, init) => {
    const address = new URL(input instanceof Request ? input.url : input);
    const headers = Object.fromEntries(new Headers(init?.headers).entries());
    const body = typeof init?.body === "string" ? init.body : undefined;
    const signal = init?.signal ?? undefined;
    return new Promise<Response>((resolve, reject) => {
      const asked = request(
        address,
        { agent, method: init?.method ?? "GET", headers, ...(signal !== undefined && { signal }) },
        (answer) => {
          resolve(responseOf(answer));
        },
      );
      // fetch reports a lost connection as a TypeError with a cause, and http.ts repeats those.
      asked.on("error", (cause) => {
        reject(signal?.aborted === true ? timedOut() : new TypeError("fetch failed", { cause }));
      });
      asked.end(body);
    });
  };
}

function responseOf(answer: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const status = answer.statusCode ?? 502;
  const isEmpty = status === 204 || status === 304;
  if (isEmpty) answer.resume();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      answer.on("data", (chunk: Uint8Array) => {
        controller.enqueue(chunk);
      });
      answer.on("end", () => {
        controller.close();
      });
      answer.on("error", (error) => {
        controller.error(error);
      });
      answer.on("aborted", () => {
        controller.error(new Error("aborted"));
      });
    },
    cancel: () => {
      answer.destroy();
    },
  });
  return new Response(isEmpty ? null : body, { status, headers });
}

function timedOut(): Error {
  return new DOMException("timed out", "TimeoutError");
}
