import { mkdirSync } from "node:fs";
import { join } from "node:path";
import dynalite from "dynalite";

import type { Database } from "../service.ts";
import { listenOnLoopback } from "../loopback.ts";

/**
 * Starts dynalite in this process, with its data in the folder. It supports no transactions, no
 * PartiQL and no expiry: the product needs none of them.
 */
export async function startDynalite(folder: string, why: string): Promise<Database> {
  const path = join(folder, "dynalite");
  mkdirSync(path, { recursive: true });
  const service = await listenOnLoopback(dynalite({ path, createTableMs: 0 }));
  return { ...service, label: `dynalite 4.0.0 (${why})` };
}
