import type { Notifier, Stores } from "./ledger/ports.ts";
import type { Log } from "./log.ts";
import type { Count } from "./metrics.ts";
import type { Outside } from "./systems/connect.ts";

/**
 * Where a handler runs: what it takes from there, and nothing else. On AWS this is `aws/host.ts`; a
 * simulation hands in its own.
 */
export type Host = {
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since the epoch: only to tell an event that is ahead of its time. */
  readonly clock: () => number;
  readonly stores: (names: { readonly table: string; readonly bucket: string }) => {
    readonly stores: Stores;
    readonly meter: { readonly writeUnits: number; readonly readUnits: number };
  };
  readonly log: Log;
  readonly count: Count;
};

/** For a job that asks other people's systems. */
export type PullHost = Host & {
  /** @throws when there is no such secret, or it is not JSON */
  readonly secret: (name: string) => Promise<unknown>;
  /** How other people's systems are reached, where that is not over this machine's network. */
  readonly outside?: Outside;
};

/** For a job that tells people. */
export type NotifyingHost = Host & {
  readonly notifier: (topics: { readonly ops: string; readonly finance: string }) => Notifier;
};
