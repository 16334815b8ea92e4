import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { startDynalite } from "./dynalite-database.ts";
import { JavaUnavailable, startDynamoDbLocal } from "./java-database.ts";
import type { Database } from "../service.ts";

type DatabaseKind = "DynamoDB Local" | "dynalite";

/**
 * Starts DynamoDB Local where this machine has a Java that can run it, else dynalite.
 *
 * A state folder keeps the kind of database it was created with. The other kind would find an empty
 * table, and all earlier decisions would be lost without an error.
 *
 * @throws StateNeedsJava when it was created with DynamoDB Local and there is no Java now
 */
export async function startDatabase(folder: string, wanted?: "dynalite"): Promise<Database> {
  const begunWith = kindIn(folder);
  mkdirSync(folder, { recursive: true });
  if (begunWith === "dynalite") return startDynalite(folder, "this state was created with it");
  if (begunWith === null && wanted === "dynalite") return beginDynalite(folder, "asked for");
  try {
    const database = await startDynamoDbLocal(folder);
    remember(folder, "DynamoDB Local");
    return database;
  } catch (error) {
    if (!(error instanceof JavaUnavailable)) throw error;
    if (begunWith !== null) throw new StateNeedsJava(folder, error);
    return beginDynalite(folder, error.message);
  }
}

async function beginDynalite(folder: string, why: string): Promise<Database> {
  remember(folder, "dynalite");
  return startDynalite(folder, why);
}

function kindIn(folder: string): DatabaseKind | null {
  const file = join(folder, KIND_FILE);
  if (!existsSync(file)) return null;
  return readFileSync(file, "utf8").trim() === "dynalite" ? "dynalite" : "DynamoDB Local";
}

function remember(folder: string, kind: DatabaseKind): void {
  writeFileSync(join(folder, KIND_FILE), `${kind}\n`);
}

export class StateNeedsJava extends Error {
  override readonly name = "StateNeedsJava";
  constructor(folder: string, cause: JavaUnavailable) {
    super(
      `${folder} was created with DynamoDB Local, which cannot run now: ${cause.message}. Install Java again, or use a new state folder.`,
      { cause },
    );
  }
}

const KIND_FILE = "kind";
