import { existsSync } from "node:fs";
import { resolve } from "node:path";

import type { Brand } from "../lambdas/brand.ts";
import { readPolicy } from "../lambdas/ledger/policy.ts";
import type { Stores } from "../lambdas/ledger/ports.ts";
import { horizon, readSourceState } from "../lambdas/ledger/store/source-state.ts";
import type { Instant } from "../lambdas/refund/time/instant.ts";
import type { Policy } from "../lambdas/refund/policy.ts";
import { readBrandFile } from "../lib/brand-file.ts";
import { openLedger } from "../local/open-ledger.ts";
import { required } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** Opens a local state while `work` reads it or writes into it. */
export async function atState(
  options: { readonly config?: string; readonly state?: string },
  now: Instant,
  work: (opened: OpenState) => Promise<number>,
): Promise<number> {
  const config = required(options.config, "config");
  const brand = readBrandFile(config);
  const ledger = await openLedger(config, stateFolder(options.state));
  try {
    const storefront = await readSourceState(ledger.table, "storefront");
    const erp = await readSourceState(ledger.table, "erp");
    const at = horizon([storefront, erp], now);
    const policy = await readPolicy(ledger.table, brand, { storefront, erp });
    return await work({ stores: ledger, brand, policy, at });
  } finally {
    await ledger.close();
  }
}

export type OpenState = {
  readonly stores: Stores;
  readonly brand: Brand;
  readonly policy: Policy;
  /** Both sources were read through this instant, and records are evaluated as of it. */
  readonly at: Instant;
};

/** Reading must not create a state: an empty one would look as if nothing were wrong. */
function stateFolder(folder: string | undefined): string {
  if (folder === undefined) {
    throw new UsageError(
      "--state is missing: give the folder that `run` uses; this command cannot read a deployed stack yet",
    );
  }
  if (!existsSync(folder)) {
    throw new UsageError(`there is no state in ${folder}: the first cycle of \`run\` creates it`);
  }
  return resolve(folder);
}
