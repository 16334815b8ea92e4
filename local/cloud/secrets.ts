import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";

import { listenOnLoopback } from "./loopback.ts";
import type { Service } from "./service.ts";

/** The part of Secrets Manager that a handler uses: the value of a secret by its name. */
export async function startSecrets(secrets: Readonly<Record<string, unknown>>): Promise<Service> {
  const server = createServer((request, response) => {
    void answerTo(request, response, secrets);
  });
  return listenOnLoopback(server);
}

async function answerTo(
  request: IncomingMessage,
  response: ServerResponse,
  secrets: Readonly<Record<string, unknown>>,
): Promise<void> {
  const target = request.headers["x-amz-target"];
  const { status, body } = secretsAnswer(target, await text(request), secrets);
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
}

type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

function secretsAnswer(
  target: string | string[] | undefined,
  body: string,
  secrets: Readonly<Record<string, unknown>>,
): Answer {
  if (target !== "secretsmanager.GetSecretValue") {
    return refusal("UnknownOperationException", `the local cloud has no ${String(target)}`);
  }
  const request = requestSchema.safeParse(parsed(body));
  if (!request.success) return refusal("InvalidRequestException", "wanted a SecretId");
  const { SecretId: name } = request.data;
  if (!Object.hasOwn(secrets, name)) {
    return refusal("ResourceNotFoundException", `Secrets Manager can't find ${name}.`);
  }
  const value = secrets[name];
  return {
    status: 200,
    body: {
      ARN: `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-local1`,
      Name: name,
      SecretString: typeof value === "string" ? value : JSON.stringify(value),
      VersionId: "00000000-0000-0000-0000-000000000000",
      VersionStages: ["AWSCURRENT"],
    },
  };
}

function refusal(type: string, message: string): Answer {
  return { status: 400, body: { __type: type, message } };
}

const requestSchema = z.object({ SecretId: z.string() });

function parsed(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch {
    return null;
  }
}
