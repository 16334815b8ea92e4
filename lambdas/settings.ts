import * as z from "zod";

import { parseBrand } from "./brand.ts";
import type { Brand } from "./brand.ts";
import { ENV, MOVED_CLOCK } from "./names.ts";
import type { Instant } from "./refund/time/instant.ts";

/** What a handler needs from its environment. One error names everything that is missing. */
export type Settings = {
  readonly brand: Brand;
  readonly table: string;
  readonly bucket: string;
  readonly topics: { readonly ops: string; readonly finance: string };
};

export type LambdaContext = { getRemainingTimeInMillis(): number };

export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  const names = namesSchema.parse(settingsOf(env, namesSchema));
  return {
    brand: parseBrand(JSON.parse(names[ENV.brand]), `environment variable ${ENV.brand}`),
    table: names[ENV.table],
    bucket: names[ENV.bucket],
    topics: { ops: names[ENV.opsTopic], finance: names[ENV.financeTopic] },
  };
}

export function pullSettings(
  env: NodeJS.ProcessEnv,
): Settings & { readonly source: "storefront" | "erp" } {
  const { SOURCE } = sourceSchema.parse(settingsOf(env, sourceSchema));
  return { ...settingsFrom(env), source: SOURCE };
}

/**
 * The event contains the time and the name of the run, so that a retry has the same `now`.
 *
 * An event more than an hour in the future is refused. Otherwise a source would be stored as read
 * through next year, and no pull would read it until then. A local cloud moves the clock on
 * purpose, so there is no such check there.
 */
export function scheduledEvent(
  event: unknown,
  env: NodeJS.ProcessEnv,
  clock: () => number = Date.now,
): { readonly now: Instant; readonly run: string } {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    throw new SettingsError(
      `the event must be { now: an ISO instant, run: text }: ${z.prettifyError(parsed.error)}`,
    );
  }
  const now = new Date(parsed.data.now).toISOString();
  const latest = new Date(clock() + AHEAD_MS).toISOString();
  if (env[ENV.clock] !== MOVED_CLOCK && now > latest) {
    throw new SettingsError(`the event's now must be at most ${latest}, an hour ahead, got ${now}`);
  }
  return { now, run: parsed.data.run };
}

/** The clock of this machine; where the clock is moved on purpose, always the event's time. */
export function clockFrom(
  now: Instant,
  env: NodeJS.ProcessEnv,
  clock: () => number,
): () => Instant {
  if (env[ENV.clock] === MOVED_CLOCK) return () => now;
  return () => new Date(clock()).toISOString();
}

const AHEAD_MS = 3_600_000;

class SettingsError extends Error {
  override readonly name = "SettingsError";
}

function settingsOf(env: NodeJS.ProcessEnv, schema: z.ZodObject): NodeJS.ProcessEnv {
  const parsed = schema.safeParse(env);
  if (parsed.success) return env;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new SettingsError(`the environment is not complete: ${problems.join("; ")}`);
}

const present = z.string({ error: "is not set" }).min(1, "is empty");

const namesSchema = z.object({
  [ENV.brand]: present,
  [ENV.table]: present,
  [ENV.bucket]: present,
  [ENV.opsTopic]: present,
  [ENV.financeTopic]: present,
});

const sourceSchema = z.object({
  [ENV.source]: z.enum(["storefront", "erp"], { error: "must be storefront or erp" }),
});

const eventSchema = z.object({
  now: z.iso.datetime({ offset: true }),
  run: z.string().min(1),
});
