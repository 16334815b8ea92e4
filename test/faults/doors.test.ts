import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { netsuitePlatform } from "../../faults/platforms/netsuite.ts";
import { PLATFORMS } from "../../faults/platforms.ts";
import { isJson } from "../../faults/platform.ts";
import type { Platform, Running } from "../../faults/platform.ts";
import { worldOf } from "../../faults/world.ts";
import { parseBrand } from "../../lambdas/brand.ts";
import { alertSchema } from "../../lambdas/refund/alerts/alert.ts";
import { canonicalAmount } from "../../lambdas/refund/money/money.ts";
import { pack, unpack } from "../../lambdas/ledger/store/packing.ts";
import { storedRecord } from "../../lambdas/ledger/store/record-item.ts";
import { readSourceState } from "../../lambdas/ledger/store/source-state.ts";
import type { Item } from "../../lambdas/ledger/ports.ts";
import { logLine } from "../../lambdas/log.ts";
import { ENV } from "../../lambdas/names.ts";
import { pullSettings, scheduledEvent } from "../../lambdas/settings.ts";
import { netsuiteCredentials } from "../../lambdas/systems/erp/netsuite/credentials.ts";
import { connect } from "../../lambdas/systems/connect.ts";
import { MemoryPorts } from "../fakes/memory-ports.ts";
import { brandInStep } from "../jobs/brand-in-step.ts";
import { refundInStep } from "../refund/record-in-step.ts";
import { spoilt } from "./hostile.ts";

/** With FUZZ=10000 each of the ten doors gets a thousand inputs. */
const RUNS = Math.ceil(Number(process.env["FUZZ"] ?? 400) / 10);
/** The same inputs each time, so that a failure can be played again; FUZZ_SEED draws others. */
const LIMITS = { numRuns: RUNS, seed: Number(process.env["FUZZ_SEED"] ?? 1) };
const SLOW = { timeout: 600_000 };
const SECRET = "s3cret-canary";

/** Errors that name what is wrong; anything else is a crash. */
const NAMED = new Set([
  "BrandFileError",
  "SettingsError",
  "ZodError",
  "UnreadableItem",
  "SyntaxError",
  "NotAnAmount",
  "PageError",
  "SystemUnavailable",
  "QuestionFailed",
  "TooExpensive",
  "Refused",
  "NotUnderstood",
  "NetsuiteRefused",
]);

/** @throws the error itself where it is a crash, or tells a secret */
function refusedByName(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    const isNamed = error instanceof Error && NAMED.has(error.name);
    if (!isNamed || error.message.includes(SECRET)) throw error;
  }
  if (Reflect.get({}, "polluted") !== undefined) throw new Error("a prototype was reached");
}

describe("a door that gets a spoilt input refuses it by name", () => {
  it("the brand file", SLOW, () => {
    fc.assert(
      fc.property(spoilt(brandInStep()), (file) => refusedByName(() => parseBrand(file, "x.yaml"))),
      LIMITS,
    );
  });

  it("an event", SLOW, () => {
    const event = { now: "2026-11-22T12:00:00Z", run: "1" };
    fc.assert(
      fc.property(spoilt(event), (given) => refusedByName(() => scheduledEvent(given, {}))),
      LIMITS,
    );
  });

  it("the environment", SLOW, () => {
    const env = {
      [ENV.brand]: JSON.stringify(brandInStep()),
      [ENV.source]: "erp",
      [ENV.table]: "t",
      [ENV.bucket]: "b",
      [ENV.opsTopic]: "o",
      [ENV.financeTopic]: "f",
    };
    fc.assert(
      fc.property(spoilt(env), (given) => {
        const texts = new Map<string, string>();
        for (const [name, value] of Object.entries(isJson(given) ? given : {})) {
          texts.set(name, asText(value));
        }
        refusedByName(() => pullSettings(Object.fromEntries(texts)));
      }),
      LIMITS,
    );
  });

  it("credentials, without a word of what is in them", SLOW, () => {
    const secret = {
      account: "1",
      consumerKey: SECRET,
      consumerSecret: SECRET,
      tokenId: SECRET,
      tokenSecret: SECRET,
    };
    fc.assert(
      fc.property(spoilt(secret), (given) => {
        const told = messageOf(() => netsuiteCredentials(given));
        expect(told).toMatch(/^$|^NetSuite credentials: wanted/);
        expect(told).not.toContain(SECRET);
      }),
      LIMITS,
    );
  });

  it("an item of the table", SLOW, () => {
    const sides = { refund: refundInStep("1"), documents: [], resolution: null, ambiguous: [] };
    const item = { pk: "order#1", sk: "refund:1", v: 1, status: "pending" };
    fc.assert(
      fc.property(spoilt(sides), spoilt(item), (inside, outside) => {
        const packed = pack(inside ?? null);
        refusedByName(() =>
          storedRecord({ ...(isJson(outside) ? outside : {}), sides: packed } as unknown as Item),
        );
        refusedByName(() => alertSchema.parse(unpack(packed)));
        refusedByName(() => unpack(packed.subarray(0, packed.length - 3)));
      }),
      LIMITS,
    );
  });

  it("how far a source was read", SLOW, async () => {
    const state = JSON.stringify({ watermark: "2026-11-22T12:00:00.000Z", lease: null });
    await fc.assert(
      fc.asyncProperty(spoilt({ pk: "source", sk: "erp", v: 1, state }), async (item) => {
        const { table, items } = new MemoryPorts();
        if (isJson(item)) items.set("source|erp", item as unknown as Item);
        await readSourceState(table, "erp").catch((error: unknown) =>
          refusedByName(() => {
            throw error;
          }),
        );
      }),
      LIMITS,
    );
  });
});

