import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { NewPlatform } from "./new-platform.ts";
import { registrationsOf } from "./registrations.ts";
import { skeletonOf } from "./skeleton.ts";

/**
 * Writes the files of a new platform and registers it. Nothing is written unless all of it can be.
 *
 * @param folder the project
 * @throws Error where a file exists already, or where a place of registration is not found
 */
export function addPlatform(
  platform: NewPlatform,
  folder: string,
): { readonly written: readonly string[]; readonly changed: readonly string[] } {
  const files = skeletonOf(platform);
  const present = [...files.keys()].filter((file) => existsSync(join(folder, file)));
  if (present.length > 0) throw new Error(`${present.join(", ")}: exists already`);
  const changed = new Map<string, string>();
  for (const { file, before, text } of registrationsOf(platform)) {
    const known = changed.get(file) ?? readFileSync(join(folder, file), "utf8");
    const [head, tail, more] = known.split(before);
    if (head === undefined || tail === undefined || more !== undefined) {
      throw new Error(
        `${file}: wanted ${JSON.stringify(before)} exactly once, to write the platform before it`,
      );
    }
    changed.set(file, `${head}${text}${before}${tail}`);
  }
  for (const [file, text] of [...files, ...changed]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return { written: [...files.keys()], changed: [...changed.keys()] };
}
