import type { Brand } from "../../lambdas/brand.ts";
import { policyOf } from "../../lambdas/ledger/policy.ts";
import type { LogEvent } from "../../lambdas/log.ts";
import { PLATFORM_NAMES } from "../../lambdas/platforms.ts";
import { counted, spokenDuration } from "../../lambdas/reports/figures.ts";
import type {
  ErpDocument,
  Observation,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import { LEFT_OUT_WORDS, wordFor } from "../../lambdas/reports/words.ts";
import { connect } from "../../lambdas/systems/connect.ts";
import type { Examined, SourcePage, System } from "../../lambdas/systems/source.ts";
import { readBrandFile } from "../../lib/brand-file.ts";
import { clock, readJsonFile, readOptions, required } from "../options.ts";
import { proposeSettings } from "../proposed-settings.ts";
import { report } from "../report-line.ts";
import { reportOwners } from "../report-owners.ts";
import { reportRefunds } from "../report-refunds.ts";
import { say } from "../say.ts";
import { UsageError } from "../usage-error.ts";

/**
 * Checks whether a brand can be watched: its file, its secrets, what each system grants, and what
 * both showed in the last days. It prints whose documents these seem to be, and the lines that the
 * brand file needs.
 */
export async function doctor(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, ["config", "credentials", "now", "days"]);
  const config = required(values.config, "config");
  const brand = readBrandFile(config);
  const secrets = readJsonFile(required(values.credentials, "credentials"));
  const now = clock(values.now);
  const since = new Date(Date.parse(now) - daysIn(values.days) * DAY_MS).toISOString();
  report("ok", `${config}: brand ${brand.brand}, ${brand.currency}, ${brand.timeZone}.`);
  const by = { brand, secrets, since, now };
  const storefront = await examined("storefront", by);
  const erp = await examined("erp", by);
  const isWell = storefront !== null && erp !== null && (await reportSettings(storefront, erp, by));
  say(isWell ? closingWords(storefront, erp) : "There are problems: see the lines above.");
  return isWell ? 0 : 1;
}

/** A system that shows nothing may be new, or may hide everything from this user. */
function closingWords(...seen: readonly Seen[]): string {
  const empty = seen.flatMap(({ name, observations }) => (observations.length === 0 ? [name] : []));
  if (empty.length === 0) return "Both systems can be read.";
  return `Both systems answer, but ${empty.join(" and ")} showed no record of these days: if there are some, the user may not see them.`;
}

type Asked = {
  readonly brand: Brand;
  readonly secrets: Readonly<Record<string, unknown>>;
  readonly since: string;
  readonly now: string;
};
type Source = "storefront" | "erp";
type Seen = {
  readonly name: string;
  readonly system: System;
  readonly observations: readonly Observation[];
  readonly companyCount: number | null;
};

async function examined(
  source: Source,
  { brand, secrets, since, now }: Asked,
): Promise<Seen | null> {
  const { platform, credentials: secret, baseUrl } = brand[source];
  const name = PLATFORM_NAMES[platform];
  const credentials = secrets[secret];
  if (credentials === undefined) {
    report("FAIL", `${name}: the credentials file has no ${secret}, which the brand file names.`);
    return null;
  }
  const noticed: LogEvent[] = [];
  let isWell = true;
  const until = Date.now() + PATIENCE_MS;
  try {
    const system = await connect(withoutCompanies(brand), source, {
      credentials,
      log: (event) => noticed.push(event),
      remainingMs: () => until - Date.now(),
    });
    const identity = (await system.identify?.(null, true)) ?? null;
    const who =
      identity?.identity === null || identity === null ? "" : `; it is ${identity.identity}`;
    report("ok", `${name} at ${baseUrl}: signed in${who}.`);
    for (const permission of identity?.missing ?? []) {
      report("note", `${name} does not grant ${permission}: what it would show stays unknown.`);
    }
    const observations = await readPages(system, name, { since, until: now });
    if (source === "storefront") reportRefunds(name, observations, brand);
    const facts = (await system.examine?.()) ?? null;
    if (facts !== null) reportFacts(name, facts, brand);
    if (facts !== null && source === "erp") isWell = companiesExist(name, facts, brand);
    await reportPayments(name, system, now);
    reportClock(name, system);
    const companyCount = facts?.companies?.length ?? null;
    return isWell ? { name, system, observations, companyCount } : null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    report("FAIL", `${name} at ${baseUrl}: ${why}`);
    return null;
  } finally {
    for (const sentence of new Set(noticed.filter(isWarning).map((one) => one.sentence))) {
      report("note", `${name}: ${sentence}.`);
    }
  }
}

