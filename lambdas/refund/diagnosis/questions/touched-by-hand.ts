import { samplesOf } from "./cohort-case.ts";
import type { CohortCase } from "./cohort-case.ts";
import type { QuestionAnswer } from "./question.ts";
import { atLeastByChance } from "../../statistics/fisher.ts";
import { touchesOf } from "../features/human-touch.ts";

/**
 * Did a person edit or override it after it was processed? Touched: process. Untouched: integration.
 *
 * Most refunds are made by somebody, so a hand only counts where it shows more often than on all
 * refunds, or on the ERP's document, where the integration's own would be.
 */
export function humanTouch({ found, rollups }: CohortCase): QuestionAnswer {
  const found2 = [...knownTouches(found.members.map(({ record }) => touchesOf(record)))];
  const hands = found2.map(([hand, { known, touched }]) => {
    const base = baseOf(rollups, hand);
    const population = Math.max(base.known, known);
    const special = Math.min(population, Math.max(base.touched, touched));
    const chance = atLeastByChance({ seen: touched, drawn: known, special, population });
    return { hand, known, touched, base, chance };
  });
  if (hands.length === 0) {
    return {
      id: 2,
      answer: "unknown",
      points: "neither",
      evidence: "Neither system says who made or changed these.",
    };
  }
  const worst = hands.toSorted((a, b) => a.chance - b.chance || b.touched - a.touched)[0];
  const evidence = hands
    .map(({ hand, known, touched, base }) => `${hand}: ${touched} of ${known}${usual(base)}`)
    .join("; ");
  const samples = ` (${samplesOf(found.members)}).`;
  if (worst !== undefined && worst.touched > 0 && worst.chance * hands.length < 0.01) {
    return { id: 2, answer: "yes", points: "process", evidence: evidence + samples };
  }
  const onDocuments = hands.filter(({ hand }) => hand.startsWith("document"));
  const untouched =
    onDocuments.some(({ known }) => known > 0) && onDocuments.every(({ touched }) => touched === 0);
  if (untouched)
    return { id: 2, answer: "no", points: "integration", evidence: evidence + samples };
  return { id: 2, answer: "mixed", points: "neither", evidence: evidence + samples };
}

type Counted = { readonly known: number; readonly touched: number };

function knownTouches(all: readonly ReturnType<typeof touchesOf>[]): Map<string, Counted> {
  const seen = new Map<string, Counted>();
  for (const { hand, touched } of all.flat()) {
    const { known = 0, touched: before = 0 } = seen.get(hand) ?? {};
    seen.set(hand, { known: known + 1, touched: before + (touched ? 1 : 0) });
  }
  return seen;
}

function baseOf(rollups: CohortCase["rollups"], hand: string): Counted {
  const days = rollups.flatMap(({ hands }) => hands[hand] ?? []);
  return {
    known: days.reduce((total, day) => total + day.known, 0),
    touched: days.reduce((total, day) => total + day.touched, 0),
  };
}

function usual({ known, touched }: Counted): string {
  return known === 0 ? "" : ` (of all refunds ${((100 * touched) / known).toFixed(0)} %)`;
}
