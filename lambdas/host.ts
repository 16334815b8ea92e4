import type { Notifier, Stores } from "./ledger/ports.ts";
import type { Log } from "./log.ts";
import type { Count } from "./metrics.ts";
import type { Outside } from "./systems/connect.ts";

/**
 * Everything that a handler needs from the place where it runs. On AWS this is `aws/host.ts`; a
 * simulation passes its own object.
 */
export type Host = {
  readonly env: NodeJS.ProcessEnv;
  /**
   * Milliseconds since the epoch. The jobs take `now` from the event; this clock is used to refuse
   * an event from the future and to time the claims of messages.
   */
  readonly clock: () => number;
  readonly stores: (names: { readonly table: string; readonly bucket: string }) => {
    readonly stores: Stores;
    readonly meter: { readonly writeUnits: number; readonly readUnits: number };
  };
  readonly log: Log;
  readonly count: Count;
};

/** For a job that reads the storefront or the ERP. */
export type PullHost = Host & {
  /** @throws when there is no such secret, or it is not JSON */
  readonly secret: (name: string) => Promise<unknown>;
  /** Network and clock for calls to those systems, where they are not those of this machine. */
  readonly outside?: Outside;
};

/** For a job that sends messages to people. */
export type NotifyingHost = Host & {
  readonly notifier: (topics: { readonly ops: string; readonly finance: string }) => Notifier;
};
