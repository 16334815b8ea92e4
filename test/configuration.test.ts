import { format } from "oxfmt";
import { expect, it } from "vitest";
import * as z from "zod";

import { brandSchema } from "../lambdas/brand.ts";

type Node = {
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly enum?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, Node>> | undefined;
  readonly required?: readonly string[] | undefined;
};

const nodeSchema: z.ZodType<Node> = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), nodeSchema).optional();
  },
  required: z.array(z.string()).optional(),
});

it("describes every key of a brand file (npx vitest run test/configuration.test.ts -u)", async () => {
  const schema = nodeSchema.parse(z.toJSONSchema(brandSchema, { io: "input" }));
  const rows = rowsOf(schema, "");
  expect(rows.filter(({ says }) => says === "")).toEqual([]);
  const lines = rows.map(
    ({ key, wanted, preset, says }) => `| \`${key}\` | ${wanted} | ${preset} | ${says} |`,
  );
  const page = [
    "# Brand file",
    "",
    "One YAML file in `brands/` describes one retail brand, and one stack is deployed for it. A key that is",
    "not listed here, or a value that is not allowed, is an error that names the key. This page is made from the",
    "schema in `lambdas/brand.ts`; a test keeps it so.",
    "",
    "A duration is a number with `s`, `m`, `h`, `d` or `y`. An amount is a decimal in quotes.",
    "",
    "| key | value | default | meaning |",
    "| --- | --- | --- | --- |",
    ...lines,
    "",
  ].join("\n");
  const { code } = await format("configuration.md", page, { printWidth: 100 });

  await expect(code).toMatchFileSnapshot("../docs/configuration.md");
});

function rowsOf(node: Node, path: string): readonly Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]): readonly Row[] => {
    const key = path === "" ? name : `${path}.${name}`;
    if (child.properties !== undefined) return rowsOf(child, key);
    const isRequired = node.required?.includes(name) === true && child.default === undefined;
    const preset = child.default === undefined ? null : JSON.stringify(child.default);
    return [
      {
        key,
        wanted: child.enum?.join(", ") ?? (child.type === "array" ? "list" : (child.type ?? "")),
        preset: preset === null ? (isRequired ? "required" : nothingOf(child)) : `\`${preset}\``,
        says: child.description ?? "",
      },
    ];
  });
}

/** The schema does not state a default behind a transform: an optional list is empty. */
function nothingOf({ type }: Node): string {
  return type === "array" ? "`[]`" : "none";
}

type Row = {
  readonly key: string;
  readonly wanted: string;
  readonly preset: string;
  readonly says: string;
};
