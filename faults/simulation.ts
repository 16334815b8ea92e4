import { parseBrand } from "../lambdas/brand.ts";
import type { Brand } from "../lambdas/brand.ts";
import type { Host, PullHost, NotifyingHost } from "../lambdas/host.ts";
import { digestHandler } from "../lambdas/jobs/digest.ts";
import { pullHandler } from "../lambdas/jobs/pull.ts";
import type { PullReport } from "../lambdas/jobs/pull.ts";
import { watchHandler } from "../lambdas/jobs/watch.ts";
import { logLine } from "../lambdas/log.ts";
import { ENV, METRICS } from "../lambdas/names.ts";
import type { LambdaContext } from "../lambdas/settings.ts";
import { Random } from "../local/life/random.ts";
import { SimulatedCloud } from "./cloud.ts";
import type { Injection } from "./injection.ts";
import type { Answer, Platform, Question, Running } from "./platform.ts";
import { Actor, Stage, VirtualClock } from "./stage.ts";
import type { Job, Op, Tick, Trouble } from "./stage.ts";
import { iso } from "./world.ts";
import type { World } from "./world.ts";

/**
 * Runs one brand's product in virtual time: the real handlers and connectors, with platforms and a
 * cloud in memory, a scheduler, and injected faults. All random values come from the seed.
 */
export class Simulation {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly stage: Stage;
  readonly cloud: SimulatedCloud;
  readonly platforms: readonly Platform[];
  readonly running: ReadonlyMap<Platform, Running>;
  readonly log: string[] = [];
  readonly metrics: Metric[] = [];
  readonly pulls: Pulled[] = [];
  readonly ended: Ended[] = [];
  readonly injections: readonly Injection[];
  readonly pageSize: number;
  brand: Brand;
  readonly #ownBrand: Brand;
  #begun = new Set<Injection>();
  #over = new Set<Injection>();

  private constructor(of: {
    world: World;
    seed: number;
    platforms: readonly Platform[];
    running: ReadonlyMap<Platform, Running>;
    injections: readonly Injection[];
    clock: VirtualClock;
  }) {
    this.world = of.world;
    this.clock = of.clock;
    this.platforms = of.platforms;
    this.running = of.running;
    this.injections = of.injections;
    this.random = new Random(of.seed, "simulation");
    this.stage = new Stage(this.clock, this.random.fork("stage"));
    this.cloud = new SimulatedCloud(this.stage, (op) => this.#troubleOf(op));
    const pageSize = this.random.pick([4, 6, 12]);
    this.pageSize = of.injections.find((one) => one.pageSize !== undefined)?.pageSize ?? pageSize;
    this.#ownBrand = brandOf(of.world, of.platforms, of.running);
    this.brand = this.#ownBrand;
  }

  static async open(
    world: World,
    options: {
      readonly seed: number;
      readonly platforms: readonly Platform[];
      readonly injections: readonly Injection[];
    },
  ): Promise<Simulation> {
    const clock = new VirtualClock(world.from);
    const running = new Map<Platform, Running>();
    for (const platform of options.platforms) {
      running.set(platform, await platform.start(world.life, () => clock.ms));
    }
    return new Simulation({ world, clock, running, ...options });
  }

  /** Calls these functions; several of them run at the same time. */
  async fire(ticks: readonly Tick[]): Promise<readonly Ended[]> {
    const before = this.ended.length;
    this.#beginAndEnd();
    const parts = ticks.map((tick) => {
      const actor = new Actor({
        name: `${tick.job} ${tick.now}`,
        job: tick.job,
        now: tick.now,
        deadline: this.clock.ms + TIMEOUT_MS,
      });
      return { actor, run: async () => this.#invoke(actor, tick) };
    });
    await this.stage.play(parts);
    for (const { actor } of parts) {
      if (actor.hasDied) this.#ends({ actor, how: "died" });
    }
    return this.ended.slice(before);
  }

  /** @param brand null to use the brand's own file again */
  changeBrand(brand: Brand | null): void {
    this.brand = brand ?? this.#ownBrand;
  }

  /** Moves the clock forward, never back. */
  moveTo(ms: number): void {
    this.clock.ms = Math.max(this.clock.ms, ms);
    this.#beginAndEnd();
  }

  #beginAndEnd(): void {
    for (const injection of this.injections) {
      if (injection.from <= this.clock.ms && !this.#begun.has(injection)) {
        this.#begun.add(injection);
        injection.begin?.(this);
      }
      if (injection.until <= this.clock.ms && !this.#over.has(injection)) {
        this.#over.add(injection);
        injection.end?.(this);
      }
    }
  }

  /**
   * Whether a source may have hidden this record: until the daily look back after the fault, or as
   * long as the source shows changes late.
   *
   * @param changed when the record changed, and when the source was last read
   */
  isHidden(id: string, changed?: { readonly at: number; readonly readAt: number }): boolean {
    return this.injections.some((one) => {
      if (one.hides?.has(id) === true) {
        return one.from <= this.clock.ms && this.clock.ms < one.until + LATE_MS;
      }
      if (one.lagMs === undefined || changed === undefined) return false;
      return changed.at + one.lagMs(id) > changed.readAt && changed.readAt <= one.until;
    });
  }

  acting(at = this.clock.ms): readonly Injection[] {
    return this.injections.filter(({ from, until }) => from <= at && at < until);
  }

  async #invoke(actor: Actor, { now, run }: Tick): Promise<void> {
    const event = { now, run };
    const context = {
      getRemainingTimeInMillis: () => Math.max(0, actor.deadline - this.clock.ms),
    };
    try {
      await this.#call(actor, event, context);
      this.#ends({ actor, how: "done" });
    } catch (error) {
      const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      // Lambda writes it to the log, and into the dead-letter queue.
      this.log.push(told);
      this.#ends({ actor, how: "failed", error: told });
      this.#count(actor, "Errors", 1);
    }
  }

