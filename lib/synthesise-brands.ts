import { App, Validations } from "aws-cdk-lib";
import { CURRENTLY_RECOMMENDED_FLAGS } from "aws-cdk-lib/cx-api";

import { readBrandFile } from "./brand-file.ts";
import { BrandStack } from "./brand-stack.ts";

/**
 * Synthesises one stack for each brand file.
 *
 * @throws BrandFileError, BrandTwice, BrandTooLong; and an error of the CDK when a stack breaks one
 * of AWS's rules without a stated reason
 */
export async function synthesiseBrands(
  files: readonly string[],
  { assets, outdir, reviewed }: SynthesisOptions,
): Promise<void> {
  const app = new App({
    ...(outdir !== undefined && { outdir }),
    analyticsReporting: false,
    // Here and not in cdk.json, so that a run on this machine gets the stack that a deploy gets.
    context: CURRENTLY_RECOMMENDED_FLAGS,
  });
  const taken = new Map<string, string>();
  for (const file of files) {
    const brand = readBrandFile(file);
    const other = taken.get(brand.brand);
    if (other !== undefined) throw new BrandTwice(brand.brand, other, file);
    taken.set(brand.brand, file);
    new BrandStack(app, brand, assets);
  }
  if (reviewed) {
    const { AwsSolutionsChecks } = await import("cdk-nag");
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
  app.synth();
}

export type SynthesisOptions = {
  /** The folder that `bundleJobs` filled. */
  readonly assets: string;
  /** The output folder; without it, the folder that the CDK's command line sets. */
  readonly outdir?: string;
  /** Whether AWS's rules are checked: yes before a deploy, no for a run on this machine. */
  readonly reviewed: boolean;
};

export class BrandTwice extends Error {
  override readonly name = "BrandTwice";
  constructor(brand: string, one: string, other: string) {
    super(`${one} and ${other} both name the brand ${brand}: one brand is one stack`);
  }
}
