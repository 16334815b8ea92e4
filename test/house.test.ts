import { cruise } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { expect, it } from "vitest";

it("keeps the laws of the house", { timeout: 60_000 }, async () => {
  const options = await extractDepcruiseOptions("./.dependency-cruiser.mjs");
  const { output } = await cruise(
    ["bin", "cli", "lib", "lambdas", "local", "test", "bench", "faults"],
    options,
    undefined,
    {
      tsConfig: extractTSConfig("./tsconfig.json"),
    },
  );
  if (typeof output === "string") throw new Error(output);

  expect(output.summary.totalCruised, "a cruise that saw nothing proves nothing").toBeGreaterThan(
    20,
  );
  expect(
    output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  ).toEqual([]);
});
