import type { Random } from "../local/life/random.ts";

/** A clock that only the simulation moves, in milliseconds since the epoch. */
export class VirtualClock {
  ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

/** One invocation of a function. */
export class Actor {
  readonly name: string;
  readonly job: Job;
  /** The instant that its event names. */
  readonly now: string;
  /** When Lambda ends it, even if it still runs. */
  deadline: number;
  /** The number of external calls that it has made so far. */
  ops = 0;
  hasDied = false;
  /** Whether it was ended because it had run too long. */
  ranOut = false;
  pausedUntil = 0;

  constructor(of: { name: string; job: Job; now: string; deadline: number }) {
    this.name = of.name;
    this.job = of.job;
    this.now = of.now;
    this.deadline = of.deadline;
  }
}

export type Job = "pull-storefront" | "pull-erp" | "watch" | "digest";

/** An event of the scheduler: which function it calls, when it is delivered, what it contains. */
export type Tick = {
  readonly job: Job;
  readonly at: number;
  /** The instant for which it was scheduled. */
  readonly now: string;
  readonly run: string;
  readonly retries: number;
};

/** One external call of a function. */
export type Op = {
  readonly actor: Actor;
  readonly port: "table" | "objects" | "notifier" | "secret" | "http";
  readonly what: string;
  readonly name: string;
  readonly writes: boolean;
  /** 1 for the first call of its actor. */
  readonly nth: number;
};

export type Trouble =
  /** Nothing happens and the caller gets the error. */
  | { readonly kind: "refuse"; readonly error: Error }
  /** The call has its effect, but the caller gets the error. */
  | { readonly kind: "lose reply"; readonly error: Error }
  /** The process ends: it never runs another line. */
  | { readonly kind: "die"; readonly when: "before" | "after" }
  /** The process is paused while the others continue. */
  | { readonly kind: "pause"; readonly ms: number }
  | { readonly kind: "slow"; readonly ms: number }
  /** A read returns the table as it was `ms` ago, where the port allows stale reads. */
  | { readonly kind: "stale"; readonly ms: number };

/**
 * Runs several invocations at once in one process, one step at a time. An invocation that makes an
 * external call waits until the stage selects it. The selection depends on the seed, so the same
 * seed gives the same interleaving.
 */
export class Stage {
  readonly clock: VirtualClock;
  readonly #random: Random;
  readonly #playing = new Set<Actor>();
  #waiting: Step[] = [];
  #busy = 0;

  constructor(clock: VirtualClock, random: Random) {
    this.clock = clock;
    this.#random = random;
  }

  /** Does one step when it is this actor's turn. An actor whose process ended waits for ever. */
  async step<Value>(
    op: Op,
    costMs: number,
    troubleOf: (op: Op) => Trouble | null,
    effect: (trouble: Trouble | null) => Promise<Value> | Value,
  ): Promise<Value> {
    const { actor } = op;
    await this.#turn(actor);
    this.clock.ms += costMs;
    const trouble = troubleOf(op);
    if (trouble?.kind === "slow") this.clock.ms += trouble.ms;
    if (trouble?.kind === "pause") {
      const began = this.clock.ms;
      actor.pausedUntil = began + trouble.ms;
      await this.#turn(actor);
      // A paused process does not use up its time: it continues with the same time left.
      actor.deadline += this.clock.ms - began;
    }
    if (this.clock.ms > actor.deadline) {
      actor.ranOut = !actor.hasDied && actor.pausedUntil === 0;
      actor.hasDied = true;
    }
    if (trouble?.kind === "die" && trouble.when === "before") actor.hasDied = true;
    if (actor.hasDied) return neverResolves();
    if (trouble?.kind === "refuse") throw trouble.error;
    this.#busy += 1;
    try {
      const value = await effect(trouble);
      if (trouble?.kind === "lose reply") throw trouble.error;
      if (trouble?.kind !== "die") return value;
    } finally {
      this.#busy -= 1;
    }
    actor.hasDied = true;
    return neverResolves();
  }

  /** Starts these together, and returns when each of them has finished, died or paused. */
  async play(
    parts: readonly { readonly actor: Actor; readonly run: () => Promise<void> }[],
  ): Promise<void> {
    for (const { actor, run } of parts) {
      this.#playing.add(actor);
      void run().finally(() => this.#playing.delete(actor));
    }
    await this.#goOn();
  }

  /** Continues the actors whose pause has ended. */
  async resume(): Promise<void> {
    await this.#goOn();
  }

  get hasPaused(): boolean {
    return this.#playing.size > 0;
  }

  async #goOn(): Promise<void> {
    for (;;) {
      await this.#settled();
      const ready = this.#waiting.filter(({ actor }) => actor.pausedUntil <= this.clock.ms);
      if (ready.length === 0) return;
      const next = this.#random.pick(ready);
      this.#waiting = this.#waiting.filter((one) => one !== next);
      next.go();
    }
  }

  /** Waits until every active actor is waiting for its turn. */
  async #settled(): Promise<void> {
    for (let turns = 0; ; turns += 1) {
      await new Promise<void>((done) => setImmediate(done));
      for (const actor of this.#playing) {
        if (!actor.hasDied) continue;
        this.#playing.delete(actor);
        this.#waiting = this.#waiting.filter((one) => one.actor !== actor);
      }
      const waiting = new Set(this.#waiting.map(({ actor }) => actor));
      const isQuiet = [...this.#playing].every((actor) => waiting.has(actor));
      if (this.#busy === 0 && isQuiet) return;
      if (turns > MOST_TURNS) throw new Error("an invocation makes no step and does not end");
    }
  }

  async #turn(actor: Actor): Promise<void> {
    await new Promise<void>((go) => this.#waiting.push({ actor, go }));
  }
}

type Step = { readonly actor: Actor; readonly go: () => void };

/** Never resolves: the code of a process that has ended must not continue. */
async function neverResolves(): Promise<never> {
  return new Promise<never>(() => undefined);
}

const MOST_TURNS = 2_000_000;
