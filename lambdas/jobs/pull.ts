import { awsStores } from "../aws/stores.ts";
import { readSourceState } from "../ledger/source-state.ts";
import type { SourceState } from "../ledger/source-state.ts";
import { WindowReader } from "../ledger/window-reader.ts";
import type { Reading } from "../ledger/window-reader.ts";
import { log } from "../log.ts";
import { countMetric, logMeter } from "../metrics.ts";
import { pullSettings, scheduledEvent } from "../settings.ts";
import type { LambdaContext } from "../settings.ts";
import { connect } from "../systems/connect.ts";

/** Called by AWS: once a schedule, for the one source that this function is configured for. */
export async function handler(event: unknown, context: LambdaContext): Promise<PullReport> {
  const { brand, source, ...names } = pullSettings(process.env);
  const { now, run } = scheduledEvent(event);
  const { stores: ports, meter } = awsStores(names);
  const remainingMs = (): number => context.getRemainingTimeInMillis() - STOP_BEFORE_MS;
  const { readSecret } = await import("../aws/secrets.ts");
  const credentials = await readSecret(brand[source].credentials);
  const system = await connect(brand, source, { credentials, log, remainingMs });
  try {
    const report = await pull({ ports, system, brand, source, now, run, remainingMs, log });
    if (report.complete) countMetric("pullCompleted", 1, source);
    if (report.quarantined > 0) countMetric("quarantined", report.quarantined, source);
    return report;
  } finally {
    logMeter(meter, source);
  }
}

export type PullReport = {
  /** False when pages are left for the next run, or this run was refused. */
  readonly complete: boolean;
  readonly fetched: number;
  readonly changed: number;
  readonly quarantined: number;
};

/**
 * Takes in what one source changed since it was last read.
 *
 * A run that is killed, fenced out or short of time leaves everything for the next one.
 */
export async function pull(reading: Reading): Promise<PullReport> {
  const { source, now, ports } = reading;
  const state = await readSourceState(ports.table, source);
  const refusal = whyNot(reading, state);
  if (refusal !== null) {
    reading.log({ level: "warn", ...refusal, facts: { source, now } });
    return { complete: false, fetched: 0, changed: 0, quarantined: 0 };
  }
  const reader = new WindowReader(reading, state);
  await reader.rereadUnsettled();
  if (state.underway !== null) await reader.read(state.underway);
  const isRead = state.underway?.until === now;
  if (!reader.stopped && !isRead) await reader.read(reader.nextWindow());

  const { counts, stopped } = reader;
  return { complete: !stopped, ...counts };
}

function whyNot(
  { now, run }: Reading,
  { completeThrough, underway }: SourceState,
): { code: string; sentence: string } | null {
  if (completeThrough !== null && now < completeThrough) {
    const sentence = `The clock is behind: this source was already read through ${completeThrough}. Nothing is pulled.`;
    return { code: "CLOCK_BEHIND", sentence };
  }
  if (underway !== null && underway.holder !== run && underway.leaseUntil > now) {
    const sentence = `Another pull of this source holds the lease until ${underway.leaseUntil}. This one stops.`;
    return { code: "LEASE_HELD", sentence };
  }
  return null;
}

/** Time to save and leave before Lambda would end the run. */
const STOP_BEFORE_MS = 45_000;