  #ends(end: Omit<Ended, "at">): void {
    this.ended.push({ ...end, at: this.clock.ms });
  }

  async #call(actor: Actor, event: unknown, context: LambdaContext): Promise<void> {
    const host = this.#hostOf(actor);
    if (actor.job === "watch") await watchHandler(host)(event, context);
    else if (actor.job === "digest") await digestHandler(host)(event, context);
    else {
      const report = await pullHandler(host)(event, context);
      this.pulls.push({ actor, at: this.clock.ms, report });
    }
  }

  #hostOf(actor: Actor): Host & PullHost & NotifyingHost {
    const { notifier, ...stores } = this.cloud.portsOf(actor);
    const source = actor.job === "pull-erp" ? "erp" : "storefront";
    return {
      env: {
        [ENV.brand]: JSON.stringify(this.brand),
        [ENV.source]: source,
        [ENV.table]: "table",
        [ENV.bucket]: "bucket",
        [ENV.opsTopic]: "ops",
        [ENV.financeTopic]: "finance",
      },
      clock: () => this.clock.ms,
      stores: () => ({ stores, meter: { writeUnits: 0, readUnits: 0 } }),
      notifier: () => notifier,
      secret: async (name) =>
        this.#step(actor, { port: "secret", what: "read", name, writes: false }, 30, () => {
          const value = this.#credentials(source);
          return this.acting().reduce((told, { secret }) => secret?.(told) ?? told, value);
        }),
      log: (event) => void this.log.push(logLine(event)),
      count: (name, value, by) => this.#count(actor, METRICS[name], value, by),
      outside: {
        fetch: async (url, init) => this.#ask(actor, url, init),
        wait: async (ms) => {
          this.clock.ms += ms;
        },
        random: () => this.random.next(),
        clock: () => this.clock.ms,
        pageSize: this.pageSize,
      },
    };
  }

  #credentials(source: "storefront" | "erp"): unknown {
    for (const [platform, running] of this.running) {
      if (platform.role === source) return running.credentials();
    }
    throw new Error(`no ${source}`);
  }

  async #ask(actor: Actor, url: unknown, init: RequestInit | undefined): Promise<Response> {
    const question: Question = {
      url: url instanceof URL ? url.href : "",
      method: init?.method ?? "GET",
      headers: new Headers(init?.headers),
      body: typeof init?.body === "string" ? init.body : "",
    };
    const of = { port: "http", what: "ask", name: question.url, writes: false } as const;
    const from = this.clock.ms;
    // The HTTP client waits at most a minute, and never into the time reserved for stopping.
    const maxWaitMs = Math.min(60_000, Math.max(1, actor.deadline - STOP_BEFORE_MS - from));
    const troubleOf = (op: Op): Trouble | null => {
      const trouble = this.#troubleOf(op);
      return trouble?.kind === "slow"
        ? { kind: "slow", ms: Math.min(trouble.ms, maxWaitMs) }
        : trouble;
    };
    actor.ops += 1;
    return this.stage.step({ actor, nth: actor.ops, ...of }, 150, troubleOf, async () => {
      if (this.clock.ms - from > maxWaitMs)
        throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
      for (const [platform, running] of this.running) {
        if (!question.url.startsWith(running.baseUrl)) continue;
        const { status, headers, body } = await this.#answer(platform, running, question);
        const isEmpty = status === 204 || status === 304;
        const date = new Date(this.clock.ms).toUTCString();
        return new Response(isEmpty ? null : body, { status, headers: { date, ...headers } });
      }
      throw new Error(`${question.url} is not one of the configured systems`);
    });
  }

  async #answer(platform: Platform, running: Running, question: Question): Promise<Answer> {
    const honest = async (): Promise<Answer> => running.answer(question);
    for (const injection of this.acting()) {
      const told = await injection.answer?.({
        platform,
        question,
        correctAnswer: honest,
        simulation: this,
      });
      if (told !== null && told !== undefined) return told;
    }
    return honest();
  }

  async #step<Value>(
    actor: Actor,
    of: Pick<Op, "port" | "what" | "name" | "writes">,
    costMs: number,
    effect: () => Promise<Value> | Value,
  ): Promise<Value> {
    actor.ops += 1;
    return this.stage.step(
      { actor, nth: actor.ops, ...of },
      costMs,
      (op) => this.#troubleOf(op),
      effect,
    );
  }

  #troubleOf(op: Op): Trouble | null {
    for (const injection of this.acting()) {
      const trouble = injection.trouble?.(op) ?? null;
      if (trouble !== null) return trouble;
    }
    return null;
  }

  #count(actor: Actor, name: string, value: number, source?: string): void {
    const dimensions = source === undefined ? {} : { source };
    this.metrics.push({ name, value, at: this.clock.ms, job: actor.job, ...dimensions });
  }
}

