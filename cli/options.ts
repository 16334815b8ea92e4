import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";

import { UsageError } from "./usage-error.ts";

type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;

/**
 * Reads options with a value (`names`), options that may be repeated (`lists`), options without a
 * value (`flags`), and at most `words` words without a name.
 */
export function readOptions<Name extends string>(
  words: readonly string[],
  names: readonly Name[],
  more: {
    readonly flags?: readonly string[];
    readonly lists?: readonly string[];
    readonly words?: number;
  } = {},
): {
  readonly values: Readonly<Partial<Record<Name, string>>>;
  readonly flags: ReadonlySet<string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly words: readonly string[];
} {
  const { flags = [], lists = [], words: most = 0 } = more;
  const options: OptionsConfig = {};
  for (const name of names) options[name] = { type: "string" };
  for (const name of flags) options[name] = { type: "boolean" };
  for (const name of lists) options[name] = { type: "string", multiple: true };
  const parsed = parse(words, options);
  if (parsed.positionals.length > most) {
    throw new UsageError(`unexpected word ${JSON.stringify(parsed.positionals[most])}`);
  }
  const values: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = parsed.values[name];
    if (typeof value === "string") values[name] = value;
  }
  return {
    values,
    flags: new Set(flags.filter((name) => parsed.values[name] === true)),
    lists: new Map(lists.map((name) => [name, textsOf(parsed.values[name])])),
    words: parsed.positionals,
  };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function parse(
  words: readonly string[],
  options: OptionsConfig,
): { readonly values: Readonly<Record<string, unknown>>; readonly positionals: string[] } {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export function required(value: string | undefined, name: string): string {
  if (value === undefined || value === "") throw new UsageError(`--${name} is missing`);
  return value;
}

/** @throws UsageError naming the file and what is wrong with it */
export function readJsonFile(file: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new UsageError(`${file} ${why}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError(`${file} must be a JSON object: name of a secret -> its value`);
  }
  return Object.fromEntries(Object.entries(value));
}

export function readInstant(text: string): string {
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(
    text,
  );
  if (!isInstant || Number.isNaN(Date.parse(text))) {
    throw new UsageError(
      `--now must be an ISO instant such as 2026-11-22T10:00:00Z, got ${JSON.stringify(text)}`,
    );
  }
  return new Date(text).toISOString();
}

/** The time of a command: `--now`, or the real time. */
export function clock(now: string | undefined): string {
  return now === undefined ? new Date().toISOString() : readInstant(now);
}

export function readDate(text: string, name: string): string {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isDate || new Date(text).toISOString().slice(0, 10) !== text) {
    throw new UsageError(`--${name} must be a day such as 2026-11-22, got ${JSON.stringify(text)}`);
  }
  return text;
}
