import * as z from "zod";

import { openSuite } from "./suite.ts";

// Runs the plans given as JSON in its argument, and prints each outcome as one line of JSON. If the
// second argument is the beginning of a checker's name, it ends when that checker finds a problem.
const [given = "[]", caughtBy] = process.argv.slice(2);
const planSchema = z.object({
  seed: z.int(),
  kind: z.union([z.int(), z.enum(["mixed", "none"])]),
});
const suite = await openSuite();
for (const plan of z.array(planSchema).parse(JSON.parse(given))) {
  const { seed, injected, problems, calls, twice } = await suite.play(plan);
  process.stdout.write(`${JSON.stringify({ plan, seed, injected, problems, calls, twice })}\n`);
  if (caughtBy !== undefined && problems.some((one) => one.startsWith(`${caughtBy} `))) break;
}
await suite.close();
