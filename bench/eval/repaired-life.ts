import { checkIn, recordIntervention } from "../../lambdas/refund/diagnosis/repairs/check-in.ts";
import type { CheckIn } from "../../lambdas/refund/diagnosis/repairs/check-in.ts";
import { failureOf } from "../../lambdas/refund/diagnosis/features/failure.ts";
import { dayOf } from "../../lambdas/refund/time/local-day.ts";
import { generateLife } from "../../local/life/generate.ts";
import { judgeLife } from "./judged-life.ts";
import { policyOfLife } from "./tied-life.ts";
import type { RepairedLife } from "./scenarios.ts";

/**
 * The verdict of the check-in on the largest cohort of a fault, a month after a repair of it was
 * recorded; null when the fault was in no cohort, so that no repair could be recorded.
 */
export function checkInOn({ life: options, fault, on }: RepairedLife): CheckIn["verdict"] | null {
  const life = generateLife(options);
  const then = judgeLife(life, on);
  const faultOf = new Map(
    then.exceptions.map(({ record, truth }) => [record.id, truth?.fault ?? null]),
  );
  const record = new Map(then.records.map((one) => [one.id, one]));
  for (const [index, cohort] of then.said.cohorts.entries()) {
    const members = then.said.members[index] ?? [];
    const struck = members.filter((id) => faultOf.get(id) === fault);
    const first = record.get(struck[0] ?? "");
    if (first === undefined || struck.length < members.length / 2) continue;
    const failure = failureOf(first);
    if (failure === null) continue;
    const intervention = recordIntervention({
      cohort: `${index}`,
      segment: cohort.segment,
      failure,
      on: dayOf(on, policyOfLife(life).timeZone),
      rollups: then.rollups,
    });
    return checkIn(intervention, judgeLife(life, life.to).rollups).verdict;
  }
  return null;
}
