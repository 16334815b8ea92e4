import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import { ENTITIES, type Fields } from "../../../../local/sap/entities.ts";
import type { Row } from "./system.ts";

/**
 * A real OData V2 engine by other people (SAP's CAP with its V2 adapter, on SQLite), which serves the
 * slice of SAP's metadata with these rows. `.ci/sap-odata` pins it.
 *
 * @param rows rows by "service/set", as OData V2 writes them
 * @param pageSize the engine ends its pages after so many rows
 * @returns the reason in words where it is not installed
 */
export async function startEngine(
  rows: ReadonlyMap<string, readonly Row[]>,
  pageSize: number,
): Promise<{ readonly url: string; readonly stop: () => void } | string> {
  const engine = resolve(process.env["SAP_ODATA_ENGINE"] ?? ".ci/sap-odata");
  const modules = join(engine, "node_modules");
  if (!existsSync(join(modules, "@sap/cds"))) {
    return "no OData engine is installed (npm ci --prefix .ci/sap-odata, or SAP_ODATA_ENGINE names its folder)";
  }
  const folder = mkdtempSync(join(tmpdir(), "sap-odata-"));
  symlinkSync(modules, join(folder, "node_modules"));
  // CAP finds its plugins by the dependencies that a package names.
  const pinned = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(engine, "package.json"), "utf8")));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...pinned, ...SETTINGS }));
  mkdirSync(join(folder, "srv"));
  mkdirSync(join(folder, "db/data"), { recursive: true });
  for (const service of new Set([...ENTITIES.keys()].map((path) => path.split("/")[0] ?? ""))) {
    writeFileSync(join(folder, `srv/${service}.cds`), modelOf(service, pageSize));
  }
  for (const [path, own] of rows) {
    const { fields = new Map() } = ENTITIES.get(path) ?? {};
    writeFileSync(join(folder, `db/data/${path.replace("/", "-")}.csv`), tableOf(own, fields));
  }
  const server = spawn(process.execPath, [join(modules, ".bin/cds-serve"), "--port", "0"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = (): void => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const lines: string[] = [];
  for await (const line of createInterface(server.stdout)) {
    lines.push(line);
    const port = /server listening on .*localhost:(\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      server.stdout.resume();
      return { url: `http://localhost:${port}`, stop };
    }
  }
  stop();
  throw new Error(`The OData engine ended before it listened: ${lines.slice(-5).join(" | ")}`);
}

const SETTINGS = {
  cds: {
    requires: {
      db: { kind: "sqlite", credentials: { url: ":memory:" } },
      auth: { kind: "dummy" },
    },
    cov2ap: { plugin: true, path: "sap/opu/odata/sap" },
  },
};

function modelOf(service: string, pageSize: number): string {
  const sets = [...ENTITIES].filter(([path]) => path.startsWith(`${service}/`));
  const entities = sets.map(([path, { keys, fields, itemFields }]) => {
    const [key = ""] = keys;
    const set = path.split("/")[1] ?? "";
    const own = [...fields].map(
      ([name, type]) => `${keys.includes(name) ? "key " : ""}${name} : ${TYPES[type] ?? type};`,
    );
    const items =
      itemFields.size === 0
        ? []
        : [`to_Item : Association to many ${set}Item on to_Item.${key} = ${key};`];
    return `entity ${set} { ${[...own, ...items].join("\n")} }`;
  });
  return [
    `@path: '/${service}' @requires: 'any'`,
    `@cds.query.limit: { default: ${pageSize}, max: ${pageSize} }`,
    `service ${service} { ${entities.join("\n")} }`,
  ].join("\n");
}

/** The engine's own names of the types of OData V2. */
const TYPES: Readonly<Record<string, string>> = { DateTime: "Date", DateTimeOffset: "Timestamp" };

function tableOf(rows: readonly Row[], fields: Fields): string {
  const names = [...fields.keys()];
  const lines = rows.map((row) =>
    names.map((name) => cellOf(row[name], fields.get(name) ?? "")).join(";"),
  );
  return [names.join(";"), ...lines].join("\n");
}

/** Instants as ISO texts: the engine writes them as OData V2 does. */
function cellOf(value: unknown, type: string): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const ms = /^\/Date\((-?\d+)/.exec(text)?.[1];
  if (ms !== undefined) {
    const at = new Date(Number(ms)).toISOString();
    return type === "DateTime" ? at.slice(0, 10) : at;
  }
  const [, hours, minutes, seconds] = /^PT(\d+)H(\d+)M(\d+)S$/.exec(text) ?? [];
  return hours === undefined ? `"${text}"` : `${hours}:${minutes}:${seconds}`;
}