describe("what comes out", () => {
  it("of the log is one line, whatever goes in", SLOW, () => {
    const event = { code: "A", sentence: "b", facts: { c: "d", e: 1, f: null } };
    fc.assert(
      fc.property(spoilt(event), (given) => {
        const { sentence, facts } = isJson(given) ? given : event;
        const texts = new Map<string, string>();
        for (const [name, value] of Object.entries(isJson(facts) ? facts : {})) {
          texts.set(name, asText(value));
        }
        const line = logLine({
          level: "info",
          code: "A",
          sentence: asText(sentence),
          facts: Object.fromEntries(texts),
        });
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
        expect(typeof JSON.parse(line)).toBe("object");
        expect(line.length).toBeLessThan(120_000);
      }),
      LIMITS,
    );
  });

  it("of an amount is that amount, or nothing", SLOW, () => {
    const amounts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^-?\d{1,25}(\.\d{0,6})?$/),
      fc.double().map(String),
    );
    fc.assert(
      fc.property(amounts, fc.constantFrom("USD", "JPY", "KWD"), (text, currency) => {
        let told: string;
        try {
          told = canonicalAmount(text, currency);
        } catch (error) {
          refusedByName(() => {
            throw error;
          });
          return;
        }
        expect(scaled(told), `${text} ${currency}`).toBe(scaled(text));
      }),
      LIMITS,
    );
  });
});

describe("a source that answers with spoilt JSON", () => {
  const world = worldOf(3);
  const running = new Map<Platform, Running>();
  beforeAll(async () => {
    for (const platform of PLATFORMS) {
      const life = platform.fit?.(world.life) ?? world.life;
      running.set(platform, await platform.start(life, () => world.to));
    }
  }, 60_000);
  afterAll(async () => netsuitePlatform.stop());

  it.each([...PLATFORMS])(
    "as $name is refused by name, or each of its records is told right or set apart",
    SLOW,
    async (platform) => {
      const source = running.get(platform);
      if (source === undefined) throw new Error("not started");
      const honest = await readBy(platform, source, null);
      const wanted = new Map(honest.observations.map((seen) => [idOf(seen), seen]));
      expect(wanted.size).toBeGreaterThan(10);
      await fc.assert(
        fc.asyncProperty(fc.nat(6), fc.nat(), fc.nat(), async (nth, salt, seed) => {
          const spoiling = { nth, spoil: (json: unknown) => one(spoilt(json), salt + seed) };
          const page = await readBy(platform, source, spoiling).catch((error: unknown) => {
            refusedByName(() => {
              throw error;
            });
            return null;
          });
          for (const seen of page?.observations ?? []) {
            const amount = "settled" in seen ? seen.settled : seen.total;
            expect(amount, idOf(seen)).toMatch(/^-?\d+(\.\d+)?$/);
          }
          for (const { reason } of page?.rejected ?? []) expect(reason.length).toBeGreaterThan(5);
        }),
        LIMITS,
      );
    },
  );

  /** Reads everything; the answer of this number is spoilt. */
  async function readBy(
    platform: Platform,
    source: Running,
    spoiling: { readonly nth: number; readonly spoil: (json: unknown) => unknown } | null,
  ) {
    const brand = brandInStep({
      [platform.role]: {
        platform: platform.name,
        baseUrl: source.baseUrl,
        credentials: "a/b",
      },
    });
    let asked = 0;
    const system = await connect(brand, platform.role, {
      credentials: source.credentials(),
      log: () => undefined,
      remainingMs: () => 600_000,
      outside: {
        fetch: async (url, init) => {
          const told = await source.answer({
            url: textOfUrl(url),
            method: init?.method ?? "GET",
            headers: new Headers(init?.headers),
            body: typeof init?.body === "string" ? init.body : "",
          });
          asked += 1;
          // An answer without a body (204) has nothing that can be spoilt.
          if (told.body === "") return new Response(null, told);
          const isSpoilt = spoiling !== null && asked === spoiling.nth + 1;
          const body = isSpoilt
            ? (JSON.stringify(spoiling.spoil(JSON.parse(told.body))) ?? "")
            : told.body;
          return new Response(body, { status: told.status, headers: told.headers });
        },
        wait: async () => undefined,
        random: () => 0,
        clock: () => world.to,
      },
    });
    const until = new Date(world.to).toISOString();
    return system.since({ since: new Date(world.from).toISOString(), until }, null);
  }
});

function textOfUrl(url: unknown): string {
  return url instanceof URL ? url.href : asText(url);
}

function idOf(seen: object): string {
  return String(Reflect.get(seen, "refundId") ?? Reflect.get(seen, "documentId"));
}

/** Empty where nothing was thrown. */
function messageOf(run: () => unknown): string {
  try {
    run();
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function one(arbitrary: fc.Arbitrary<unknown>, seed: number): unknown {
  return fc.sample(arbitrary, { numRuns: 1, seed })[0];
}

/** As a whole number of millionths of a unit, without a float. */
function scaled(text: string): bigint {
  const [, sign = "", whole = "", parts = ""] = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  const value = BigInt(`${whole}${parts.padEnd(6, "0").slice(0, 6)}` || "0");
  return sign === "-" ? -value : value;
}
