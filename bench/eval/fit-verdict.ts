import { learnBrand } from "../../lambdas/refund/diagnosis/knowledge/brand-knowledge.ts";
import { Population } from "../../lambdas/refund/diagnosis/cohorts/population.ts";
import { findCohorts } from "../../lambdas/refund/diagnosis/cohorts/find-cohorts.ts";
import type { Hypothesis } from "../../lambdas/refund/diagnosis/hypotheses/hypothesis.ts";
import type { Instant } from "../../lambdas/refund/time/instant.ts";
import { answersTo } from "../../lambdas/refund/diagnosis/questions/answer-questions.ts";
import { diagnosedException } from "../../lambdas/refund/diagnosis/hypotheses/diagnosed-exception.ts";
import { EXCEPTION_STATUSES } from "../../lambdas/refund/record/sync-record.ts";
import {
  QUESTION_WEIGHTS,
  REASON_WEIGHTS,
} from "../../lambdas/refund/diagnosis/hypotheses/hypothesis-weights.ts";
import type { Life } from "../../local/life/life.ts";
import { observe } from "./observed-life.ts";
import { policyOfLife, rollUpLife, tieOutLife } from "./tied-life.ts";
import { truthsById } from "./truths-by-id.ts";

/**
 * Fits the tables of `hypothesis-weights.ts` on labelled lives: the weights for which the true
 * causes have the maximum likelihood. A ridge penalty keeps the weights near zero; the weight of a
 * question is at least a twentieth.
 */
export function fitVerdict(examples: readonly Example[]): ReadonlyMap<string, number> {
  const weights = new Map<string, number>([
    ...Object.keys(REASON_WEIGHTS).map((reason): [string, number] => [reason, 0]),
    ...Object.keys(QUESTION_WEIGHTS).map((id): [string, number] => [`question ${id}`, 0.1]),
  ]);
  for (let step = 0; step < STEPS; step += 1) {
    const now = loss(examples, weights);
    const slopes = [...weights.keys()].map((name) => {
      const nudged = new Map(weights).set(name, (weights.get(name) ?? 0) + NUDGE);
      return { name, slope: (loss(examples, nudged) - now) / NUDGE };
    });
    for (const { name, slope } of slopes) {
      const moved = (weights.get(name) ?? 0) - RATE * slope;
      weights.set(name, name.startsWith("question") ? Math.max(LEAST_QUESTION, moved) : moved);
    }
  }
  return weights;
}

/** One labelled exception: its hypotheses without reason weights, and its cohort's answers. */
export type Example = {
  readonly hypotheses: readonly Hypothesis[];
  readonly directions: readonly { readonly question: string; readonly side: number }[];
  readonly process: boolean;
};

export function examplesOf(life: Life, now: Instant): Example[] {
  const policy = policyOfLife(life);
  const records = tieOutLife(observe(life, now), policy, now);
  const rollups = rollUpLife(records, policy, now);
  const open = records.filter(({ status }) => EXCEPTION_STATUSES.has(status));
  const brand = learnBrand({ rollups, exceptions: open, policy, now });
  const suspects = open.flatMap((record) => diagnosedException(record, policy, brand) ?? []);
  const population = new Population(rollups);
  const truths = truthsById(life);
  const directions = new Map<string, Example["directions"]>();
  for (const found of findCohorts(suspects, population)) {
    const questions = answersTo({
      found,
      suspects,
      population,
      rollups,
      brand,
      policy,
      answers: [],
      since: null,
    });
    const said = questions.map(({ id, points }) => ({
      question: `question ${id}`,
      side: points === "process" ? 1 : points === "integration" ? -1 : 0,
    }));
    for (const { record } of found.members) directions.set(record.id, said);
  }
  return suspects.flatMap(({ record, hypotheses }): Example[] => {
    const cause = truths.of(record)?.cause ?? null;
    if (cause === null || hypotheses.length === 0) return [];
    const plain = hypotheses.map((one) => ({
      ...one,
      weight: one.weight / Math.exp(one.reason === null ? 0 : REASON_WEIGHTS[one.reason]),
    }));
    return [
      {
        hypotheses: plain,
        directions: directions.get(record.id) ?? [],
        process: cause !== "integration",
      },
    ];
  });
}

function loss(examples: readonly Example[], weights: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const { hypotheses, directions, process } of examples) {
    let odds = 0;
    for (const { question, side } of directions) odds += side * (weights.get(question) ?? 0);
    let right = 0;
    let all = 0;
    for (const { cause, weight, reason } of hypotheses) {
      if (cause === "undetermined") continue;
      const side = cause === "integration" ? -1 : 1;
      const likely = weight * Math.exp((weights.get(reason ?? "") ?? 0) + (side * odds) / 2);
      all += likely;
      if ((cause !== "integration") === process) right += likely;
    }
    total -= Math.log(Math.max(0.01, all === 0 ? 0 : right / all));
  }
  let ridge = 0;
  for (const weight of weights.values()) ridge += RIDGE * weight * weight;
  return total / examples.length + ridge;
}

const LEAST_QUESTION = 0.05;
const STEPS = 400;
const RATE = 1.5;
const NUDGE = 1e-4;
const RIDGE = 0.004;
