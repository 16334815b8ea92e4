import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Life } from "../life/life.ts";
import { access, type Auth } from "./access.ts";
import { bucket, type Rate } from "./bucket.ts";
import { type Fault, faultPlan, type Faults } from "./faults.ts";
import { questions } from "./questions.ts";

/**
 * A simulated Shopify on this machine: the Admin GraphQL API and the token endpoint, for a
 * generated life.
 *
 * It listens on loopback only, shows the world as it is at `clock()`, and can inject faults into
 * its answers (see `Faults`).
 */
export async function startShopify(options: ShopifyLife): Promise<LocalShopify> {
  const { answer, ...desk } = shopifySimulator(options);
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url = "", headers } = request;
    const token = String(headers["x-shopify-access-token"]);
    const { status, text, version, fault } = await answer({
      method,
      path: url,
      token,
      body: await read(request),
    });
    if (version !== null) response.setHeader("x-shopify-api-version", version);
    await sendWithFault(response, { status, text }, fault);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch(() => {
      response.destroy(); // a request that breaks the simulator must not get an answer
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port on loopback");
  return {
    url: `http://127.0.0.1:${address.port}`,
    ...desk,
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

/** The same without a socket: it takes a request and returns the answer and the planned fault. */
export function shopifySimulator(options: Omit<ShopifyLife, "port">): ShopifySimulator {
  const { life, auth = { accessToken: "local-shopify" } } = options;
  const clock = options.clock ?? (() => FAR_FUTURE);
  const points = bucket({ maximum: 2_000, restore: 100, now: monotonic, ...options.rate });
  const tokens = access(auth, options.rate?.now ?? monotonic);
  const faults = faultPlan(() => {
    tokens.expireAll();
  });
  // A platform that hides its staff refuses the field: it does not say that there was nobody.
  if (life.settings.hidden.includes("staff")) faults.deny("read_users");
  const ask = questions({ life, clock, bucket: points, denied: faults.denied });
  const requests: LoggedRequest[] = [];

  return {
    credentials: auth,
    faults,
    requests,
    answer: async ({ method, path, token, body }) => {
      const none = { version: null, fault: { kind: "none" } as const };
      if (path === "/admin/oauth/access_token") {
        const granted = tokens.grant(body);
        const status = granted === null ? 400 : 200;
        return { status, text: JSON.stringify(granted ?? NO_CLIENT), ...none };
      }
      const version = PATH.exec(path)?.[1];
      if (method !== "POST" || version === undefined) {
        return { status: 404, text: JSON.stringify({ errors: "Not Found" }), ...none };
      }
      if (!tokens.accepts(token)) {
        const errors = "[API] Invalid API key or access token";
        return { status: 401, text: JSON.stringify({ errors }), ...none };
      }
      const fault = faults.next() ?? { kind: "none" };
      const result = await ask(body, fault.kind === "throttle");
      requests.push({ body, fault: fault.kind, ...result.cost });
      return { status: 200, text: result.text, version, fault };
    },
  };
}

export type ShopifyLife = {
  readonly life: Life;
  readonly port?: number;
  /** A fixed token by default. */
  readonly auth?: Auth;
  /** ISO instant; later events are not shown. Without it, all events are shown. */
  readonly clock?: () => string;
  /** The rate limit; by default 2,000 points, restored at 100 a second. */
  readonly rate?: Partial<Rate>;
};

export type ShopifySimulator = {
  readonly credentials: Auth;
  readonly faults: Faults;
  readonly requests: readonly LoggedRequest[];
  readonly answer: (question: {
    readonly method: string;
    readonly path: string;
    readonly token: string;
    readonly body: string;
  }) => Promise<ShopifyAnswer>;
};

type ShopifyAnswer = {
  readonly status: number;
  readonly text: string;
  /** The API version for the header; null for an answer that is not from the API. */
  readonly version: string | null;
  readonly fault: Fault;
};

export type LocalShopify = Omit<ShopifySimulator, "answer"> & {
  readonly url: string;
  stop(): Promise<void>;
};

type LoggedRequest = {
  readonly body: string;
  readonly fault: Fault["kind"];
  readonly requested: number;
  readonly actual: number;
  readonly throttled: boolean;
};

async function sendWithFault(
  response: ServerResponse,
  { status, text }: Pick<ShopifyAnswer, "status" | "text">,
  fault: Fault,
): Promise<void> {
  switch (fault.kind) {
    case "none":
    case "throttle":
      return reply(response, status, text);
    case "status":
      if (fault.retryAfter !== undefined) response.setHeader("retry-after", fault.retryAfter);
      return reply(response, fault.status, JSON.stringify({ errors: "trouble" }));
    case "cut":
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      });
      response.write(text.slice(0, text.length / 2), () => response.destroy());
      return;
    case "drop":
      response.destroy();
      return;
    case "body":
      return reply(response, 200, fault.body, fault.contentType);
    case "change":
      return reply(response, 200, fault.change(text));
    case "late":
      await sleep(fault.ms);
      return reply(response, 200, text);
    case "redirect":
      response.setHeader("location", fault.to);
      return reply(response, 302, "");
  }
}

function reply(
  response: ServerResponse,
  status: number,
  text: string,
  type = "application/json",
): void {
  response.writeHead(status, { "content-type": `${type}; charset=utf-8` });
  response.end(text);
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  const received: AsyncIterable<Buffer> = request;
  for await (const chunk of received) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const monotonic = (): number => performance.now();

const PATH = /^\/admin\/api\/(\d{4}-\d\d)\/graphql\.json$/;
const NO_CLIENT = { error: "invalid_client", error_description: "client authentication failed" };
const FAR_FUTURE = "9999-12-31T00:00:00Z";
