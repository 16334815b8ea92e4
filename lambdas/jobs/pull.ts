import { awsStores } from "../aws/stores.ts";
import { readSourceToPull } from "../ledger/intake/source-state.ts";
import type { SourceState } from "../ledger/intake/source-state.ts";
import { WindowReader } from "../ledger/intake/window-reader.ts";
import type { Reading } from "../ledger/intake/page-intake.ts";
import { log as stdout } from "../log.ts";
import { countMetric, logMeter } from "../metrics.ts";
import { pullSettings, scheduledEvent } from "../settings.ts";
import type { LambdaContext } from "../settings.ts";
import { connect } from "../systems/connect.ts";

/** Called by AWS: once a schedule, for the one source that this function is configured for. */
export async function handler(event: unknown, context: LambdaContext): Promise<PullReport> {
  const { brand, source, ...names } = pullSettings(process.env);
  const { now, run } = scheduledEvent(event, process.env);
  const { stores: ports, meter } = awsStores(names);
  const remainingMs = (): number => context.getRemainingTimeInMillis() - STOP_BEFORE_MS;
  const { readSecret } = await import("../aws/secrets.ts");
  const credentials = await readSecret(brand[source].credentials);
  const system = await connect(brand, source, { credentials, log: stdout, remainingMs });
  try {
    const report = await pull({ ports, system, brand, source, now, run, remainingMs, log: stdout });
    if (report.complete) countMetric("pullCompleted", 1, source);
    if (report.inQuarantine !== null) countMetric("quarantined", report.inQuarantine, source);
    if (report.foundLate > 0) countMetric("foundLate", report.foundLate, source);
    return report;
  } finally {
    logMeter(meter, source);
  }
}

export type PullReport = {
  /** False when pages are left for the next run, a window is doubted, or this run was refused. */
  readonly complete: boolean;
  /** Why this run read nothing; null when it did. */
  readonly refused: string | null;
  /** Why what the source showed cannot be believed; null when it can. */
  readonly trouble: string | null;
  readonly fetched: number;
  readonly changed: number;
  /** Set apart in this run. */
  readonly quarantined: number;
  /** All that lies in quarantine after it; null when this run was refused. */
  readonly inQuarantine: number | null;
  /** Records that only the daily look back found. */
  readonly foundLate: number;
};

/**
 * Takes in what one source changed since it was last read.
 *
 * A run that is killed, fenced out or short of time leaves everything for the next one.
 */
export async function pull(reading: Reading): Promise<PullReport> {
  const { source, now, ports } = reading;
  const stored = await readSourceToPull(ports.table, source);
  const refusal = whyNot(reading, stored);
  if (refusal !== null) {
    reading.log({ level: "warn", ...refusal, facts: { source, now } });
    return { ...NOTHING, refused: refusal.sentence };
  }
  const reader = new WindowReader(reading, await metAgain(reading, stored));
  await reader.read();

  const { counts, stopped, state } = reader;
  const { trouble, quarantined: inQuarantine } = state;
  const isBehind = state.underway !== null || state.backlog !== null;
  const complete = !stopped && trouble === null && !isBehind;
  return { complete, refused: null, trouble, inQuarantine, ...counts };
}

/**
 * Whether it is the same shop or account as ever, asked before anything of it is written, and once a
 * day which permissions it grants.
 */
async function metAgain(reading: Reading, state: SourceState): Promise<SourceState> {
  const { system, source, now, log } = reading;
  if (system.meet === undefined) return state;
  const today = now.slice(0, 10);
  const isFirst = state.version === 0;
  const whole = state.metOn !== today;
  const met = await system.meet(isFirst ? null : state, whole);
  if (state.identity !== null && met.identity !== null && met.identity !== state.identity) {
    throw new AnotherSource(source, state.identity, met.identity);
  }
  for (const permission of whole ? met.missing : []) {
    const sentence = `The ${source} does not grant ${permission}: what it guards stays unseen.`;
    log({ level: "warn", code: "PERMISSION_MISSING", sentence, facts: { source, permission } });
  }
  return {
    ...state,
    identity: state.identity ?? met.identity,
    missing: met.missing,
    metOn: today,
  };
}

class AnotherSource extends Error {
  override readonly name = "AnotherSource";
  constructor(source: string, wanted: string, came: string) {
    super(
      `the ${source} says that it is ${came}, and ${wanted} was read until now: nothing is taken in. ` +
        "Correct baseUrl or the credentials in the brand file; a new shop or account is a new brand.",
    );
  }
}

function whyNot(
  { now, run }: Reading,
  { readThrough, lease }: SourceState,
): { code: string; sentence: string } | null {
  if (readThrough !== null && now < readThrough) {
    const sentence = `The clock is behind: this source was already read through ${readThrough}. Nothing is pulled until then: give a later time.`;
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
  trouble: null,
  fetched: 0,
  changed: 0,
  quarantined: 0,
  inQuarantine: null,
  foundLate: 0,
};

/** Time to save and leave before Lambda would end the run. */
const STOP_BEFORE_MS = 45_000;
