import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { SCHEMA, TABLES, type Versioned } from "./tables.ts";

/**
 * A database in memory that runs SuiteQL, with NetSuite's tables and functions.
 *
 * To create an empty database takes seconds, so the first one is saved in node_modules/.cache and
 * loaded at the next start.
 */
export async function startEngine(options: {
  readonly rows: ReadonlyMap<string, readonly Versioned[]>;
  readonly sessionTimeZone: string;
}): Promise<Engine> {
  const database = await emptyDatabase();
  await load(database, options.rows);
  await database.query("SELECT set_config('timezone', $1, false)", [options.sessionTimeZone]);
  await database.exec("SET search_path = netsuite, pg_catalog");

  let shown = "";
  return {
    async run(text, now) {
      if (now !== shown) {
        await database.query("UPDATE life.world SET now = $1::timestamptz", [now]);
        shown = now;
      }
      const { rows } = await database.query<Record<string, string | null>>(text, [], {
        parsers: AS_TEXT,
      });
      return rows;
    },
    replace: async (rows) => {
      await database.exec(TABLES.map(({ name }) => `TRUNCATE life.${name}`).join(";"));
      await load(database, rows);
    },
    stop: async () => database.close(),
  };
}

async function load(
  database: PGlite,
  rowsOf: ReadonlyMap<string, readonly Versioned[]>,
): Promise<void> {
  for (const { name } of TABLES) {
    const rows = rowsOf.get(name) ?? [];
    await database.query(
      `INSERT INTO life.${name} SELECT * FROM json_populate_recordset(NULL::life.${name}, $1::json)`,
      [JSON.stringify(rows)],
    );
  }
  await database.exec("ANALYZE");
}

export type Engine = {
  /** @param now ISO instant, or "infinity": the world is shown as it was then */
  run(text: string, now: string): Promise<Record<string, string | null>[]>;
  /** Loads another life into the same database: to start one takes longer than to load a life. */
  replace(rows: ReadonlyMap<string, readonly Versioned[]>): Promise<void>;
  stop(): Promise<void>;
};

async function emptyDatabase(): Promise<PGlite> {
  const kept = await readFile(CACHE).catch(() => null);
  if (kept !== null) {
    const database = await PGlite.create({ loadDataDir: new Blob([kept]) }).catch(() => null);
    if (database !== null) return database; // a damaged copy is made again below
  }
  const database = await PGlite.create();
  await database.exec(SCHEMA);
  await keep(database).catch(() => undefined); // without the copy, only the next start is slower
  return database;
}

/** Written to another file and renamed, so that a parallel start reads a complete copy or none. */
async function keep(database: PGlite): Promise<void> {
  const copy = await database.dumpDataDir("none");
  const aside = `${CACHE}.${process.pid}`;
  await mkdir(dirname(CACHE), { recursive: true });
  await writeFile(aside, Buffer.from(await copy.arrayBuffer()));
  await rename(aside, CACHE);
}

const text = (value: string): string => value;
/** Oracle shows no trailing zeros after the decimal point. */
const decimal = (value: string): string =>
  value.includes(".") ? value.replace(/\.?0+$/, "") : value;
/** A date that is selected without a format has the user's format, and no time. */
const userDate = (value: string): string => {
  const [, year = "", month = "", day = ""] = /^(\d+)-(\d+)-(\d+)/.exec(value) ?? [];
  return `${Number(month)}/${Number(day)}/${year}`;
};

/** Parsers by Postgres' type ids: all values in an answer of NetSuite are texts. */
const AS_TEXT = {
  16: (value: string): string => (value === "t" ? "T" : "F"),
  20: text,
  21: text,
  23: text,
  701: decimal,
  1700: decimal,
  1082: userDate,
  1114: userDate,
  1184: userDate,
};

const CACHE = fileURLToPath(
  new URL(
    `../../node_modules/.cache/refund-watch/netsuite-${createHash("sha256").update(SCHEMA).digest("hex").slice(0, 12)}.tar`,
    import.meta.url,
  ),
);
