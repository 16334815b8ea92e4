import { parseArgs } from "node:util";
import { addPlatform } from "../local/new-platform/add-platform.ts";
import { platformOf } from "../local/new-platform/new-platform.ts";

const HELP = `npm run new-platform -- --role storefront|erp --name NAME [--title TITLE] [--folder DIR]
  --role    which side it is on
  --name    as the brand file names it: a-z and 0-9, such as woocommerce
  --title   as people call it (default: the name with a capital)
  --folder  the project (default: this folder)

Writes the skeleton of a new platform: connector, simulator, faults, page, tests that fail and say
what is to do; and registers it.`;

const { values } = parseArgs({
  options: {
    role: { type: "string" },
    name: { type: "string" },
    title: { type: "string" },
    folder: { type: "string", default: process.cwd() },
    help: { type: "boolean", default: false },
  },
});

if (values.help || values.role === undefined || values.name === undefined) {
  process.stdout.write(`${HELP}\n`);
  process.exitCode = values.help ? 0 : 2;
} else {
  try {
    const platform = platformOf({ ...values, role: values.role, name: values.name });
    const { written, changed } = addPlatform(platform, values.folder);
    const lines = [
      ...written.map((file) => `  new      ${file}`),
      ...changed.map((file) => `  changed  ${file}`),
      "",
      "Next: npm run format, then npx vitest run --project quick test/configuration.test.ts -u,",
      `then npx vitest run --project quick test/systems/${platform.role}/${platform.name}: each test that fails says what is to do.`,
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
