import { digest } from "../../lambdas/jobs/digest.ts";
import type { DigestReport } from "../../lambdas/jobs/digest.ts";
import { pull } from "../../lambdas/jobs/pull.ts";
import type { PullReport } from "../../lambdas/jobs/pull.ts";
import { watch } from "../../lambdas/jobs/watch.ts";
import type { WatchReport } from "../../lambdas/jobs/watch.ts";
import { findRecords } from "../../lambdas/ledger/find-records.ts";
import { readPolicy } from "../../lambdas/ledger/policy.ts";
import { horizon, readSourceState } from "../../lambdas/ledger/store/source-state.ts";
import type { LogEvent } from "../../lambdas/log.ts";
import type {
  ErpDocument,
  Observation,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";
import type { DeletedRecord, RejectedRecord, System } from "../../lambdas/systems/source.ts";
import { MemoryPorts } from "../fakes/memory-ports.ts";
import { scriptedSystem } from "../fakes/scripted-system.ts";
import { brandInStep } from "./brand-in-step.ts";

type Source = "storefront" | "erp";

/** Two sources whose records can be changed between runs of the real jobs. */
export class LivingWorld {
  readonly ports = new MemoryPorts();
  readonly refunds = new Map<string, StorefrontRefund>();
  readonly documents = new Map<string, ErpDocument>();
  readonly rejected: Record<Source, RejectedRecord[]> = { storefront: [], erp: [] };
  readonly said: LogEvent[] = [];
  deleted: DeletedRecord[] = [];
  brand = brandInStep();
  /** What the sources answer, where it is not just their records. */
  readonly answers: Record<Source, (system: System) => System> = {
    storefront: (system) => system,
    erp: (system) => system,
  };

  show(...seen: readonly Observation[]): void {
    for (const one of seen) {
      if (one.role === "erp") this.documents.set(one.documentId, one);
      else this.refunds.set(one.refundId, one);
    }
  }

  async pull(
    source: Source,
    now: string,
    remainingMs = (): number => 600_000,
  ): Promise<PullReport> {
    return pull({
      ...this.#job(now),
      remainingMs,
      source,
      run: `${source} ${now}`,
      system: this.system(source),
    });
  }

  async watch(now: string, remainingMs = (): number => 600_000): Promise<WatchReport> {
    return watch({ ...this.#job(now), remainingMs });
  }

  async digest(now: string): Promise<DigestReport> {
    return digest({ ...this.#job(now), bucket: "evidence" });
  }

  /** Both pulls and the watch. */
  async tick(now: string): Promise<void> {
    await this.pull("storefront", now);
    await this.pull("erp", now);
    await this.watch(now);
  }

  /** The one record of a refund or document, as a person would be told of it. */
  async record(wanted: string, now: string): Promise<SyncRecord | undefined> {
    const { table } = this.ports;
    const storefront = await readSourceState(table, "storefront");
    const erp = await readSourceState(table, "erp");
    const policy = await readPolicy(table, this.brand, { storefront, erp });
    const found = await findRecords(this.ports, wanted, policy, horizon([storefront, erp], now));
    return found.find(({ record }) => record.id.endsWith(`:${wanted}`))?.record;
  }

  system(source: Source): System {
    const seen = (): readonly Observation[] =>
      source === "erp" ? [...this.documents.values()] : [...this.refunds.values()];
    const plain = scriptedSystem(seen, { pageSize: 50, rejected: () => this.rejected[source] });
    const deleted = source === "erp" ? { deleted: this.deleted } : {};
    return this.answers[source]({
      since: async (window, cursor) => ({ ...(await plain.since(window, cursor)), ...deleted }),
      byId: async (ids) => {
        const page = await plain.byId(ids);
        const rejected = this.rejected[source].filter(({ id }) => ids.includes(id ?? ""));
        return { ...page, rejected, ...deleted };
      },
      stillShows: async (ids) =>
        seen().some((one) => ids.includes(one.role === "erp" ? one.documentId : one.refundId)),
    });
  }

  #job(now: string) {
    const log = (event: LogEvent): void => void this.said.push(event);
    return { ports: this.ports, brand: this.brand, now, remainingMs: () => 600_000, log };
  }
}

/** Instants every so many minutes, both ends included. */
export function* every(minutes: number, from: string, to: string): Generator<string> {
  for (let at = Date.parse(from); at <= Date.parse(to); at += minutes * 60_000) {
    yield new Date(at).toISOString();
  }
}
