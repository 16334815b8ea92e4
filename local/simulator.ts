import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Serves a simulated platform on loopback, and injects planned faults into its answers. The desk
 * answers a request without a socket, so that a test may use it directly.
 */
export async function serveSimulator(
  desk: Desk,
  port = 0,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url = "", headers } = request;
    const { answer, fault } = await desk.ask({
      method,
      url: `http://${headers.host ?? "127.0.0.1"}${url}`,
      headers: new Headers(
        Object.entries(headers).flatMap(([name, value]): [string, string][] =>
          value === undefined ? [] : [[name, String(value)]],
        ),
      ),
      body: await read(request),
    });
    await send(response, answer, fault);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => {
      response.destroy(); // a request that breaks the simulator must not get an answer
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port on loopback");
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

export type Asked = {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
};

export type Answered = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Desk = { ask(asked: Asked): Promise<{ answer: Answered; fault: Fault }> };

/** The planned faults of the next requests, in the order in which they were planned. */
export class FaultPlan {
  readonly #planned: Fault[] = [];

  /** The next `times` requests get this fault. */
  plan(fault: Fault, times = 1): void {
    for (let time = 0; time < times; time += 1) this.#planned.push(fault);
  }

  next(): Fault {
    return this.#planned.shift() ?? { kind: "none" };
  }
}

export type Fault =
  | { readonly kind: "none" }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Half of the body with the content length of the whole body; then the connection is closed. */
  | { readonly kind: "cut" }
  | { readonly kind: "drop" }
  /** This body with status 200. */
  | { readonly kind: "body"; readonly contentType: string; readonly body: string }
  /** The correct body with a change. */
  | { readonly kind: "change"; readonly change: (body: string) => string }
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "redirect"; readonly to: string };

async function send(response: ServerResponse, answer: Answered, fault: Fault): Promise<void> {
  const reply = (status: number, headers: Answered["headers"], body: string): void => {
    response.writeHead(status, headers).end(status === 204 ? undefined : body);
  };
  switch (fault.kind) {
    case "none":
      return reply(answer.status, answer.headers, answer.body);
    case "status":
      return reply(fault.status, fault.headers ?? {}, "{}");
    case "body":
      return reply(200, { "content-type": fault.contentType }, fault.body);
    case "change":
      return reply(answer.status, answer.headers, fault.change(answer.body));
    case "redirect":
      return reply(302, { location: fault.to }, "");
    case "late":
      await sleep(fault.ms);
      return reply(answer.status, answer.headers, answer.body);
    case "drop":
      response.destroy();
      return;
    case "cut":
      response.writeHead(answer.status, {
        ...answer.headers,
        "content-length": String(Buffer.byteLength(answer.body)),
      });
      response.write(answer.body.slice(0, answer.body.length / 2));
      await sleep(10); // so that half of the body is sent before the connection ends
      response.destroy();
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  const received: AsyncIterable<Buffer> = request;
  for await (const chunk of received) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
