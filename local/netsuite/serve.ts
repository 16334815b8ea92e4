import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Life } from "../life/life.ts";
import { startEngine, type Engine } from "./engine.ts";
import { type Endpoint, type Fault, faultPlan, type FaultPlan, send } from "./faults.ts";
import { answerTo, type Answer } from "./questions.ts";
import { invalidGrant, notFound, tooManyAtOnce, unauthorized } from "./refusals.ts";
import { rowsOf } from "./rows.ts";
import { signIn, type SignIn } from "./sign-in.ts";

/**
 * A simulated NetSuite on this machine: the token endpoint and SuiteQL over REST, for a generated
 * life.
 *
 * A database executes the SuiteQL, so that a wrong column, or a date in place of a time, fails here
 * as in NetSuite. It listens on loopback only, shows the world as it is at `clock()`, and can
 * inject faults into its answers.
 */
export async function startNetsuite(options: NetsuiteLife): Promise<LocalNetsuite> {
  const { life, sessionTimeZone = "America/Los_Angeles" } = options;
  const engine = await startEngine({ rows: rowsOf(life), sessionTimeZone });
  const { answer, ...desk } = netsuiteSimulator({ ...options, engine });
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { fault, ...told } = await answer(await read(incoming));
    await send(response, told, fault);
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => {
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
      await engine.stop();
    },
  };
}

/** The same without a socket: it takes a request and returns the answer and the planned fault. */
export function netsuiteSimulator(options: {
  readonly engine: Engine;
  readonly clock?: () => string;
  /** Milliseconds since the epoch, for the age of a sign-in. */
  readonly wallClock?: () => number;
  readonly connections?: number;
}): NetsuiteSimulator {
  const { engine, clock = () => "infinity", connections = 5 } = options;
  const door = signIn(options.wallClock);
  const plan = faultPlan();
  const hidden = { records: new Set<string>(), fields: new Set<string>() };
  const requests: LoggedRequest[] = [];
  let busy = 0;

  const answerAt = async (kind: Endpoint, request: Request): Promise<Answer> => {
    if (kind === "token") {
      const granted = await door.grant(new URLSearchParams(request.body), request.url);
      return granted === null ? invalidGrant() : { status: 200, body: JSON.stringify(granted) };
    }
    if (!door.accepts(request.authorization, request.url)) return unauthorized();
    if (busy > connections) return tooManyAtOnce();
    return answerTo(request, { engine, hidden, now: clock() });
  };

  return {
    credentials: door.credentials,
    tbaCredentials: door.tba,
    requests,
    faults: {
      plan: (...told) => {
        plan.plan(...told);
      },
      expireTokens: () => {
        door.expireAll();
      },
      deny: (record) => hidden.records.add(record),
      remove: (field) => hidden.fields.add(field),
    },
    answer: async (request) => {
      const kind = ENDPOINTS.get(new URL(request.url).pathname);
      if (kind === undefined || request.method !== "POST") {
        return { ...notFound(), fault: { kind: "none" } };
      }
      const fault = plan.next(kind) ?? { kind: "none" };
      busy += 1;
      const told = await answerAt(kind, request).finally(() => {
        busy -= 1;
      });
      const query = kind === "query" ? request.body : null;
      requests.push({ door: kind, query, fault: fault.kind, status: told.status });
      return { ...told, fault };
    },
  };
}

export type NetsuiteLife = {
  readonly life: Pick<Life, "documents">;
  readonly port?: number;
  /** ISO instant; later events are not shown. Without it, all events are shown. */
  readonly clock?: () => string;
  /** The time zone of the session: change times are shown in it. */
  readonly sessionTimeZone?: string;
  /** More requests than this at once are refused. */
  readonly connections?: number;
};

export type NetsuiteSimulator = {
  readonly credentials: SignIn["credentials"];
  readonly tbaCredentials: SignIn["tba"];
  /** All requests, oldest first. */
  readonly requests: readonly LoggedRequest[];
  readonly faults: {
    plan: FaultPlan["plan"];
    expireTokens(): void;
    /** The role can no longer read this record, such as `deletedrecord`. */
    deny(record: string): void;
    /** The account has no such field, such as `transaction.source`. */
    remove(field: string): void;
  };
  readonly answer: (request: Request) => Promise<Answer & { readonly fault: Fault }>;
};

export type LocalNetsuite = Omit<NetsuiteSimulator, "answer"> & {
  readonly url: string;
  stop(): Promise<void>;
};

type LoggedRequest = {
  readonly door: Endpoint;
  /** The body of a query; null for a sign-in. */
  readonly query: string | null;
  readonly fault: Fault["kind"];
  readonly status: number;
};

type Request = {
  readonly method: string;
  readonly url: string;
  readonly authorization: string;
  readonly prefer: string;
  readonly body: string;
};

async function read(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    if (chunk instanceof Buffer) chunks.push(chunk);
  }
  const { host = "127.0.0.1", authorization = "", prefer } = incoming.headers;
  return {
    method: incoming.method ?? "",
    url: `http://${host}${incoming.url ?? "/"}`,
    authorization,
    prefer: String(prefer ?? ""),
    body: Buffer.concat(chunks).toString(),
  };
}

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ["/services/rest/auth/oauth2/v1/token", "token"],
  ["/services/rest/query/v1/suiteql", "query"],
]);
