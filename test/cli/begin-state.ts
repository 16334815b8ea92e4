import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A new state folder with the database that needs no Java: it starts in milliseconds, and these tests
 * start it for each command. Both databases keep the same promises, see `test/aws/ports.test.ts`.
 */
export function beginState(folder: string): void {
  mkdirSync(join(folder, "database"), { recursive: true });
  writeFileSync(join(folder, "database", "kind"), "dynalite\n");
}
