import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

import { startCloud } from "../../local/cloud/cloud.ts";
import { stackNames } from "../../local/cloud/stack-names.ts";
import { synthesise } from "../../local/cloud/synthesise.ts";
import { resolved } from "../../local/cloud/template.ts";
import type { Template } from "../../local/cloud/template.ts";
import { ERP_SECRET, STOREFRONT_SECRET, writeDemoBrand } from "../../local/demo-brand.ts";
import { generateLife } from "../../local/life/generate.ts";
import { startNetsuite } from "../../local/netsuite/serve.ts";
import { fire } from "../../local/run-cycle.ts";
import { startShopify } from "../../local/shopify/serve.ts";

/** What a function called, as a policy would name it. */
type Call = { readonly role: string; readonly action: string; readonly resource: string };
type Grant = {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  prefixes: string[];
};

const folder = mkdtempSync(join(tmpdir(), "permissions-"));
const calls = new Map<string, Call>();
let grants: Grant[] = [];

beforeAll(async () => {
  const life = generateLife({
    seed: 5,
    from: "2026-10-19T00:00:00.000Z",
    days: 4,
    ordersPerDay: 160,
    faults: { dropped_calls: 0.2, partial_sync: 0.2, voided: 0.2, async_confirmation: 0.3 },
  });
  let now = life.from;
  const clock = (): string => now;
  const shop = await startShopify({ life, clock, rate: { maximum: 20_000, restore: 1_000 } });
  const books = await startNetsuite({ life, clock });
  const config = join(folder, "demo.yaml");
  writeDemoBrand(config, life, {
    storefront: { platform: "shopify", url: shop.url },
    erp: { platform: "netsuite", url: books.url },
  });
  const stack = await synthesise(config, join(folder, "synth"));
  grants = grantsIn(stack.template, stack.stack);
  const proxies: Server[] = [];
  const ports = new Map<string, number>();
  // A proxy for each function and service: what came through it is what that function called.
  const functionIds = Object.entries(stack.template.Resources)
    .filter(([, { Type }]) => Type === "AWS::Lambda::Function")
    .map(([id]) => id);
  let targets: Readonly<Record<string, string>> = {};
  for (const id of functionIds) {
    for (const service of SERVICES) {
      const proxy = createServer((request, response) => {
        void (async () => {
          const { status, headers, body, sent } = await forward(request, targets[service] ?? "");
          const call = callOf(request, sent);
          if (call !== null) calls.set(JSON.stringify([id, call]), { role: id, ...call });
          response.writeHead(status, headers);
          response.end(body);
        })();
      });
      await new Promise<void>((done) => void proxy.listen(0, "127.0.0.1", done));
      proxies.push(proxy);
      ports.set(`${id} ${service}`, (proxy.address() as AddressInfo).port);
    }
  }
  // The calls are the same on both databases; this one starts at once.
  const cloud = await startCloud({
    database: "dynalite",
    ...stack,
    stateDir: join(folder, "state"),
    secrets: { [STOREFRONT_SECRET]: shop.credentials, [ERP_SECRET]: books.credentials },
    endpointsFor: (id, endpoints) => {
      targets = endpoints;
      return Object.fromEntries(
        SERVICES.map((service) => [service, `http://127.0.0.1:${ports.get(`${id} ${service}`)}`]),
      );
    },
  });
  try {
    for (let hours = 24; hours <= 96; hours += 24) {
      now = new Date(Date.parse(life.from) + hours * 3_600_000).toISOString();
      const failures = await fire(cloud, { jobs: ["pull", "watch", "digest"], now, say: () => {} });
      if (failures.length > 0) throw new Error(`A job failed: ${JSON.stringify(failures)}`);
    }
  } finally {
    await cloud.stop();
    await shop.stop();
    await books.stop();
    for (const proxy of proxies) proxy.close();
  }
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("allows every call that a function makes in a whole life", () => {
  expect(calls.size, "a life without calls proves nothing").toBeGreaterThan(20);
  const refused = [...calls.values()].filter(
    (call) => !grants.some((grant) => covers(grant, call)),
  );
  expect(refused).toEqual([]);
});

it("allows nothing that no function calls", () => {
  const unused = grants.filter((grant) => ![...calls.values()].some((call) => covers(grant, call)));
  // Written only for a record that cannot be read, and this life has none.
  const rare = unused.filter(
    ({ action, resource }) => !/PutObject .*quarantine/.test(`${action} ${resource}`),
  );
  expect(rare.map(({ role, action, resource }) => `${role} ${action} ${resource}`)).toEqual([]);
});

const SERVICES = [
  "AWS_ENDPOINT_URL_DYNAMODB",
  "AWS_ENDPOINT_URL_S3",
  "AWS_ENDPOINT_URL_SNS",
  "AWS_ENDPOINT_URL_SECRETS_MANAGER",
];

/** The statements of each function's role, one a resource; what Lambda itself needs is not among them. */
function grantsIn(template: Template, stack: string): Grant[] {
  const names = stackNames(stack, template);
  const policies = Object.values(template.Resources).filter(
    ({ Type }) => Type === "AWS::IAM::Policy",
  );
  const functions = Object.entries(template.Resources).filter(
    ([, { Type }]) => Type === "AWS::Lambda::Function",
  );
  return functions.flatMap(([id, { Properties }]) => {
    const [, role] = /"Fn::GetAtt":\["(\w+)"/.exec(JSON.stringify(Properties?.["Role"])) ?? [];
    return policies
      .filter((policy) => JSON.stringify(policy.Properties?.["Roles"]).includes(`"${role}"`))
      .flatMap((policy) => {
        const document = resolved(policy.Properties?.["PolicyDocument"], names) as {
          Statement: {
            Action: string | string[];
            Resource: string | string[];
            Condition?: Record<string, Record<string, string[]>>;
          }[];
        };
        return document.Statement.flatMap(({ Action, Resource, Condition }) =>
          [Action].flat().flatMap((action) =>
            [Resource].flat().map((resource) => ({
              role: id,
              action,
              resource,
              prefixes: Object.values(Condition ?? {})
                .flatMap((one) => one["s3:prefix"] ?? [])
                .flat(),
            })),
          ),
        );
      })
      .filter(({ action }) => !/^(?:logs|sqs):/.test(action));
  });
}

function covers(grant: Grant, call: Call): boolean {
  if (grant.role !== call.role || grant.action !== call.action) return false;
  const [resource = "", prefix = null] = call.resource.split("?prefix=");
  const isListed =
    prefix === null ||
    grant.prefixes.length === 0 ||
    grant.prefixes.some((one) => matches(one, prefix));
  return matches(grant.resource, resource) && isListed;
}

function matches(pattern: string, value: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`).test(value);
}

/** Null for what no policy of ours is about. */
function callOf(request: IncomingMessage, body: string): Omit<Call, "role"> | null {
  const target = String(request.headers["x-amz-target"] ?? "");
  const url = new URL(request.url ?? "/", "http://local");
  if (target.startsWith("DynamoDB_")) {
    const { TableName, IndexName } = JSON.parse(body) as { TableName: string; IndexName?: string };
    const table = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`;
    const resource = IndexName === undefined ? table : `${table}/index/${IndexName}`;
    return { action: `dynamodb:${target.split(".")[1]}`, resource };
  }
  if (target.startsWith("secretsmanager.")) {
    const { SecretId } = JSON.parse(body) as { SecretId: string };
    return {
      action: `secretsmanager:${target.split(".")[1]}`,
      resource: `arn:aws:secretsmanager:us-east-1:000000000000:secret:${SecretId}-AbCdEf`,
    };
  }
  const form = new URLSearchParams(body);
  if (form.get("Action") !== null) {
    return { action: `sns:${form.get("Action")}`, resource: form.get("TopicArn") ?? "" };
  }
  const [, bucket = "", ...key] = decodeURIComponent(url.pathname).split("/");
  const object = `arn:aws:s3:::${bucket}/${key.join("/")}`;
  if (request.method === "PUT") return { action: "s3:PutObject", resource: object };
  if (url.searchParams.get("list-type") !== null) {
    const prefix = url.searchParams.get("prefix") ?? "";
    return { action: "s3:ListBucket", resource: `arn:aws:s3:::${bucket}?prefix=${prefix}` };
  }
  return { action: "s3:GetObject", resource: object };
}

async function forward(request: IncomingMessage, endpoint: string) {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const sent = Buffer.concat(chunks);
  const {
    host: _host,
    connection: _connection,
    "content-length": _length,
    ...headers
  } = request.headers;
  const withoutBody = request.method === "GET" || request.method === "HEAD";
  const answer = await fetch(new URL(request.url ?? "/", endpoint), {
    method: request.method ?? "GET",
    headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      typeof value === "string" && name !== "transfer-encoding" && name !== "expect"
        ? [[name, value]]
        : [],
    ),
    ...(withoutBody ? {} : { body: sent }),
  });
  const body = Buffer.from(await answer.arrayBuffer());
  const kept = [...answer.headers].filter(
    ([name]) => !/^(?:content-encoding|content-length|transfer-encoding|connection)$/.test(name),
  );
  return { status: answer.status, headers: Object.fromEntries(kept), body, sent: sent.toString() };
}
