import type { Summary } from "../refund/summary/summary.ts";
import { counted, percent, spokenDate, spokenIso } from "./figures.ts";
import { unlinked } from "./printable.ts";
import type { ReportContext } from "./report-context.ts";
import { spelled } from "./words.ts";

/** How long the way into the ERP takes, and how many of the day's refunds were only in one system. */
export function gapSentence(
  { asyncGap, totals }: Summary,
  { storefront, erp }: ReportContext,
): string {
  const { p50, p90, p99, batchCadence } = asyncGap;
  const share = `${percent(totals.twoStateShare)} of the day's refunds were seen in ${storefront} and not yet in ${erp} for more than 15 min.`;
  if (p50 === null || p90 === null) {
    return `${share} Too few refunds have arrived to say how long it takes.`;
  }
  const last =
    p99 === null
      ? "for more than one in a hundred the time is not known yet"
      : `99 in a hundred within ${spokenIso(p99)}`;
  const percentiles = `Of the refunds that arrive, half do within ${spokenIso(p50)}, nine in ten within ${spokenIso(p90)}, ${last}.`;
  const batch =
    batchCadence === null
      ? "No regular batch was found."
      : `A batch seems to run every ${spokenIso(batchCadence)}.`;
  return `${share} ${percentiles} ${batch}`;
}

/** How many refunds passed the newest checkpoint; empty before the first one. */
export function checkpointSentence({ checkpoint }: Summary): string {
  if (checkpoint === null) return "";
  const { day, after, passed, flagged, waiting } = checkpoint;
  const rest = waiting === 0 ? "" : `, ${waiting} could not be judged yet`;
  return `Checkpoint of the ${counted(passed + flagged + waiting, "refund")} of ${spokenDate(day)}, ${spokenIso(after)} after each was processed: ${passed} passed, ${flagged} flagged${rest}.`;
}

/** Ways of booking that changed a month ago and count as the brand's way now. */
export function habitSentences({ endedHabits }: Summary): readonly string[] {
  return endedHabits.map(({ path, until, unpaid, kind }) => {
    const what = unpaid
      ? "credits that are not paid out are no exceptions any more, because they were not paid out for 30 days"
      : `booking as ${spelled(kind ?? "another kind")} is no exception any more, because it was usual for 30 days`;
    return `${unlinked(path)}: for documents from ${spokenDate(until)} on, ${what}. Earlier ones stay open until they are paid out or somebody resolves them.`;
  });
}