export type Metric = {
  /** The name in CloudWatch. */
  readonly name: string;
  readonly value: number;
  readonly at: number;
  readonly job: Job;
  readonly source?: string;
};

export type Pulled = { readonly actor: Actor; readonly at: number; readonly report: PullReport };

export type Ended = {
  readonly actor: Actor;
  readonly at: number;
  readonly how: "done" | "failed" | "died";
  readonly error?: string;
};

function brandOf(
  { life, zone, digits }: World,
  platforms: readonly Platform[],
  running: ReadonlyMap<Platform, Running>,
): Brand {
  const side = (role: Platform["role"]) => {
    const platform = platforms.find((one) => one.role === role);
    const at = platform === undefined ? undefined : running.get(platform);
    const own = platform?.settings?.(life) ?? {};
    return { platform: platform?.name, baseUrl: at?.baseUrl, credentials: `acme/${role}`, ...own };
  };
  return parseBrand(
    {
      brand: "acme",
      currency: life.shop.currency,
      timeZone: zone,
      storefront: { ...side("storefront"), integrationApps: life.settings.storefrontMachines },
      erp: { ...side("erp"), integrationUsers: life.settings.erpMachines.map(({ id }) => id) },
      thresholds: { amount: digits === 0 ? "25" : "25.00" },
      alerts: { sms: ["+15550100"], email: ["ops@example.com"] },
      digest: { email: ["finance@example.com"] },
    },
    "acme.yaml",
  );
}

export function tickOf(job: Job, at: number): Tick {
  return { job, at, now: iso(at), run: `${job}@${iso(at)}`, retries: 0 };
}

const TIMEOUT_MS = 10 * 60_000;
const STOP_BEFORE_MS = 45_000;
/** A day until the next look back, four hours until the next run, and an hour for the reading. */
const LATE_MS = 29 * 3_600_000;
