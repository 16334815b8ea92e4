import type { Brand } from "../lambdas/brand.ts";
import type { Life } from "../local/life/life.ts";
import type { Random } from "../local/life/random.ts";
import type { SimulatedCloud } from "./cloud.ts";
import type { Answer, Platform, Question, Running } from "./platform.ts";
import type { Job, Op, Tick, Trouble, VirtualClock } from "./stage.ts";
import type { World } from "./world.ts";

/** One fault in one schedule: what it does, and when. */
export type Injection = {
  /** The fault's number in the table. */
  readonly row: number;
  /** In words, for the report. */
  readonly says: string;
  /** Virtual instants between which it acts. */
  readonly from: number;
  readonly until: number;
  /** Changes the world's history before the schedule begins. */
  readonly history?: (life: Life) => Life;
  /** Records per page, where the fault needs a certain number. */
  readonly pageSize?: number;
  /** What it does to a step; null for nothing. */
  readonly trouble?: (op: Op) => Trouble | null;
  /** What it does to an answer of a source. */
  readonly answer?: (asked: {
    readonly platform: Platform;
    readonly question: Question;
    readonly correctAnswer: () => Promise<Answer>;
    readonly simulation: Simulated;
  }) => Promise<Answer | null>;
  /** Changes the value of a secret; it may throw. */
  readonly secret?: (value: unknown) => unknown;
  /** Replaces a tick of the scheduler: by none, by several or by later ones. */
  readonly ticks?: (tick: Tick) => readonly Tick[];
  /** Called once when the fault begins, and `end` once when it ends. */
  readonly begin?: (simulation: Simulated) => void;
  readonly end?: (simulation: Simulated) => void;
  /** The job that it affects, where it affects only one. */
  readonly only?: Job;
  /** Ids of records that a source hides during the fault; they may be read only some time later. */
  readonly hides?: ReadonlySet<string>;
  /** How long, during the fault, a source does not show a change of this record. */
  readonly lagMs?: (id: string) => number;
  /** How old the result of a read may be that is not strongly consistent. */
  readonly staleMs?: number;
  /** Whether a key may be published twice because of it. */
  readonly mayRepeat?: true;
};

/** The parts of the simulation that an injection can read and change. */
export type Simulated = {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly cloud: SimulatedCloud;
  readonly running: ReadonlyMap<Platform, Running>;
  readonly brand: Brand;
  /** @param brand null to use the brand's own file again */
  readonly changeBrand: (brand: Brand | null) => void;
};

/** A kind of fault that the suite injects, by its number in the table. */
export type FaultKind = {
  readonly row: number;
  /** The platform whose answers it changes; absent where it does not depend on one. */
  readonly platform?: Platform;
  /** Draws one of its forms, for the two platforms of a schedule. */
  readonly draw: (
    random: Random,
    between: { readonly from: number; readonly to: number },
    platforms: readonly Platform[],
  ) => Injection;
};
