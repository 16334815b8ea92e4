import { diagnoseOpen } from "../../lambdas/ledger/diagnose-open.ts";
import { findRecords } from "../../lambdas/ledger/find-records.ts";
import type { QuestionAnswer } from "../../lambdas/refund/diagnosis/questions/question.ts";
import { answersOfRecord } from "../../lambdas/refund/diagnosis/questions/answer-of-record.ts";
import { triage as weigh } from "../../lambdas/refund/diagnosis/questions/triage.ts";
import type { Triaged, TriagedQuestion } from "../../lambdas/refund/diagnosis/questions/triage.ts";
import { verdict } from "../../lambdas/reports/story.ts";
import { CAUSE_MEANS } from "../../lambdas/reports/words.ts";
import { askOnTerminal } from "../ask-on-terminal.ts";
import { atState } from "../at-state.ts";
import { stepsOf } from "../explain-cohort.ts";
import { cohortOf } from "./explain.ts";
import { findCohort } from "../find-cohort.ts";
import { readOptions } from "../options.ts";
import { ANSWERS, readAnswers } from "../person-input.ts";
import { say, sayJson } from "../say.ts";
import { paragraph } from "../screen.ts";
import { NothingKnown } from "./status.ts";
import { UsageError } from "../usage-error.ts";

/**
 * Asks the five questions about one mismatch. With a local state, known answers are filled in. It
 * needs no access to any system, and works without a state.
 */
export async function triage(words: readonly string[]): Promise<number> {
  const options = readOptions(words, ["config", "state"], {
    flags: ["json"],
    lists: ["answer"],
    words: 1,
  });
  const given = readAnswers(options.lists.get("answer") ?? []);
  const [wanted] = options.words;
  const known = await knownOf(wanted, options.values);
  const open = weigh({ known, answers: Object.fromEntries(given) }).questions.filter(
    ({ from }) => from === "nobody",
  );
  const asked = await ask(open, known);
  const triaged = weigh({ known, answers: Object.fromEntries([...given, ...asked]) });
  if (options.flags.has("json")) sayJson(triaged);
  else say(inWords(triaged).join("\n"));
  return 0;
}

async function knownOf(
  wanted: string | undefined,
  options: { readonly config?: string; readonly state?: string },
): Promise<readonly QuestionAnswer[]> {
  if (wanted === undefined) return [];
  if (options.state === undefined) {
    throw new UsageError(
      `${JSON.stringify(wanted)} needs a state: give --config and --state, or leave it out`,
    );
  }
  let known: readonly QuestionAnswer[] = [];
  await atState(options, new Date().toISOString(), async (opened) => {
    const diagnosed = await diagnoseOpen(opened.stores, opened.brand, opened.at);
    const cohort = await findCohort(opened, diagnosed, wanted);
    if (cohort !== null) known = cohort.questions;
    else {
      const [found] = await findRecords(opened.stores, wanted, opened.policy, opened.at);
      if (found === undefined) throw new NothingKnown(wanted);
      known = cohortOf(found.record, diagnosed)?.questions ?? answersOfRecord(found.record);
    }
    return 0;
  });
  return known.filter(({ answer }) => answer !== "unknown");
}

async function ask(
  open: readonly TriagedQuestion[],
  known: readonly QuestionAnswer[],
): Promise<ReadonlyMap<QuestionAnswer["id"], QuestionAnswer["answer"]>> {
  if (open.length === 0) return new Map();
  if (process.stdin.isTTY) return askOnTerminal(open, known);
  const flags = open.map(({ id, text }) => `\n  --answer ${id}=${ANSWERS.join("|")}   ${text}`);
  throw new UsageError(`there is no terminal to ask on; answer with${flags.join("")}`);
}

function inWords({ questions, cause, confidence, ...told }: Triaged): string[] {
  return [
    ...paragraph(`${verdict({ cause, confidence })}: ${CAUSE_MEANS[cause]}.`),
    "",
    ...questions.flatMap(({ id, text, answer, from, evidence }) => [
      ...paragraph(`${id}. ${text} ${answer.toUpperCase()}${WHOSE[from]}`, 0, 3),
      ...(from === "data" ? paragraph(evidence, 3) : []),
    ]),
    ...section("Why", told.indicators),
    ...section("Questions that would decide it, the most important first", told.settledBy),
    "",
    "What to do, in this order",
    ...stepsOf(told.nextSteps),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ["", title, ...lines.flatMap((line) => paragraph(`- ${line}`, 2, 2))];
}

const WHOSE = { person: "", data: " (from the data)", nobody: "" } as const;
