import { join } from "node:path";
import * as z from "zod";

import { ENV, MOVED_CLOCK } from "../../lambdas/names.ts";
import { lambdaProcess } from "./lambda-process.ts";
import type { LambdaProcess } from "./lambda-process.ts";
import { nameOf, REGION } from "./stack-names.ts";
import { resolved } from "./template.ts";
import type { Names, Template } from "./template.ts";

/** The template's functions by logical id, each ready to run its own bundle. */
export function deployFunctions(
  { stack, template, assets }: StackFiles,
  names: Names,
  endpointsOf: (functionId: string) => Readonly<Record<string, string>>,
  log: (line: string) => void,
): ReadonlyMap<string, LambdaProcess> {
  const functions = new Map<string, LambdaProcess>();
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== "AWS::Lambda::Function") continue;
    const { Code, Environment, ...settings } = functionSchema.parse(resolved(Properties, names));
    const deployed = {
      name: nameOf(stack, id),
      arn: names.attribute(id, "Arn"),
      assets: join(assets, `asset.${Code.S3Key.replace(/\.zip$/, "")}`),
      handler: settings.Handler,
      memoryMb: settings.MemorySize,
      timeoutMs: settings.Timeout * 1_000,
      environment: {
        ...Environment.Variables,
        ...endpointsOf(id),
        ...CREDENTIALS,
        [ENV.clock]: MOVED_CLOCK,
      },
      log,
    };
    functions.set(id, lambdaProcess(deployed));
  }
  return functions;
}

/** Chooses the endpoints of a function by its logical id, from the endpoints of all functions. */
export type EndpointsFor = (
  functionId: string,
  endpoints: Readonly<Record<string, string>>,
) => Readonly<Record<string, string>>;

export type StackFiles = {
  readonly stack: string;
  readonly template: Template;
  readonly assets: string;
};

const functionSchema = z.object({
  Handler: z.string(),
  MemorySize: z.number(),
  Timeout: z.number(),
  Code: z.object({ S3Key: z.string() }),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

/** The credentials that a function's role would provide; nothing here checks them. */
const CREDENTIALS = {
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_SESSION_TOKEN: "local",
};
