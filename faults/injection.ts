import type { Brand } from "../lambdas/brand.ts";
import type { Life } from "../local/life/life.ts";
import type { Random } from "../local/life/random.ts";
import type { SimulatedCloud } from "./cloud.ts";
import type { Answer, Platform, Question, Running } from "./platform.ts";
import type { Job, Op, Tick, Trouble, VirtualClock } from "./stage.ts";
import type { World } from "./world.ts";

/** One fault as it is in one schedule: what it does, and when. */
export type Injection = {
  /** The fault's number in the table. */
  readonly row: number;
  /** In words, for the report. */
  readonly says: string;
  /** Virtual instants between which it acts. */
  readonly from: number;
  readonly until: number;
  /** What it makes of the world's history, before anything begins. */
  readonly history?: (life: Life) => Life;
  /** How many records a page holds, where it matters. */
  readonly pageSize?: number;
  /** What it does to a step; null leaves it alone. */
  readonly trouble?: (op: Op) => Trouble | null;
  /** What it does to an answer of a source. */
  readonly answer?: (asked: {
    readonly platform: Platform;
    readonly question: Question;
    readonly honest: () => Promise<Answer>;
    readonly simulation: Simulated;
  }) => Promise<Answer | null>;
  /** What it makes of a secret's value; it may throw. */
  readonly secret?: (value: unknown) => unknown;
  /** What it makes of a tick of the scheduler: none, several, later ones. */
  readonly ticks?: (tick: Tick) => readonly Tick[];
  /** Done once when it begins and once when it ends. */
  readonly begin?: (simulation: Simulated) => void;
  readonly end?: (simulation: Simulated) => void;
  /** The one job that it touches, where it touches one only. */
  readonly only?: Job;
  /** Ids of records that a source does not show while it acts, and for how long after it. */
  readonly hides?: ReadonlySet<string>;
  /** How long after a change of this record a source does not show it, while it acts. */
  readonly lagMs?: (id: string) => number;
  /** How old a read may be that need not be consistent. */
  readonly staleMs?: number;
  /** Whether a key may be published twice because of it. */
  readonly mayRepeat?: true;
};

/** What an injection sees and moves of the simulation that it acts in. */
export type Simulated = {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly cloud: SimulatedCloud;
  readonly running: ReadonlyMap<Platform, Running>;
  readonly brand: Brand;
  /** @param brand null for the brand's own file again */
  readonly changeBrand: (brand: Brand | null) => void;
};

/** A kind of fault that the suite injects, by its number in the table. */
export type FaultKind = {
  readonly row: number;
  /** Draws one of its forms. */
  readonly draw: (
    random: Random,
    between: { readonly from: number; readonly to: number },
  ) => Injection;
};
