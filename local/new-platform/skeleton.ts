import { type NewPlatform, pascal } from "./new-platform.ts";

/** The new files of a platform, by their paths. */
export function skeletonOf(platform: NewPlatform): ReadonlyMap<string, string> {
  const { role, name } = platform;
  const system = `lambdas/systems/${role}/${name}`;
  return new Map([
    [`${system}/${name}.ts`, connector(platform)],
    [`${system}/credentials.ts`, credentials(platform)],
    [`local/${name}/serve.ts`, simulator(platform)],
    [`faults/platforms/${name}.ts`, faults(platform)],
    [`test/systems/${role}/${name}/${name}.test.ts`, tests(platform)],
    [`docs/platforms/${name}.md`, page(platform)],
  ]);
}

function connector({ role, name, title }: NewPlatform): string {
  const Name = pascal(name);
  const isShop = role === "storefront";
  const Interface = isShop ? "Storefront" : "Erp";
  const seen = isShop ? "refundsSince" : "documentsSince";
  const asked = isShop ? "refundsById" : "documentsById";
  const records = isShop ? "refunds" : "documents";
  return `import type { Log } from "../../../log.ts";
import type { Door, Http } from "../../http/http.ts";
import type { ${Interface} } from "../${role}.ts";
import { ${name}Credentials } from "./credentials.ts";

/**
 * Reads ${title}. This is a skeleton: each function says what it must do.
 */
export function ${name}(options: ${Name}Options): ${Interface} {
  ${name}Credentials(options.credentials);
  return {
    ${seen}: async () => {
      throw new NotBuilt(
        "one page of the ${records} that changed in a window, oldest change first, as a SourcePage (source.ts)",
      );
    },
    ${asked}: async () => {
      throw new NotBuilt("the current state of ${records} by their ids");
    },
    identify: async () => {
      throw new NotBuilt("which shop or account answers, and which permissions are missing");
    },
    absent: () => [],
    stillShows: async () => {
      throw new NotBuilt("whether any of these records is still shown");
    },
  };
}

export type ${Name}Options = {
  readonly baseUrl: string;
  /** The secret's JSON value. */
  readonly credentials: unknown;
  readonly http: Http;
  /** Opens a client for another host that the secret names, such as one that grants tokens. */
  readonly door: Door;
  readonly log: Log;
${settingsOf(role)}  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  readonly pageSize?: number;
};

class NotBuilt extends Error {
  override readonly name = "NotBuilt";
  constructor(what: string) {
    super(\`${title} cannot be read yet: \${what} is not built\`);
  }
}
`;
}

/** The settings of the brand file that a connector uses. */
function settingsOf(role: NewPlatform["role"]): string {
  return role === "storefront"
    ? `  /** Users or apps that are machines, and what is watched; empty lists mean all. */
  readonly integrationApps: readonly string[];
  readonly channels: readonly string[];
  readonly gateways: readonly string[];
  /** Payments in cash are rounded to it; null where none is. */
  readonly smallestCoin: string | null;
`
    : `  readonly integrationUsers: readonly string[];
  /** The brand's own fields with ids of the storefront, and with ids of payments. */
  readonly referenceFields: readonly string[];
  readonly paymentFields: readonly string[];
  readonly shippingItems: readonly string[];
  readonly scope: { readonly companies: readonly string[]; readonly channels: readonly string[] };
`;
}

function credentials({ name, title }: NewPlatform): string {
  const Name = pascal(name);
  return `import * as z from "zod";

/**
 * The secret of ${title}. The error names the expected keys and never quotes a value.
 */
export function ${name}Credentials(secret: unknown): ${Name}Credentials {
  const read = credentialSchema.safeParse(secret);
  if (read.success) return read.data;
  throw new Error("the ${title} credential must be {accessToken}, a text without spaces");
}

type ${Name}Credentials = z.output<typeof credentialSchema>;

const credentialSchema = z.object({ accessToken: z.string().regex(/^[\\x21-\\x7e]+$/) });
`;
}

