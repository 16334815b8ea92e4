import type { Brand } from "../../lambdas/brand.ts";
import type { LogEvent } from "../../lambdas/log.ts";
import { connect } from "../../lambdas/systems/connect.ts";
import { PLATFORM_NAMES } from "../../lambdas/reports/platform-names.ts";
import { readBrandFile } from "../../lib/brand-file.ts";
import { clock, readJsonFile, readOptions, required } from "../options.ts";
import { say } from "../say.ts";
import { paragraph } from "../screen.ts";

/** Checks whether a brand can be watched: its file, its secrets, and one read of each system. */
export async function doctor(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, ["config", "credentials", "now"]);
  const config = required(values.config, "config");
  const brand = readBrandFile(config);
  const secrets = readJsonFile(required(values.credentials, "credentials"));
  const now = clock(values.now);
  report("ok", `${config}: brand ${brand.brand}, ${brand.currency}, ${brand.timeZone}.`);
  const storefront = await examined(brand, "storefront", secrets, now);
  const erp = await examined(brand, "erp", secrets, now);
  const isWell = storefront && erp;
  say(isWell ? "Both systems can be read." : "There are problems: see the lines above.");
  return isWell ? 0 : 1;
}

async function examined(
  brand: Brand,
  source: "storefront" | "erp",
  secrets: Readonly<Record<string, unknown>>,
  now: string,
): Promise<boolean> {
  const { platform, credentials: secret, baseUrl } = brand[source];
  const name = PLATFORM_NAMES[platform];
  const credentials = secrets[secret];
  if (credentials === undefined) {
    report("FAIL", `${name}: the credentials file has no ${secret}, which the brand file names.`);
    return false;
  }
  const noticed: LogEvent[] = [];
  const until = Date.now() + PATIENCE_MS;
  try {
    const system = await connect(brand, source, {
      credentials,
      log: (event) => noticed.push(event),
      remainingMs: () => until - Date.now(),
    });
    const since = new Date(Date.parse(now) - WINDOW_MS).toISOString();
    const page = await system.since({ since, until: now }, null);
    const { observations, rejected, skipped, next } = page;
    const left = Object.entries(skipped).map(([why, count]) => `, ${count} left out (${why})`);
    const more = next === null ? "" : ", and more pages follow";
    const read = `${observations.length} read, ${rejected.length} not readable${left.join("")}${more}`;
    report("ok", `${name} at ${baseUrl}: signed in; changes of the last day: ${read}.`);
    for (const { reason } of rejected.slice(0, MOST_REASONS)) report("note", `${name}: ${reason}.`);
    return true;
  } catch (error) {
    report(
      "FAIL",
      `${name} at ${baseUrl}: ${error instanceof Error ? error.message : String(error)}`,
    );
    return false;
  } finally {
    for (const sentence of new Set(noticed.filter(isWarning).map((one) => one.sentence))) {
      report("note", `${name}: ${sentence}.`);
    }
  }
}

function isWarning({ level }: LogEvent): boolean {
  return level !== "info";
}

function report(mark: "ok" | "note" | "FAIL", sentence: string): void {
  const [first = "", ...rest] = paragraph(sentence, MARGIN);
  say([mark.padEnd(MARGIN) + first.trimStart(), ...rest].join("\n"));
}

const WINDOW_MS = 24 * 3_600_000;
const PATIENCE_MS = 60_000;
const MARGIN = 5;
const MOST_REASONS = 5;
