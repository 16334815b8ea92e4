import { remakeDay } from "../../lambdas/ledger/day-files.ts";
import { atState } from "../at-state.ts";
import { readOptions } from "../options.ts";
import { say, sayJson } from "../say.ts";
import { UsageError } from "../usage-error.ts";

/** Makes the digest of a day again from its stored evidence, and says whether it is the same. */
export async function rebuild(words: readonly string[]): Promise<number> {
  const options = readOptions(words, ["config", "state"], { flags: ["json"], words: 1 });
  const [date = ""] = options.words;
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) {
    throw new UsageError(
      `give the day of the digest, such as 2026-11-22, got ${JSON.stringify(date)}`,
    );
  }
  return atState(options.values, new Date().toISOString(), async ({ stores }) => {
    const { why, differs } = await remakeDay(stores.objects, date);
    if (options.flags.has("json")) sayJson({ date, why, differs });
    else say(resultText(date, why, differs));
    return why === null && differs.length === 0 ? 0 : 1;
  });
}

function resultText(date: string, why: string | null, differs: readonly string[]): string {
  if (why !== null) return `The digest of ${date} cannot be made again: ${why}.`;
  return differs.length === 0
    ? `The digest of ${date} was made again from its stored evidence: every byte is the same.`
    : `The digest of ${date} was made again from its stored evidence: it differs in ${differs.join(", ")}.`;
}
