import type { GivenCredit } from "./knowledge/credit-loops.ts";
import { learnBrand } from "./knowledge/brand-knowledge.ts";
import { cohortKey } from "./cohorts/cohort-key.ts";
import { Population } from "./cohorts/population.ts";
import { describeCohort } from "./describe-cohort.ts";
import type { DescribedCohort } from "./describe-cohort.ts";
import { onsetOfFailure } from "./cohorts/onset.ts";
import { findCohorts } from "./cohorts/find-cohorts.ts";
import type { FoundCohort } from "./cohorts/find-cohorts.ts";
import type { Onset } from "../statistics/change-point.ts";
import type { DailyRollup } from "./rollup/daily-rollup.ts";
import type { Diagnosis } from "./patterns/diagnosis.ts";
import type { NamedCohort } from "./cohort.ts";
import type { Failure } from "./features/failure.ts";
import { isoDuration } from "../time/iso-duration.ts";
import type { Instant } from "../time/instant.ts";
import type { Drift } from "./rounding/drift-total.ts";
import type { RoundingFinding } from "./rounding/rounding-finding.ts";
import { diagnosedException } from "./hypotheses/diagnosed-exception.ts";
import type { DiagnosedException } from "./hypotheses/diagnosed-exception.ts";
import { isClaim } from "../observation/nothing-to-book.ts";
import type { SyncRecord } from "../record/sync-record.ts";
import { ownershipWords } from "../observation/ownership.ts";
import type { Policy } from "../policy.ts";
import type { PersonsAnswer } from "./questions/given-answer.ts";

/**
 * Diagnoses the open exceptions, each by itself and in cohorts. The only data it needs are the
 * roll-ups of the last days and the exceptions; their order does not change the result.
 */
export function diagnose({
  rollups,
  exceptions: all,
  policy,
  now,
  answers = [],
  olderCredits = [],
}: DiagnosisInput): Diagnosed {
  // Documents of another business show nothing about this shop's integration or people.
  const exceptions = all.filter(({ ownership }) => ownership !== "probably_not_ours");
  const brand = learnBrand({ rollups, olderCredits, exceptions, policy, now });
  const diagnosedExceptions = exceptions
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((record) => diagnosedException(record, policy, brand) ?? []);
  const population = new Population(rollups);
  const described = findCohorts(diagnosedExceptions.filter(isNoClaim), population)
    .map((found) =>
      describeCohort({
        found,
        suspects: diagnosedExceptions,
        population,
        rollups,
        brand,
        policy,
        answers,
        since: onsetOfCohort(found, diagnosedExceptions, rollups),
      }),
    )
    .filter(hasSomethingInCommon);
  const diagnoses = new Map(
    diagnosedExceptions.map(({ record, diagnosis }) => [record.id, diagnosis]),
  );
  for (const { id, ownership, documents } of all) {
    if (ownership === "probably_not_ours") diagnoses.set(id, notOurs(documents, policy));
  }
  for (const { diagnoses: ofMembers } of described) {
    for (const [id, diagnosis] of ofMembers) diagnoses.set(id, diagnosis);
  }
  return {
    diagnoses,
    cohorts: described.map(({ cohort, found }) => ({
      ...cohort,
      key: cohortKey(found),
      failure: commonest(found.members),
    })),
    members: described.map(({ found }) => found.members.map(({ record }) => record.id)),
    asyncGap: {
      p50: isoDuration(brand.delay.percentile(0.5)),
      p90: isoDuration(brand.delay.percentile(0.9)),
      p99: isoDuration(brand.delay.percentile(0.99)),
      batchCadence: isoDuration(brand.delay.cadence),
    },
    rounding: brand.rounding,
    drift: brand.drift,
  };
}

/**
 * Without a segment, the roll-ups count the failure of all refunds: that is the cohort's own only
 * where it has nearly all of these exceptions.
 */
function onsetOfCohort(
  { members, segment }: FoundCohort,
  all: readonly DiagnosedException[],
  rollups: readonly DailyRollup[],
): Onset | null {
  const failure = commonest(members);
  const alike = all.filter((one) => one.failure === failure).length;
  if (segment.size === 0 && members.length < alike * NEARLY_ALL) return null;
  return onsetOfFailure(rollups, Object.fromEntries(segment), failure);
}

const NEARLY_ALL = 0.8;

/** A claim is no refund: no step of people or systems that refunds pass has lost it. */
function isNoClaim({ record: { refund } }: DiagnosedException): boolean {
  return refund === null || !isClaim(refund);
}

function notOurs(documents: SyncRecord["documents"], policy: Policy): Diagnosis {
  const evidence = documents.map((document) => ownershipWords(document, policy));
  return { cause: "undetermined", pattern: null, confidence: 0, evidence };
}

/** The diagnosis of one record from its own data, possible as soon as it is an exception. */
export function diagnoseRecord(record: SyncRecord, policy: Policy): Diagnosis {
  const diagnosed = diagnosedException(record, policy, null);
  return (
    diagnosed?.diagnosis ?? { cause: "undetermined", pattern: null, confidence: 0, evidence: [] }
  );
}

export type DiagnosisInput = {
  /** The last 30 days, any order. */
  readonly rollups: readonly DailyRollup[];
  /** Open now. */
  readonly exceptions: readonly SyncRecord[];
  readonly policy: Policy;
  readonly now: Instant;
  readonly answers?: readonly PersonsAnswer[];
  /** Store credit that was given before the roll-ups. */
  readonly olderCredits?: readonly GivenCredit[];
};

export type Diagnosed = {
  readonly diagnoses: ReadonlyMap<string, Diagnosis>;
  readonly cohorts: readonly NamedCohort[];
  /** The record ids of each cohort, in the order of `cohorts`. */
  readonly members: readonly (readonly string[])[];
  /** ISO 8601 durations; null where there are too few data. */
  readonly asyncGap: Readonly<Record<"p50" | "p90" | "p99" | "batchCadence", string | null>>;
  /** The rounding rules of the two systems; null where too few refunds drift or no rule fits. */
  readonly rounding: RoundingFinding | null;
  readonly drift: Drift;
};

/** The most frequent failure; of equally frequent ones, the first in the alphabet. */
function commonest(members: readonly DiagnosedException[]): Failure {
  const counts = new Map<Failure, number>();
  for (const { failure } of members) counts.set(failure, (counts.get(failure) ?? 0) + 1);
  const [first] = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (first === undefined) throw new Error("a cohort without members");
  return first[0];
}

/**
 * False for a cohort without a segment, without a pattern and without a known cause: its exceptions
 * are similar only by chance.
 */
function hasSomethingInCommon({ found, cohort }: DescribedCohort): boolean {
  return found.segment.size > 0 || cohort.pattern !== null || cohort.cause !== "undetermined";
}