/** Reads the window page by page, at most {@link MOST_PAGES}, and reports what came. */
async function readPages(
  system: System,
  name: string,
  window: { readonly since: string; readonly until: string },
): Promise<readonly Observation[]> {
  const observations: Observation[] = [];
  const rejected: SourcePage<Observation>["rejected"][number][] = [];
  const skipped = new Map<string, number>();
  let cursor: string | null = null;
  for (let pages = 0; pages === 0 || (cursor !== null && pages < MOST_PAGES); pages += 1) {
    const page: SourcePage<Observation> = await system.since(window, cursor);
    observations.push(...page.observations);
    rejected.push(...page.rejected);
    for (const [why, count] of Object.entries(page.skipped)) {
      skipped.set(why, (skipped.get(why) ?? 0) + count);
    }
    cursor = page.next;
  }
  const left = [...skipped].map(
    ([why, count]) => `, left out on purpose: ${wordFor(LEFT_OUT_WORDS, why)} ${count}`,
  );
  const more = cursor === null ? "" : ", and more pages follow";
  const read = `${observations.length} read, ${rejected.length} not readable${left.join("")}${more}`;
  report("ok", `${name}, changes since ${window.since}: ${read}.`);
  for (const { reason } of rejected.slice(0, MOST_REASONS)) report("note", `${name}: ${reason}.`);
  return observations;
}

/** All companies are read here, so that a wrong scope shows. */
function withoutCompanies(brand: Brand): Brand {
  return { ...brand, erp: { ...brand.erp, scope: { ...brand.erp.scope, companies: [] } } };
}

/** False when the brand file names a company that the role does not read. */
function companiesExist(name: string, { companies }: Examined, { erp }: Brand): boolean {
  const known = new Set(companies?.map(({ id }) => id));
  const unknown = erp.scope.companies.filter((id) => !known.has(id));
  if (unknown.length === 0) return true;
  const these = unknown.join(", ");
  const instead =
    known.size === 0
      ? "this account has no companies, or the role does not read them: remove erp.scope.companies, or give the role access"
      : `the role reads ${[...known].join(", ")}: correct the id, or give the role access`;
  report("FAIL", `${name}: erp.scope.companies names ${these}, but ${instead}.`);
  return false;
}

function reportFacts(name: string, facts: Examined, brand: Brand): void {
  const { scopes, companies, currency, timeZone, budget } = facts;
  if (scopes !== null) report("ok", `${name} grants ${scopes.join(", ") || "no scope"}.`);
  if (companies !== null && companies.length > 0) {
    const names = companies.map(({ id, name: called }) =>
      called === null ? id : `${id} (${called})`,
    );
    const many = counted(companies.length, "company", "companies");
    report("ok", `${name}: the role reads ${many}: ${names.join(", ")}.`);
  }
  if (currency !== null && currency !== brand.currency) {
    report(
      "note",
      `${name} has ${currency}, the brand file ${brand.currency}: totals are in ${brand.currency}.`,
    );
  }
  if (timeZone !== null && timeZone !== brand.timeZone) {
    report(
      "note",
      `${name} is in ${timeZone}, the brand file in ${brand.timeZone}: a day begins at another time.`,
    );
  }
  if (budget !== null) {
    const limit = `${budget.left} of ${budget.of} ${budget.unit}`;
    report("ok", `${name}: ${limit} of its limit for queries are free.`);
  }
}

