import { awsHost } from "../aws/host.ts";
import type { PullHost } from "../host.ts";
import { NOTHING_FETCHED } from "../ledger/intake/page-counts.ts";
import type { Accounts } from "../ledger/intake/page-counts.ts";
import { readPaymentsOfDay } from "../ledger/intake/payments-of-day.ts";
import { withUnsureLog } from "../ledger/intake/unsure-log.ts";
import { readSourceToPull } from "../ledger/store/source-state.ts";
import type { SourceState } from "../ledger/store/source-state.ts";
import { newWindow } from "../ledger/intake/window-progress.ts";
import { WindowReader } from "../ledger/intake/window-reader.ts";
import type { Reading } from "../ledger/intake/page-intake.ts";
import { logMeter } from "../metrics.ts";
import { ENV, MOVED_CLOCK } from "../names.ts";
import { pullSettings, scheduledEvent } from "../settings.ts";
import type { LambdaContext } from "../settings.ts";
import { connect } from "../systems/connect.ts";

/** AWS calls it on a schedule, for the one source that this function is configured for. */
export const handler = pullHandler({
  ...awsHost,
  secret: async (name) => (await import("../aws/secrets.ts")).readSecret(name),
});

export function pullHandler({ env, log, count, outside, ...host }: PullHost) {
  return async (event: unknown, context: LambdaContext): Promise<PullReport> => {
    const { brand, source, ...names } = pullSettings(env);
    const { now, run } = scheduledEvent(event, env, host.clock);
    const { stores: ports, meter } = host.stores(names);
    const remainingMs = (): number => context.getRemainingTimeInMillis() - STOP_BEFORE_MS;
    const credentials = await host.secret(brand[source].credentials);
    const connected = await connect(brand, source, {
      credentials,
      now,
      log,
      remainingMs,
      outside,
    });
    // A clock that is moved on purpose cannot be compared with the clock of a real server.
    const { firstAnswerAt: _real, ...simulated } = connected;
    const system = env[ENV.clock] === MOVED_CLOCK ? simulated : connected;
    try {
      const report = await pull({ ports, system, brand, source, now, run, remainingMs, log });
      if (report.complete) count("pullCompleted", 1, source);
      if (report.inQuarantine !== null) count("quarantined", report.inQuarantine, source);
      if (report.drifted > 0) count("schemaDrift", report.drifted, source);
      if (report.foundLate > 0) count("foundLate", report.foundLate, source);
      return report;
    } finally {
      logMeter(log, meter, source);
    }
  };
}

export type PullReport = Readonly<Accounts> & {
  /** False when pages remain for the next run, a window is not believed, or the run was refused. */
  readonly complete: boolean;
  /** Whether a window has more pages, for the next run. */
  readonly isBehind: boolean;
  /** Why this run was refused and read nothing; null when it was not refused. */
  readonly refused: string | null;
  /** Why the source's answer cannot be believed; null when it can. */
  readonly trouble: string | null;
  /** How many sync records changed. */
  readonly changed: number;
  /** Records that this run put into quarantine. */
  readonly quarantined: number;
  /** Number of records in quarantine after this run; null when this run was refused. */
  readonly inQuarantine: number | null;
  /** Records that only the daily look back found. */
  readonly foundLate: number;
  /** Records of pages of which half or more cannot be read, all because of one field. */
  readonly drifted: number;
};

/**
 * Stores the records that changed in one source since it was last read.
 *
 * When a run is killed, is fenced out or has no more time, the next run does the rest.
 */
