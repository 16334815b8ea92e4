import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { startCloud } from "./cloud/cloud.ts";
import { synthesise } from "./cloud/synthesise.ts";
import { ERP_SECRET, STOREFRONT_SECRET, writeDemoBrand } from "./demo-brand.ts";
import { generateLife } from "./life/generate.ts";
import type { Life } from "./life/life.ts";
import { ERPS, STOREFRONTS } from "./platforms.ts";
import type { Simulated } from "./platforms.ts";
import { fire } from "./run-cycle.ts";
import type { Failure } from "./run-cycle.ts";

export type Demo = {
  readonly life: Life;
  /** The name of the database. */
  readonly database: string;
  readonly cycles: number;
  readonly failures: readonly Failure[];
};

/**
 * Runs the deployed handlers over a brand's life, with both simulators and the local cloud: a cycle
 * of all jobs at intervals of the life, with the clock moved forward between the cycles.
 */
export async function playDemo(options: {
  readonly state: string;
  readonly seed: number;
  readonly days: number;
  /** Names of simulated platforms. */
  readonly storefront: string;
  readonly erp: string;
  readonly say: (line: string) => void;
}): Promise<Demo> {
  const { state, seed, days, say } = options;
  const storefront = simulated(STOREFRONTS, options.storefront);
  const books = simulated(ERPS, options.erp);
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  const from = Date.parse(BEGIN);
  const generated = generateLife({
    seed,
    from: BEGIN,
    days,
    ordersPerDay: ORDERS_A_DAY,
    otherShop: true,
    moreRoads: true,
  });
  const shown = storefront.fit?.(generated) ?? generated;
  const life = books.fit?.(shown) ?? shown;
  say(
    `Generated ${days} days: ${life.orders.length} orders, ${life.refunds.length} refunds, ${life.documents.length} ERP documents.`,
  );

  let now = BEGIN;
  const clock = (): string => now;
  const shop = await storefront.start(life, clock);
  const erp = await books.start(life, clock);
  const config = join(state, "demo.yaml");
  writeDemoBrand(config, life, {
    storefront: { platform: options.storefront, url: shop.url },
    erp: { platform: options.erp, url: erp.url },
  });
  const stack = await synthesise(config, join(state, "synth"));
  const secrets = { [STOREFRONT_SECRET]: shop.credentials, [ERP_SECRET]: erp.credentials };
  const cloud = await startCloud({ ...stack, stateDir: state, secrets });
  say(`The local cloud runs the stack refund-watch-demo. Database: ${cloud.database}.`);

  const failures: Failure[] = [];
  let cycles = 0;
  try {
    for (const at of cycleTimes(from, days)) {
      now = new Date(at).toISOString();
      failures.push(
        ...(await fire(cloud, { jobs: ["pull", "watch", "digest"], now, say: ignore })),
      );
      cycles += 1;
      if (cycles % 4 === 0) say(`  ${now.slice(0, 10)} …`);
    }
  } finally {
    await cloud.stop();
    await shop.stop();
    await erp.stop();
  }
  return { life, database: cloud.database, cycles, failures };
}

function simulated(platforms: Readonly<Record<string, Simulated>>, name: string): Simulated {
  const found = platforms[name];
  if (found !== undefined) return found;
  throw new NotSimulated(name, Object.keys(platforms));
}

/** There is no simulator of this platform. */
class NotSimulated extends Error {
  override readonly name = "NotSimulated";
  constructor(name: string, known: readonly string[]) {
    super(`${name} is not simulated; simulated are ${known.join(" and ")}`);
  }
}

/** Every third morning at first; every six hours in the last two days, which the digest covers. */
function cycleTimes(from: number, days: number): number[] {
  const last = from + days * DAY_MS + MORNING_MS;
  const times: number[] = [];
  for (let at = from + MORNING_MS; at < last - 2 * DAY_MS; at += 3 * DAY_MS) times.push(at);
  for (let at = Math.max(from + MORNING_MS, last - 2 * DAY_MS); at <= last; at += STEP_MS)
    times.push(at);
  return times;
}

function ignore(): void {
  // the output of every cycle would hide the progress lines
}

const DAY_MS = 86_400_000;
const ORDERS_A_DAY = 220;
/** After midnight UTC, which is not midnight in the brand's zone: seven o'clock in New York. */
const MORNING_MS = 12 * 3_600_000;
const STEP_MS = 6 * 3_600_000;
const BEGIN = "2026-10-19T00:00:00.000Z";