/** The list of payments is a second look at what went back to buyers. */
async function reportPayments(name: string, system: System, now: string): Promise<void> {
  if (system.paymentsBack === undefined) return;
  const since = new Date(Date.parse(now) - DAY_MS).toISOString();
  const list = await system.paymentsBack({ since, until: now });
  if (list === null) {
    report(
      "note",
      `${name} does not show its own list of payments: refunds are not compared with it.`,
    );
    return;
  }
  const count = list.payments.length;
  report("ok", `${name} shows its own list of payments: ${count} back to buyers in the last day.`);
}

function reportClock(name: string, { firstAnswerAt }: System): void {
  const at = firstAnswerAt?.() ?? null;
  if (at === null) return;
  const ms = Date.parse(at) - Date.now();
  if (Math.abs(ms) < NOTABLE_MS) return;
  const way = ms > 0 ? "ahead of" : "behind";
  report("note", `${name}: its clock is ${spokenDuration(Math.abs(ms))} ${way} this machine's.`);
}

/** False when the brand file's scope leaves out every document. */
async function reportSettings(
  storefront: Seen,
  erp: Seen,
  { brand, now }: Asked,
): Promise<boolean> {
  const refunds = storefront.observations.filter(
    (one): one is StorefrontRefund => one.role === "storefront",
  );
  const documents = erp.observations.filter((one): one is ErpDocument => one.role === "erp");
  if (documents.length === 0) {
    report("note", "The ERP showed no document, so nothing shows whose documents it has.");
    return true;
  }
  const ids = documents.map(({ documentId }) => documentId);
  const own = await erp.system.ownFields?.(ids);
  if (own === null) {
    report(
      "note",
      "The ERP does not show all fields of a document: none is proposed for erp.referenceFields or erp.paymentFields.",
    );
  }
  const fields = own ?? new Map();
  const proposal = proposeSettings(
    { refunds, documents, fields },
    { brand, policy: { ...policyOf(brand), companyCount: erp.companyCount }, now },
  );
  report(
    "note",
    "Whose documents these are. A document agrees when it carries the id of a refund, or the order and exactly the amount of a refund:",
  );
  reportOwners(proposal, brand);
  const isSeen = scopeIsSeen(proposal.learned.company, brand);
  const { lines } = proposal;
  if (lines.length > 0) {
    say(["Proposed for the brand file (merge it into what is there):", ...lines].join("\n  "));
  } else if (isSeen && proposal.learned.company.every(({ ownership }) => ownership !== "unclear")) {
    report("ok", "For whose documents these are, the brand file needs no other line.");
  }
  return isSeen;
}

function scopeIsSeen(seen: readonly { readonly value: string }[], { erp }: Brand): boolean {
  const { companies } = erp.scope;
  const shown = seen.map(({ value }) => value);
  const unseen = companies.filter((id) => !shown.includes(id));
  if (unseen.length === 0) return true;
  const isNone = unseen.length === companies.length;
  report(
    isNone ? "FAIL" : "note",
    `erp.scope.companies names ${unseen.join(", ")}, but no document of these days has it; the ERP showed ${shown.join(", ") || "none with a company"}.`,
  );
  return !isNone;
}

function daysIn(text: string | undefined): number {
  if (text === undefined) return DAYS;
  if (/^\d{1,2}$/.test(text) && Number(text) > 0) return Number(text);
  throw new UsageError(`--days must be a whole number from 1 to 99, got ${JSON.stringify(text)}`);
}

function isWarning({ level }: LogEvent): boolean {
  return level !== "info";
}

const DAYS = 7;
const DAY_MS = 86_400_000;
const PATIENCE_MS = 120_000;
const NOTABLE_MS = 5_000;
const MOST_REASONS = 5;
const MOST_PAGES = 20;
