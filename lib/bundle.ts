import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as esbuild } from "esbuild";
import type { Plugin } from "esbuild";

/**
 * Bundles every job into its own folder below `into`: one small file that a cold start loads, and
 * chunks that are loaded when they are first needed. The same sources give the same bytes.
 */
export async function bundleJobs(into: string): Promise<void> {
  await Promise.all(
    JOBS.map((job) => bundle(join(ROOT, "lambdas", "jobs", `${job}.ts`), join(into, job))),
  );
}

/** Bundles one handler as it is deployed. */
export async function bundle(entry: string, into: string): Promise<void> {
  await esbuild({
    entryPoints: { index: entry },
    outdir: into,
    outExtension: { ".js": ".mjs" },
    absWorkingDir: ROOT, // so that the bundle contains no path of this machine
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    mainFields: ["module", "main"],
    minify: true,
    legalComments: "none",
    banner: { js: REQUIRE },
    plugins: [environmentCredentials, shakeableSchemas, versionsOnly, noBrowsers],
    logLevel: "error",
  });
}

const JOBS = ["pull", "watch", "digest"] as const;
const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Some packages are still CommonJS inside, and an ES module must create `require` itself. */
const REQUIRE =
  "import{createRequire as __require}from'node:module';const require=__require(import.meta.url);";

/**
 * A Lambda function always has its credentials in its environment. The SDK's default chain also
 * searches nine other places, and for that adds the clients of STS, SSO and the login service: 130
 * KB.
 */
const environmentCredentials: Plugin = {
  name: "credentials-from-the-environment",
  setup(build) {
    const filter = /@aws-sdk[\\/]credential-provider-node[\\/]dist-es[\\/]index\.js$/;
    build.onLoad({ filter }, () => ({
      contents: `
        import { fromEnv } from "@aws-sdk/credential-provider-env";
        export const defaultProvider = (init) => fromEnv(init);`,
      loader: "js",
      resolveDir: ROOT,
    }));
  },
};

/**
 * The SDK describes each operation by a constant with computed keys. For esbuild this is a side
 * effect, so it keeps all operations of S3, although only three are called. When the constants are
 * marked as pure, esbuild removes the others: 55 KB.
 */
const shakeableSchemas: Plugin = {
  name: "shakeable-schemas",
  setup(build) {
    const filter = /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;
    build.onLoad({ filter }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return { contents: text.replaceAll(SCHEMA, "$1/* @__PURE__ */ (() => $2)();"), loader: "js" };
    });
  },
};
const SCHEMA = /^((?:export )?(?:var|const) [\w$]+ = )(\[.*\](?=;$)|\[[\s\S]*?^\](?=;$));/gm;

/** Each client needs only the version from its package.json, but would bundle the whole file. */
const versionsOnly: Plugin = {
  name: "versions-only",
  setup(build) {
    build.onLoad({ filter: /@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const manifest: unknown = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ version: versionIn(manifest) }), loader: "json" };
    });
  },
};

/** The SDK identifies browsers with it; splitting would keep it as a file that nothing loads. */
const noBrowsers: Plugin = {
  name: "no-browsers",
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/]bowser[\\/]/ }, () => ({
      contents: "export {}",
    }));
  },
};

function versionIn(manifest: unknown): unknown {
  const known = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return known ? manifest.version : "unknown";
}
