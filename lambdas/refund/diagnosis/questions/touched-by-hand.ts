import { samplesOf } from "./cohort-case.ts";
import type { CohortCase } from "./cohort-case.ts";
import type { QuestionAnswer } from "./question.ts";
import { atLeastByChance } from "../../statistics/fisher.ts";
import type { HumanTouch } from "../features/human-touch.ts";

/**
 * Did a person edit or override it after it was processed? Touched means process, untouched means
 * integration.
 *
 * People make most refunds, so a touch counts only where it is more frequent than on all refunds.
 * The answer is "no" only where the ERP has documents and no person touched them.
 */
export function humanTouch({ found, rollups }: CohortCase): QuestionAnswer {
  const touches = [...knownTouches(found.members.map((member) => member.touches))].map(
    ([kind, { known, touched }]) => {
      const base = baseOf(rollups, kind);
      const population = Math.max(base.known, known);
      const special = Math.min(population, Math.max(base.touched, touched));
      const chance = atLeastByChance({ seen: touched, drawn: known, special, population });
      return { kind, known, touched, base, chance };
    },
  );
  if (touches.length === 0) {
    return {
      id: 2,
      answer: "unknown",
      points: "neither",
      evidence: "Neither system shows who made or changed these refunds.",
    };
  }
  const worst = touches.toSorted((a, b) => a.chance - b.chance || b.touched - a.touched)[0];
  const evidence = touches
    .map(({ kind, known, touched, base }) => `${kind}: ${touched} of ${known}${usual(base)}`)
    .join("; ");
  const samples = ` (${samplesOf(found.members)}).`;
  if (worst !== undefined && worst.touched > 0 && worst.chance * touches.length < 0.01) {
    return { id: 2, answer: "yes", points: "process", evidence: evidence + samples };
  }
  const onDocuments = touches.filter(({ kind }) => kind.startsWith("document"));
  const untouched =
    onDocuments.some(({ known }) => known > 0) && onDocuments.every(({ touched }) => touched === 0);
  if (untouched)
    return { id: 2, answer: "no", points: "integration", evidence: evidence + samples };
  return { id: 2, answer: "mixed", points: "neither", evidence: evidence + samples };
}

type Counted = { readonly known: number; readonly touched: number };

function knownTouches(all: readonly (readonly HumanTouch[])[]): Map<string, Counted> {
  const seen = new Map<string, Counted>();
  for (const { kind, touched } of all.flat()) {
    const { known = 0, touched: before = 0 } = seen.get(kind) ?? {};
    seen.set(kind, { known: known + 1, touched: before + (touched ? 1 : 0) });
  }
  return seen;
}

function baseOf(rollups: CohortCase["rollups"], kind: string): Counted {
  const days = rollups.flatMap(({ hands }) => hands[kind] ?? []);
  return {
    known: days.reduce((total, day) => total + day.known, 0),
    touched: days.reduce((total, day) => total + day.touched, 0),
  };
}

function usual({ known, touched }: Counted): string {
  return known === 0 ? "" : ` (all refunds: ${((100 * touched) / known).toFixed(0)} %)`;
}