export async function pull(reading: Reading): Promise<PullReport> {
  const { source, now, ports } = reading;
  const stored = await readSourceToPull(ports.table, source);
  const refusal = refusalReason(reading, stored);
  if (refusal !== null) {
    reading.log({ level: "warn", ...refusal, facts: { source, now } });
    return { ...NOTHING, refused: refusal.sentence };
  }
  const state = await withUnsureLog(reading, await checkIdentity(reading, stored));
  if (state.unsureLog !== null && state.unsureLog.until === now) {
    const sentence =
      "The log has later runs than the table: a run died, or the table was restored. The daily look back reads their records again.";
    reading.log({ level: "warn", code: "LOG_AHEAD", sentence, facts: { source, now } });
  }
  const reader = new WindowReader(reading, withScope(reading, state));
  await reader.read();

  const { counts, stopped } = reader;
  const { trouble, quarantined: inQuarantine, underway, backlog } = reader.state;
  const isBehind = underway !== null || backlog !== null;
  const complete = !stopped && trouble === null && !isBehind;
  if (complete && source === "storefront") await readPaymentsOfDay(reading, reader.state);
  return { complete, isBehind, refused: null, trouble, inQuarantine, ...counts };
}

/**
 * Checks that it is the same shop or account as before, before anything of it is written. Once a
 * day it also checks which permissions the source grants.
 */
async function checkIdentity(reading: Reading, state: SourceState): Promise<SourceState> {
  const { system, source, now, log } = reading;
  if (system.identify === undefined) return state;
  const today = now.slice(0, 10);
  const isFirst = state.version === 0;
  const asksPermissions = state.metOn !== today;
  const answer = await system.identify(isFirst ? null : state, asksPermissions);
  if (state.identity !== null && answer.identity !== null && answer.identity !== state.identity) {
    throw new AnotherSource(source, state.identity, answer.identity);
  }
  for (const permission of asksPermissions ? answer.missing : []) {
    const sentence = `The ${source} does not grant ${permission}: the data behind it cannot be read.`;
    log({ level: "warn", code: "PERMISSION_MISSING", sentence, facts: { source, permission } });
  }
  return {
    ...state,
    identity: state.identity ?? answer.identity,
    missing: answer.missing,
    companyCount: answer.companyCount ?? state.companyCount,
    metOn: today,
  };
}

/**
 * The query reads only the companies of the brand file. When a company is added to them, everything
 * since the first pull is read again, because its documents were left out until now.
 */
function withScope({ source, brand, now, log }: Reading, state: SourceState): SourceState {
  if (source !== "erp") return state;
  const { companies } = brand.erp.scope;
  const before = state.companiesRead;
  if (JSON.stringify(before) === JSON.stringify(companies)) return state;
  // The query may no longer show the records that the source had to show until now.
  const current = { ...state, companiesRead: companies, newest: null, shown: [] };
  const { watchedSince, readThrough } = state;
  if (before === null || before.length === 0 || watchedSince === null) return current;
  const isWider = companies.length === 0 || companies.some((one) => !before.includes(one));
  if (!isWider) return current;
  const sentence =
    "erp.scope.companies has changed: all documents since the first pull are read again.";
  log({ level: "warn", code: "SCOPE_CHANGED", sentence, facts: { source, since: watchedSince } });
  return { ...current, backlog: newWindow(watchedSince, readThrough ?? now, now) };
}

class AnotherSource extends Error {
  override readonly name = "AnotherSource";
  constructor(source: string, expected: string, actual: string) {
    super(
      `the ${source} is now ${actual}, but ${expected} was read until now: nothing is stored. ` +
        "Correct baseUrl or the credentials in the brand file; a new shop or account is a new brand.",
    );
  }
}

function refusalReason(
  { now, run }: Reading,
  { readThrough, lease }: SourceState,
): { code: string; sentence: string } | null {
  if (readThrough !== null && now < readThrough) {
    const sentence = `The clock is behind: this source was already read through ${readThrough}. No pull runs for an earlier time: use a later time.`;
    return { code: "CLOCK_BEHIND", sentence };
  }
  if (lease !== null && lease.holder !== run && lease.until > now) {
    const sentence = `Another pull of this source holds the lease until ${lease.until}. This one stops.`;
    return { code: "LEASE_HELD", sentence };
  }
  return null;
}

const NOTHING = {
  complete: false,
  isBehind: false,
  trouble: null,
  ...NOTHING_FETCHED,
  changed: 0,
  quarantined: 0,
  inQuarantine: null,
  foundLate: 0,
  drifted: 0,
};

/** Time kept to save the state before Lambda ends the run. */
const STOP_BEFORE_MS = 45_000;
