import { Agent, request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { pathToFileURL } from "node:url";

// The loop inside a Lambda: it asks the Runtime API for the next event, calls the handler and sends
// the answer. It runs in a plain Node process with the bundled handler, as on AWS. No other code of
// this project is loaded there, so it imports only Node's own modules.

const setting = (name: string): string => process.env[name] ?? "";
const api = `http://${setting("AWS_LAMBDA_RUNTIME_API")}/2018-06-01/runtime`;
const agent = new Agent({ keepAlive: true });

// The parent process keeps the standard input open: when it closes, this process ends too.
process.stdin.on("end", () => process.exit(0)).resume();

const handler = await load().catch(async (error: unknown) => {
  await call("POST", "/init/error", errorBody(error));
  process.exit(1);
});
for (;;) {
  const { headers, body } = await call("GET", "/invocation/next");
  const id = String(headers["lambda-runtime-aws-request-id"]);
  const answer = await run(body, headers, id);
  // A write to a pipe is complete when it returns: after this line, the log of this run is whole.
  process.stdout.write(`\u0000${id}\n`);
  await call("POST", `/invocation/${id}/${answer.how}`, answer.body);
}

type Handler = (event: unknown, context: object) => unknown;
type Answer = { readonly how: "response" | "error"; readonly body: string };

async function load(): Promise<Handler> {
  const [file = "index", name = "handler"] = setting("_HANDLER").split(".");
  const path = `${setting("LAMBDA_TASK_ROOT")}/${file}.mjs`;
  const module: unknown = await import(pathToFileURL(path).href);
  const found: unknown = new Map(Object.entries(module ?? {})).get(name);
  if (!isHandler(found)) throw new Error(`${file}.mjs exports no function ${name}`);
  return found;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === "function";
}

async function run(body: string, headers: IncomingHttpHeaders, id: string): Promise<Answer> {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const context = {
    awsRequestId: id,
    functionName: setting("AWS_LAMBDA_FUNCTION_NAME"),
    functionVersion: "$LATEST",
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    memoryLimitInMB: setting("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    const result = await handler(JSON.parse(body), context);
    return { how: "response", body: JSON.stringify(result ?? null) };
  } catch (error) {
    return { how: "error", body: errorBody(error) };
  }
}

function errorBody(error: unknown): string {
  const known = error instanceof Error ? error : new Error(String(error));
  const stackTrace = (known.stack ?? "").split("\n").slice(1);
  return JSON.stringify({ errorType: known.name, errorMessage: known.message, stackTrace });
}

type Reply = { readonly headers: IncomingHttpHeaders; readonly body: string };

function call(method: "GET" | "POST", path: string, payload?: string): Promise<Reply> {
  return new Promise((done, failed) => {
    const sent = request(`${api}${path}`, { method, agent }, (response) => {
      response.setEncoding("utf8");
      let body = "";
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => done({ headers: response.headers, body }));
      response.on("error", failed);
    });
    sent.on("error", () => process.exit(0)); // the local cloud has ended
    sent.end(payload);
  });
}
