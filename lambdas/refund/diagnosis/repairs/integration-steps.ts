import { someOf } from "../questions/cohort-case.ts";
import type { CohortCase } from "../questions/cohort-case.ts";
import type { Pattern } from "../patterns/diagnosis.ts";
import { inWords as durationInWords } from "../../time/instant.ts";
import { channelPath } from "../../observation/tenders.ts";
import { sinceInWords } from "../../time/days-in-words.ts";
import { mappingAudit } from "./mapping-audit.ts";
import type { MappedField } from "../features/field-mapping.ts";
import type { AuditedField } from "./mapping-audit.ts";
import { driftInWords, roundingInWords } from "../rounding/rounding-words.ts";
import { FORMULA_WORDS } from "../features/formula-words.ts";
import { bookedOtherwiseSince } from "../hypotheses/booked-otherwise.ts";
import type { DiagnosedException } from "../hypotheses/diagnosed-exception.ts";

/** The steps of an integration repair: mapping, reconciliation log, end-to-end test, alerts. */
export function integrationSteps(one: CohortCase, pattern: Pattern | null): string[] {
  const { members } = one.found;
  return [
    `Integration's owner: ${isUnpaid(members) ? payoutStep(one) : auditStep(one)}`,
    ...patternSteps(one, pattern),
    `Integration's owner: read in the reconciliation log what was sent and what the ERP confirmed for ${someOf(members)}; ${repairOf(members)}.`,
    `Integration's owner: send one test refund like them (${members[0]?.features?.profile ?? "same kind of document"}) from storefront to ERP; the amounts must agree. If the next ${proofOf(members.length, one.found.population)} refunds of this kind have no mismatch, the repair worked.`,
    "ERP administrator: keep the amount and age alerts for this kind active until the 30-day check-in.",
    "If nobody owns the code of the mapping, give this work to an integration partner; it is more than a small repair.",
  ];
}

function payoutStep({ found, policy }: CohortCase): string {
  const [first] = found.members;
  const since = first === undefined ? null : bookedOtherwiseSince(first.record, policy);
  const when = since === null ? "" : ` It has not run for them ${sinceInWords(since)}.`;
  return `find the step that pays out a credit, or applies it, and why it left out these refunds.${when}`;
}

function repairOf(members: readonly DiagnosedException[]): string {
  if (isUnpaid(members)) return "pay out the credits or apply them";
  return missing(members) ? "re-send them" : "correct them in the ERP";
}

function isUnpaid(members: readonly DiagnosedException[]): boolean {
  return members.every(({ failure }) => failure === "unpaid");
}

function auditStep({ found, rollups }: CohortCase): string {
  const types = new Set(
    found.members.flatMap(({ record: { refund } }) => (refund === null ? [] : channelPath(refund))),
  );
  const worst = [...types]
    .toSorted()
    .flatMap((type) =>
      mappingAudit(rollups, type)
        .filter((field) => isBroken(field) && isEverFilled(rollups, field.field))
        .map((field) => ({ type, ...field })),
    )
    .toSorted((a, b) => disagreeing(b) / b.refunds - disagreeing(a) / a.refunds)
    .slice(0, MOST_FIELDS);
  if (worst.length === 0 && missing(found.members)) {
    return "find out why these refunds were not sent, or not accepted; the fields of the refunds that arrived agree.";
  }
  if (worst.length === 0) {
    return "audit the mapping of the refund transaction type field by field; the fields compared so far agree, so look for fields that are not sent at all.";
  }
  return `audit the mapping of the refund transaction type, beginning with ${worst.map(inWords).join("; ")}.`;
}

/** A field that the ERP never fills on any refund of the brand does not exist in this ERP. */
function isEverFilled(rollups: CohortCase["rollups"], field: MappedField): boolean {
  return rollups.some(({ mapping }) =>
    Object.values(mapping).some((fields) => (fields[field]?.filled ?? 0) > 0),
  );
}

function isBroken(field: AuditedField): boolean {
  return field.refunds >= 5 && disagreeing(field) > field.refunds * 0.03;
}

/** Refunds on which a compared field does not agree; a missing value does not agree either. */
function disagreeing({ refunds, agreed }: AuditedField): number {
  return refunds - agreed;
}

/** "order id missing on 2 of 29 refunds of type web/klarna". */
function inWords({ type, ...audited }: AuditedField & { readonly type: string }): string {
  const { field, refunds, filled, broke } = audited;
  const wrong = disagreeing(audited);
  const since = broke === null ? "" : `, ${sinceInWords(broke)}`;
  const how = refunds - filled >= wrong ? "missing" : "differing";
  return `${field} ${how} on ${wrong} of ${refunds} refunds of type ${type.replace(", ", "/")}${since}`;
}

function patternSteps({ found, brand, rollups }: CohortCase, pattern: Pattern | null): string[] {
  const first = found.members[0];
  const formula = first?.formula ?? null;
  if (pattern === "rounding_drift" && brand.rounding !== null) {
    const drift = driftInWords(brand.drift, rollups.length);
    return [
      `ERP administrator: make both systems round by the same rule. ${roundingInWords(brand.rounding)} ${drift}`,
    ];
  }
  if (pattern === "promo_mismatch") {
    return [
      "Integration's owner: send the amount after discounts, or the discount allocation with each line; today the ERP takes the base price.",
    ];
  }
  if (pattern === "async_gap") {
    const p99 = brand.delay.longestInWords() ?? "the longest usual gap";
    const cadence =
      brand.delay.cadence === null
        ? ""
        : ` (the batch runs every ${durationInWords(brand.delay.cadence)})`;
    return [
      `Integration's owner: confirm each refund at once instead of with the batch${cadence}; until then, treat a refund as stale only after ${p99}.`,
    ];
  }
  if (formula === null) return [];
  return [
    `Integration's owner: the ERP's amount is reproduced if ${FORMULA_WORDS[formula]}. Map that field.`,
  ];
}

function missing(members: readonly DiagnosedException[]): boolean {
  return members.every(({ failure }) => failure === "missing");
}

/** The number of refunds in a row without failure that has a probability of 5 % at the old rate. */
function proofOf(count: number, population: number): number {
  const rate = Math.min(0.95, Math.max(0.01, count / Math.max(1, population)));
  return Math.ceil(Math.log(0.05) / Math.log(1 - rate));
}

/** A person repairs the first fields before reading more, so a longer list does not help. */
const MOST_FIELDS = 3;