function simulator({ name, title }: NewPlatform): string {
  const Name = pascal(name);
  return `import type { Life } from "../life/life.ts";
import { type Answered, type Desk, FaultPlan, serveSimulator } from "../simulator.ts";

/**
 * A simulated ${title} on this machine, for a generated life. This is a skeleton: it answers every
 * request with 501.
 */
export async function start${Name}(
  options: ${Name}Life & { readonly port?: number },
): Promise<${Name}Simulator & { readonly url: string; stop(): Promise<void> }> {
  const desk = ${name}Simulator(options);
  const server = await serveSimulator(desk, options.port);
  return { ...desk, ...server };
}

/** The same without a socket. */
export function ${name}Simulator(options: ${Name}Life): ${Name}Simulator {
  const credentials = { accessToken: options.token ?? "local-${name}" };
  const faults = new FaultPlan();
  const requests: string[] = [];
  return {
    credentials,
    faults,
    requests,
    ask: async ({ url, headers }) => {
      const { pathname, search } = new URL(url);
      requests.push(\`\${pathname}\${search}\`);
      const isKnown = headers.get("authorization") === \`Bearer \${credentials.accessToken}\`;
      return { answer: isKnown ? NOT_BUILT : REFUSED, fault: faults.next() };
    },
  };
}

export type ${Name}Life = {
  readonly life: Life;
  /** ISO instant; later events are not shown. Without it, all events are shown. */
  readonly clock?: () => string;
  readonly token?: string;
};

export type ${Name}Simulator = Desk & {
  readonly credentials: { readonly accessToken: string };
  readonly faults: FaultPlan;
  /** Paths with their query, oldest first. */
  readonly requests: readonly string[];
};

const HEADERS = { "content-type": "application/json" };
const NOT_BUILT: Answered = { status: 501, headers: HEADERS, body: "{}" };
const REFUSED: Answered = { status: 401, headers: HEADERS, body: "{}" };
`;
}

function faults({ role, name, title }: NewPlatform): string {
  const shown = role === "storefront" ? "refund" : "document";
  return `import { ${name}Simulator } from "../../local/${name}/serve.ts";
import { CANARY } from "../world.ts";
import type { Platform } from "../platform.ts";

/** The simulated ${title}, without a socket. */
export const ${name}Platform: Platform = {
  role: "${role}",
  name: "${name}",
  start: async (life, clock) => {
    let serial = 0;
    const opened = () =>
      ${name}Simulator({
        life,
        clock: () => new Date(clock()).toISOString(),
        token: \`token_\${CANARY}_\${serial}\`,
      });
    let simulator = opened();
    return {
      baseUrl: "https://${name}.example",
      credentials: () => simulator.credentials,
      rotate: () => {
        serial += 1;
        simulator = opened();
      },
      answer: async (question) => (await simulator.ask(question)).answer,
    };
  },
  // The keys of the lists in an answer that show records: faults hide some of these.
  lists: [],
  // Which object of an answer is a ${shown}, its id, and when it was changed.
  recordIn: () => null,
  // Answers whose JSON is valid and that are wrong: see the other platforms.
  wrongAnswers: [],
  stop: async () => undefined,
};
`;
}

