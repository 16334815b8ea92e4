import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { registrationsOf } from "./registrations.ts";
import { skeletonOf } from "./skeleton.ts";

/** A platform that is to be added. */
export type NewPlatform = {
  readonly role: "storefront" | "erp";
  /** As the brand file names it: "woocommerce". */
  readonly name: string;
  /** As people call it: "WooCommerce". */
  readonly title: string;
};

/** @throws Error naming the option and what is allowed */
export function platformOf(asked: {
  readonly role: string;
  readonly name: string;
  readonly title?: string | undefined;
}): NewPlatform {
  const { role, name } = asked;
  if (role !== "storefront" && role !== "erp") {
    throw new Error(`--role: wanted storefront or erp, got ${JSON.stringify(role)}`);
  }
  if (!/^[a-z][a-z0-9]{1,29}$/.test(name)) {
    throw new Error(`--name: wanted a-z and 0-9, such as woocommerce, got ${JSON.stringify(name)}`);
  }
  const title = asked.title ?? `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  if (!/^[A-Za-z0-9][A-Za-z0-9 ./&-]{0,39}$/.test(title)) {
    throw new Error("--title: wanted letters, digits and blanks, at most 40");
  }
  return { role, name, title };
}

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
