import type { Summary } from "../refund/summary/summary.ts";
import { counted, money, percent } from "./figures.ts";
import { html, type Html } from "./html.ts";
import { keyAndCost, segmentName, sinceWhen, verdict } from "./story.ts";
import { CAUSE_MEANS, PATTERN_WORDS, QUESTIONS } from "./words.ts";

type Cohort = Summary["cohorts"][number];

/** Groups of exceptions in the order of work: cause, confidence, evidence, and what to do. */
export function cohortSection({ cohorts, currency, totals }: Summary): Html {
  if (totals.exceptions === 0 && cohorts.length === 0) return html``;
  if (cohorts.length === 0) {
    return html`<h2>What they have in common</h2>
      <p>Too early to tell: no group of exceptions stands out from the rest.</p>`;
  }
  const several =
    cohorts.length === 1
      ? html``
      : html`<p class="note">
          Work in this order. Finish one before you start the next; otherwise nobody knows which
          repair helped.
        </p>`;
  return html`<h2>Where to look first</h2>
    ${several} ${cohorts.map((cohort, index) => cohortBlock(cohort, index + 1, currency))}`;
}

function cohortBlock(cohort: Cohort, place: number, currency: string): Html {
  const pattern = patternBeside(cohort);
  const steps = cohort.nextSteps.map((step) => html`<li>${step}</li>`);
  return html`<div class="cohort">
    <table class="head" role="presentation">
      <tbody>
        <tr>
          <td><h3>${place}. ${segmentName(cohort)}</h3></td>
          <td class="n"><strong>${money(cohort.exposure, currency)}</strong></td>
        </tr>
      </tbody>
    </table>
    <p>
      <span class="tag ${cohort.cause}">${verdict(cohort)}</span> ${pattern}${cohort.count} of
      ${counted(cohort.population, "refund")} (${percent(cohort.rate)}). ${sinceWhen(cohort)}
    </p>
    <p class="note">Meaning: ${CAUSE_MEANS[cohort.cause]}.</p>
    <p class="note">${keyAndCost(cohort, currency)}</p>
    ${
      cohort.nextSteps.length === 0
        ? html``
        : html`<ol>
            ${steps}
          </ol>`
    }
    ${cohort.questions.length === 0 ? html`` : evidence(cohort)}
  </div>`;
}

function evidence({ questions }: Cohort): Html {
  const rows = questions.map(
    ({ id, answer, points, evidence: why }) =>
      html`<tr>
        <td>${QUESTIONS.get(id) ?? `Question ${id}`}</td>
        <td>
          <strong>${answer}</strong
          ><span class="sub"
            >${points === "neither" ? "points to neither cause" : `points to ${points}`}</span
          >
        </td>
        <td class="w">${why}</td>
      </tr>`,
  );
  return html`<table class="evidence stack">
    <thead>
      <tr>
        <th scope="col" class="c32">Question</th>
        <th scope="col" class="c20">Answer</th>
        <th scope="col">Evidence</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** Empty when the name of the cohort already is the pattern. */
function patternBeside({ pattern, segment }: Cohort): string {
  if (pattern === null || segment["pattern"] === pattern) return "";
  return `${capital(PATTERN_WORDS[pattern])}. `;
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