function tests({ role, name, title }: NewPlatform): string {
  const isShop = role === "storefront";
  const records = isShop ? "refunds" : "documents";
  const wanted = isShop
    ? "life.refunds.filter(({ transactions }) => transactions.length > 0)"
    : "life.documents.filter(({ pays }) => pays === null)";
  const Table = isShop ? "STOREFRONTS" : "ERPS";
  const own = `{ platform: "${name}", baseUrl: url, credentials: "own" }`;
  const storefront = isShop ? own : '{ platform: "shopify", baseUrl: url, credentials: "other" }';
  const erp = isShop ? '{ platform: "netsuite", baseUrl: url, credentials: "other" }' : own;
  return `import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ${name}Platform } from "../../../../faults/platforms/${name}.ts";
import { parseBrand } from "../../../../lambdas/brand.ts";
import { connect } from "../../../../lambdas/systems/connect.ts";
import { ${name}Credentials } from "../../../../lambdas/systems/${role}/${name}/credentials.ts";
import { generateLife } from "../../../../local/life/generate.ts";
import { ${Table} } from "../../../../local/platforms.ts";

const life = generateLife({ seed: 5, from: "2026-11-01T00:00:00.000Z", days: 3 });
const window = { since: "2026-10-31T00:00:00.000Z", until: "2026-11-05T00:00:00.000Z" };

it("names the keys of the secret and none of its values", () => {
  expect(() => ${name}Credentials({ password: "s3cret" })).toThrow(/^the ${title} credential(?!.*s3cret)/);
});

it("reads the ${records} of its simulator", async () => {
  const system = await opened();
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await system.since(window, cursor);
    expect(page.rejected).toEqual([]);
    ids.push(...page.observations.map(idOf));
    cursor = page.next;
  } while (cursor !== null);
  const all = ${wanted};
  expect(all.length).toBeGreaterThan(10);
  expect(new Set(ids).size, "read every one of the life").toBeGreaterThanOrEqual(all.length);
});

it("reads them again by their ids", async () => {
  const system = await opened();
  const [first] = (await system.since(window, null)).observations;
  expect(first).toBeDefined();
  const again = await system.byId(first === undefined ? [] : [idOf(first)]);
  expect(again.observations).toEqual([first]);
});

it("says which account answers", async () => {
  const system = await opened();
  expect(await system.identify?.(null, true)).toMatchObject({ missing: [] });
});

it("has faults of its own in the fault suite", () => {
  expect(
    ${name}Platform.wrongAnswers.length,
    "write recordIn and at least five wrong answers in faults/platforms/${name}.ts",
  ).toBeGreaterThanOrEqual(5);
  expect(${name}Platform.lists, "name the lists of an answer in faults/platforms/${name}.ts").not.toEqual([]);
});

it("has a page that says how to connect it and what it does not show", () => {
  const page = readFileSync("docs/platforms/${name}.md", "utf8");
  expect(page.match(/^TO DO: .*/gm) ?? [], "answer these in docs/platforms/${name}.md").toEqual([]);
  const all = readFileSync("docs/platforms/README.md", "utf8");
  expect(all.includes("**${title}** is a skeleton"), "compare it in docs/platforms/README.md").toBe(false);
});

async function opened() {
  const simulated = ${Table}["${name}"];
  const desk = await simulated?.desk?.(life, () => window.until);
  if (desk === undefined) throw new Error("no simulator of ${name}");
  const url = "https://${name}.example";
  const brand = parseBrand(
    {
      brand: "new",
      currency: life.shop.currency,
      timeZone: life.shop.timeZone,
      storefront: ${storefront},
      erp: ${erp},
    },
    "the test's brand",
  );
  return connect(brand, "${role}", {
    credentials: desk.credentials,
    now: window.until,
    log: () => undefined,
    remainingMs: () => 60_000,
    outside: {
      fetch: async (input, init) => {
        const { answer } = await desk.ask({
          method: init?.method ?? "GET",
          url: input instanceof Request ? input.url : String(input),
          headers: new Headers(init?.headers),
          body: typeof init?.body === "string" ? init.body : "",
        });
        return new Response(answer.body, answer);
      },
      wait: async () => undefined,
      random: () => 0,
      clock: () => Date.parse(window.until),
    },
  });
}

function idOf(seen: object): string {
  return String(Reflect.get(seen, "${isShop ? "refundId" : "documentId"}"));
}
`;
}

function page({ role, name, title }: NewPlatform): string {
  return `# ${title}

TO DO: say in one sentence what is read of ${title}.

## What to create

TO DO: name the account, the permissions, the secret with its keys, and \`${role}.baseUrl\`.

## What is read

TO DO: a table of the requests, and when each one is sent.

## Limits

TO DO: the limits of the platform, and the requests per 1,000 refunds (\`npm run bench -- platform-requests\`).

## What ${title} does not show

TO DO: a table of what it does not show, and what follows.

## What is proven, and what is not

TO DO: against what it was run, and what is not proven; the same in the README's table and in docs/platforms/README.md.

## Traps of the API, and the test of each

TO DO: a table of the traps, each with the name of its test in \`test/systems/${role}/${name}/\`.
`;
}
