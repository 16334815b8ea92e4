import * as z from "zod";

/** A synthesised CloudFormation template, as far as the local cloud reads it. */
export type Template = z.infer<typeof templateSchema>;

export function parseTemplate(value: unknown): Template {
  return templateSchema.parse(value);
}

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).optional(),
});

/** Resolves references to resources. */
export type Names = {
  /** `{ Ref: id }` */
  ref(logicalId: string): string;
  /** `{ "Fn::GetAtt": [id, attribute] }` */
  attribute(logicalId: string, attribute: string): string;
};

/**
 * A value of the template, with its intrinsic functions replaced by their results.
 *
 * @throws UnsupportedIntrinsic for one that the product's stacks do not use
 */
export function resolved(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => resolved(item, names));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && isIntrinsic(first[0])) {
    return intrinsic(first[0], first[1], names);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, resolved(item, names)]));
}

/** The same, for a value that must be a text. */
export function resolvedText(value: unknown, names: Names): string {
  return z.string().parse(resolved(value, names));
}

function isIntrinsic(key: string): boolean {
  return key === "Ref" || key === "Condition" || key.startsWith("Fn::");
}

function intrinsic(name: string, argument: unknown, names: Names): string {
  switch (name) {
    case "Ref":
      return names.ref(z.string().parse(argument));
    case "Fn::GetAtt": {
      const [logicalId, attribute] = z.tuple([z.string(), z.string()]).parse(argument);
      return names.attribute(logicalId, attribute);
    }
    case "Fn::Join": {
      const [separator, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(argument);
      return parts.map((part) => resolvedText(part, names)).join(separator);
    }
    case "Fn::Sub":
      return z
        .string()
        .parse(argument)
        .replaceAll(/\$\{([^!}][^}]*)\}/g, (_, inside: string) => substituted(inside, names));
    default:
      throw new UnsupportedIntrinsic(name, argument);
  }
}

function substituted(inside: string, names: Names): string {
  const [logicalId = inside, ...attribute] = inside.split(".");
  return attribute.length === 0
    ? names.ref(logicalId)
    : names.attribute(logicalId, attribute.join("."));
}

export class UnsupportedIntrinsic extends Error {
  override readonly name = "UnsupportedIntrinsic";
  constructor(name: string, argument: unknown) {
    super(`the local cloud cannot resolve ${name} ${JSON.stringify(argument).slice(0, 200)}`);
  }
}
