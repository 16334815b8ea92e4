import { Money } from "../refund/money/money.ts";
import type { Summary } from "../refund/summary/summary.ts";
import { money, spokenDate, spokenDuration } from "./figures.ts";
import { html, type Html } from "./html.ts";
import { unlinked } from "./printable.ts";
import { wrap } from "./wrap.ts";

/** The repairs that people made, and whether the rate fell, 30 days later. */
export function repairSection(summary: Summary): Html {
  const { checkIns } = summary;
  if (checkIns.length === 0) return html``;
  const rows = checkIns.map(
    (row) =>
      html`<li><strong>${VERDICTS[row.verdict]}</strong>: ${opening(row)} ${row.sentence}</li>`,
  );
  return html`<h2>Repairs</h2>
    <ul>
      ${rows}
    </ul>
    <p class="note">${savings(summary)}</p>`;
}

export function repairLines(summary: Summary): readonly string[] {
  const { checkIns } = summary;
  if (checkIns.length === 0) return [];
  const rows = checkIns.flatMap((row) =>
    wrap(`- ${VERDICTS[row.verdict]}: ${opening(row)} ${row.sentence}`, undefined, "  "),
  );
  return ["Repairs", ...rows, ...wrap(savings(summary))];
}

type CheckIn = Summary["checkIns"][number];

function opening({ cohort, on, note }: CheckIn): string {
  const noteText = note === "" ? "" : ` (${unlinked(note)})`;
  return `${unlinked(cohort)}, repaired on ${spokenDate(on)}${noteText}.`;
}

function savings({ checkIns, currency }: Summary): string {
  const saved = checkIns.flatMap((row) => row.saved ?? []);
  if (saved.length === 0) return "No repair has a proven saving yet.";
  const minutes = saved.reduce((total, one) => total + one.minutes, 0);
  const work = Money.sum(
    saved.map((one) => Money.of(one.work, currency)),
    currency,
  );
  return `Saved so far: ${spokenDuration(minutes * 60_000)} of work by hand, ${money(work.toString(), currency)}.`;
}

const VERDICTS = {
  "too early": "Too early to tell",
  "it fell": "It helped",
  "back to step 1": "It did not help: begin again with step 1",
} as const satisfies Record<CheckIn["verdict"], string>;
