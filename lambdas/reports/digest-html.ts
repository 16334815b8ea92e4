import type { Summary } from "../refund/summary/summary.ts";
import { cohortSection } from "./digest-cohorts.ts";
import { repairSection } from "./digest-repairs.ts";
import { DIGEST_STYLE } from "./digest-style.ts";
import {
  agingSection,
  completenessSection,
  exceptionSection,
  othersSection,
  paymentsSection,
} from "./digest-tables.ts";
import { counted, grouped, localTime, money, percent, spokenDate } from "./figures.ts";
import { html, type Html } from "./html.ts";
import type { ReportContext } from "./report-context.ts";
import { ownExceptions, story, type Story } from "./story.ts";

/**
 * The digest as one page that can be read, printed and forwarded: without scripts, without external
 * files, and with every value escaped.
 */
export function digestHtml(summary: Summary, context: ReportContext): string {
  const dayStory = story(summary, context);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <meta name="referrer" content="no-referrer" />
        <title>
          ${summary.brand}: refunds of ${spokenDate(summary.date)}: ${dayStory.headline}
        </title>
        <style>
          ${DIGEST_STYLE}
        </style>
      </head>
      <body>
        <main>
          ${opening(summary, context, dayStory)} ${keyFigures(summary, dayStory)}
          ${completenessSection(summary, context)} ${cohortSection(summary)}
          ${repairSection(summary)} ${exceptionSection(summary, context)}
          ${ownExceptions(summary).length === 0 ? html`` : agingSection(summary)}
          ${paymentsSection(dayStory, context)} ${othersSection(summary, context, dayStory)}
          ${gapSection(dayStory)} ${benignSection(dayStory)} ${closing(summary, context)}
        </main>
      </body>
    </html> `.markup;
}

function opening(summary: Summary, { storefront, erp }: ReportContext, dayStory: Story): Html {
  const warning = html`<p class="partial">
    <strong>Partial data.</strong> ${dayStory.unread.join(" ")} Refunds after that were not
    compared: a refund that is not listed here may still be wrong.
  </p>`;
  return html`<p class="eyebrow">
      ${summary.brand} · refunds, ${storefront} against ${erp} · ${spokenDate(summary.date)}
    </p>
    <h1>${dayStory.headline}</h1>
    <p class="action">${dayStory.action}</p>
    ${dayStory.unread.length > 0 ? warning : html``}`;
}

function keyFigures(summary: Summary, { soFar }: Story): Html {
  const { totals, currency } = summary;
  const figures: readonly [string, string, string][] = [
    ["At risk", `${money(totals.exposure, currency)}${soFar}`, "over all open exceptions"],
    [
      "Open exceptions",
      `${grouped(String(ownExceptions(summary).length))}${soFar}`,
      `${totals.opened} new, ${totals.resolved} resolved this day`,
    ],
    [
      "Refunded this day",
      money(totals.refundedAmount, currency),
      counted(totals.refunds, "refund"),
    ],
    [
      "Matched",
      grouped(String(totals.matched)),
      `${totals.pending} pending, within the time allowed`,
    ],
    [
      "In one system only",
      percent(totals.twoStateShare),
      "of the day's refunds, for more than 15 min",
    ],
  ];
  const cells = figures.map(
    ([label, figure, note]) =>
      html`<td>
        <span class="label">${label}</span><strong>${figure}</strong
        ><span class="sub">${note}</span>
      </td>`,
  );
  return html`<table class="figures" role="presentation">
    <tbody>
      <tr>
        ${cells}
      </tr>
    </tbody>
  </table>`;
}

function gapSection(dayStory: Story): Html {
  return html`<h2>How long refunds take to arrive</h2>
    <p>${dayStory.gap}</p>
    ${dayStory.checkpoint === "" ? html`` : html`<p>${dayStory.checkpoint}</p>`}
    ${dayStory.habits.map((sentence) => html`<p>${sentence}</p>`)}`;
}

function benignSection(dayStory: Story): Html {
  const known =
    dayStory.benign.length === 0
      ? html`<p>No refund of the day was recognised as harmless.</p>`
      : html`<p>Checked, recognised as harmless, no exception: ${dayStory.benign.join("; ")}.</p>`;
  const others =
    dayStory.otherCurrencies.length === 0
      ? html``
      : html`<p class="note">
          Other currencies, not converted and not in the totals above:
          ${dayStory.otherCurrencies.join("; ")}.
        </p>`;
  const odd =
    dayStory.odd.length === 0
      ? html``
      : html`<p class="note">
          Problems in the storefront's own data: ${dayStory.odd.join("; ")}.
        </p>`;
  return html`<h2>Known to be harmless</h2>
    ${known}${odd}${others}`;
}

function closing(summary: Summary, { timeZone, files }: ReportContext): Html {
  const { window, generatedAt, totals } = summary;
  const quarantined =
    totals.quarantined === 0
      ? html``
      : html`<p>
          ${counted(totals.quarantined, "record")} could not be read and are in quarantine: the
          figures above do not include them.
        </p>`;
  const unfinished =
    totals.openOverAWeek === 0
      ? html``
      : html`<p>
          ${counted(totals.openOverAWeek, "payment, document or record", "payments, documents or records")}
          did not become final or readable for more than a week: ask the platform why.
        </p>`;
  return html`<div class="foot">
    <p>
      Day: ${localTime(window.from, timeZone)} to ${localTime(window.to, timeZone)}. Made
      ${localTime(generatedAt, timeZone)}. All times ${timeZone}.
    </p>
    ${quarantined} ${unfinished}
    <p>
      Difference: the ERP's figure minus the storefront's. At risk: the amount that is missing or
      differs, until it is resolved.
    </p>
    <p>
      All exceptions: <code>${files.bucket}/${files.prefix}/exceptions.csv</code>; for programs:
      <code>summary.json</code> in the same folder.
    </p>
  </div>`;
}
