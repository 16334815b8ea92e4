import { diagnoseOpen } from "../../lambdas/ledger/diagnose-open.ts";
import { appendActs } from "../../lambdas/ledger/store/act-log.ts";
import type { Act } from "../../lambdas/ledger/store/act-log.ts";
import { saveAnswer } from "../../lambdas/ledger/store/answers.ts";
import { verdict } from "../../lambdas/reports/story.ts";
import { atState } from "../at-state.ts";
import { requiredCohort } from "../find-cohort.ts";
import { clock, readOptions } from "../options.ts";
import { personsName, personsNote, readAnswers } from "../person-input.ts";
import { say } from "../say.ts";
import { UsageError } from "../usage-error.ts";

/** Stores a person's answers about a cohort: they override the answers from the data. */
export async function answer(words: readonly string[]): Promise<number> {
  const { values, words: positionals } = readOptions(
    words,
    ["config", "state", "by", "note", "now"],
    {
      words: 6,
    },
  );
  const [wanted, ...given] = positionals;
  if (wanted === undefined || given.length === 0) {
    throw new UsageError("give the cohort's key and the answers: answer KEY 2=yes 5=no --by NAME");
  }
  const answers = readAnswers(given);
  const by = personsName(values.by);
  const note = personsNote(values.note);
  const now = clock(values.now);
  return atState(values, now, async (opened) => {
    const { stores, brand, at } = opened;
    const before = await requiredCohort(opened, await diagnoseOpen(stores, brand, at), wanted);
    for (const [question, word] of answers) {
      const one = { cohort: before.key, question, answer: word, by, at: now, note };
      await saveAnswer(stores.table, one);
    }
    const acts = [...answers].map(([question, word]): Act => ({
      act: "answer",
      subject: before.key,
      by,
      said: `${question}=${word}${note === "" ? "" : `: ${note}`}`,
    }));
    await appendActs(stores.objects, acts, now);
    const { cohorts } = await diagnoseOpen(stores, brand, at);
    const after = cohorts.find(({ key }) => key === before.key);
    say(`Stored for ${before.key}.`);
    if (after === undefined) say("No such cohort exists now. Your answers count when it is back.");
    else say(`Verdict: ${verdict(before)} before, ${verdict(after)} now.`);
    return 0;
  });
}
