import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";

import { BrandFileError, parseBrand } from "../lambdas/brand.ts";
import type { Brand } from "../lambdas/brand.ts";

/**
 * Reads one brand file.
 *
 * @throws BrandFileError that names the path in the file and what is allowed there: for YAML that
 * cannot be read (a key given twice included), an unknown key, a value out of bounds
 */
export function readBrandFile(file: string): Brand {
  const document = parseDocument(readText(file), { uniqueKeys: true });
  const problems = [...document.errors, ...document.warnings].map(({ message }) => message.trim());
  if (problems.length > 0) throw new BrandFileError(file, problems);
  return parseBrand(plainValue(document, file), file);
}

/** Every brand file of a folder, in the order of their names; none at all is an error. */
export function brandFilesIn(folder: string): readonly string[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .toSorted();
  if (files.length === 0) throw new BrandFileError(folder, ["holds no .yaml file"]);
  return files.map((name) => join(folder, name));
}

function plainValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    const value: unknown = document.toJS();
    return value;
  } catch (cause) {
    throw new BrandFileError(file, [reason(cause)]); // an unknown alias, or too many aliases
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new BrandFileError(file, [`cannot be read: ${reason(cause)}`]);
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
