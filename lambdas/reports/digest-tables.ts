import type { Summary, SummaryException } from "../refund/summary/summary.ts";
import { grouped, localTime, money, spokenDuration } from "./figures.ts";
import { html, type Html } from "./html.ts";
import { MOST_PAYMENTS, paymentsStory, WITHOUT_REFUND } from "./payments-told.ts";
import type { ReportContext } from "./report-context.ts";
import {
  LEAVE_OUT,
  leftOutOf,
  mismatchTexts,
  OTHERS_TITLE,
  ownExceptions,
  type Story,
} from "./story.ts";
import { CAUSE_WORDS, PATTERN_WORDS, STATUS_WORDS } from "./words.ts";

/** How far each source was read, and whether that is the whole day. */
export function completenessSection(summary: Summary, context: ReportContext): Html {
  const names = { storefront: context.storefront, erp: context.erp };
  const rows = (["storefront", "erp"] as const).map((source) => {
    const row = summary.completeness.find((each) => each.source === source);
    const through = row?.completeThrough ?? null;
    const whole = through !== null && through >= summary.window.to;
    const short = row !== undefined && row.reported !== null && row.reported !== row.taken;
    return html`<tr>
      <td>${names[source]}</td>
      <td data-l="Complete through">
        ${through === null ? "never read completely" : localTime(through, context.timeZone)}
      </td>
      <td class="n" data-l="Records read">
        ${row === undefined ? "0" : grouped(String(row.taken))}
      </td>
      <td class="n" data-l="Its own count">
        ${row?.reported === null || row === undefined ? "not given" : grouped(String(row.reported))}
      </td>
      <td data-l="Left out on purpose">${leftOutOf(row) || "nothing"}</td>
      <td class="n" data-l="Result">
        <span class="tag ${whole && !short ? "" : "warn"}">${readResult(whole, short)}</span>
      </td>
    </tr>`;
  });
  const { compared } = paymentsStory(summary, context);
  return html`<h2>What was read</h2>
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">Source</th>
          <th scope="col">Complete through (${context.timeZone})</th>
          <th scope="col" class="n">Records in the last read</th>
          <th scope="col" class="n">Its own count</th>
          <th scope="col">Left out on purpose</th>
          <th scope="col" class="n">Result</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${compared === "" ? html`` : html`<p class="note">${compared}</p>`}`;
}

/** The largest exceptions. The others are in the CSV, and a note says how many there are. */
export function exceptionSection(summary: Summary, context: ReportContext): Html {
  const exceptions = ownExceptions(summary);
  if (exceptions.length === 0) {
    return html`<h2>Exceptions</h2>
      <p>No exception is open in the data that was read.</p>`;
  }
  const shown = exceptions.slice(0, MOST_ROWS);
  const more = exceptions.length - shown.length;
  const rest =
    more === 0
      ? html``
      : html`<p class="note">And ${grouped(String(more))} more in exceptions.csv.</p>`;
  return html`<h2>Exceptions, largest first</h2>
    <p class="note">
      Of two figures, the first is from ${context.storefront}, the second from ${context.erp}. Times
      are ${context.timeZone}.
    </p>
    <table class="stack exceptions">
      <thead>
        <tr>
          <th scope="col" class="c20">Order</th>
          <th scope="col" class="c22">What is wrong</th>
          <th scope="col" class="c20">Likely cause</th>
          <th scope="col" class="n c12">Refunded</th>
          <th scope="col" class="n c13">At risk</th>
          <th scope="col" class="n c13">Age</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map((row) => exceptionRow(row, context))}
      </tbody>
    </table>
    ${rest}`;
}

/** Payments and refunds that do not explain each other. */
export function paymentsSection({ payments }: Story, { storefront }: ReportContext): Html {
  const { withoutRefund, withoutPayment } = payments;
  return html`${listUnder(WITHOUT_REFUND, withoutRefund)}
  ${listUnder(
    `Refunds whose payment ${storefront}'s own list does not show: ask the processor`,
    withoutPayment,
  )}`;
}

function listUnder(title: string, rows: readonly string[]): Html {
  if (rows.length === 0) return html``;
  const more = rows.length - MOST_PAYMENTS;
  return html`<h2>${title}</h2>
    <ul>
      ${rows.slice(0, MOST_PAYMENTS).map((row) => html`<li>${row}</li>`)}
    </ul>
    ${more > 0 ? html`<p class="note">And ${grouped(String(more))} more in summary.json.</p>` : html``}`;
}

/** Documents that are probably another business's, and the setting that leaves them out. */
export function othersSection(
  { exceptions }: Summary,
  { timeZone }: ReportContext,
  { others, setting }: Story,
): Html {
  if (others === "") return html``;
  const theirs = exceptions.filter(({ ownership }) => ownership === "probably_not_ours");
  const rows = theirs.slice(0, MOST_OTHERS).map(
    (row) =>
      html`<tr>
        <td class="w">ERP ${row.erpDocumentIds.join(", ")}</td>
        <td class="n" data-l="Booked">${money(row.amount, row.currency)}</td>
        <td class="n" data-l="Made">${localTime(row.processedAt, timeZone)}</td>
      </tr>`,
  );
  const more = theirs.length - rows.length;
  const how =
    setting.length === 0
      ? html`<p class="note">The brand file cannot name this: ask who makes these documents.</p>`
      : html`<p class="note">${LEAVE_OUT}</p>
          <pre>${setting.map((line) => html`${line}<br />`)}</pre>`;
  return html`<h2>${OTHERS_TITLE}</h2>
    <p>${others}</p>
    ${how}
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">Document</th>
          <th scope="col" class="n">Booked</th>
          <th scope="col" class="n">Made (${timeZone})</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${more > 0 ? html`<p class="note">And ${grouped(String(more))} more in exceptions.csv.</p>` : html``}`;
}

/** Open exceptions by age, with the money of each. */
export function agingSection({ aging, currency }: Summary): Html {
  const rows = aging.map(
    (row) =>
      html`<tr>
        <td>${row.bucket}</td>
        <td class="n" data-l="Exceptions">${grouped(String(row.count))}</td>
        <td class="n" data-l="At risk">${money(row.exposure, currency)}</td>
      </tr>`,
  );
  return html`<h2>Age of the open exceptions</h2>
    <table class="stack">
      <thead>
        <tr>
          <th scope="col">Age</th>
          <th scope="col" class="n">Exceptions</th>
          <th scope="col" class="n">At risk</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`;
}

function exceptionRow(row: SummaryException, { timeZone }: ReportContext): Html {
  const { diagnosis } = row;
  const documents = row.erpDocumentIds.length === 0 ? "" : `ERP ${row.erpDocumentIds.join(", ")}`;
  const wrong = mismatchTexts(row).map((text) => html`<div>${text}</div>`);
  const candidates =
    row.ambiguous.length === 0
      ? html``
      : html`<span class="sub">equally good candidates: ${row.ambiguous.join(", ")}</span>`;
  return html`<tr>
    <td class="w">
      <strong>${row.orderNumber ?? "no order"}</strong>
      <span class="sub">${row.refundId === null ? "no refund" : `refund ${row.refundId}`}</span>
      <span class="sub">${documents}</span>
    </td>
    <td class="w"><span class="label">${STATUS_WORDS[row.status]}</span>${wrong}${candidates}</td>
    <td>
      <span class="tag ${diagnosis.cause}">${CAUSE_WORDS[diagnosis.cause]}</span
      >${diagnosis.pattern === null ? html`` : html` <span class="sub">${PATTERN_WORDS[diagnosis.pattern]}</span>`}
    </td>
    <td class="n" data-l="Refunded">${money(row.amount, row.currency)}</td>
    <td class="n" data-l="At risk"><strong>${money(row.exposure, row.currency)}</strong></td>
    <td class="n" data-l="Age">
      ${spokenDuration(row.ageHours * 3_600_000)}<span class="sub"
        >${localTime(row.processedAt, timeZone)}</span
      >
    </td>
  </tr>`;
}

function readResult(whole: boolean, short: boolean): string {
  if (!whole) return "partial";
  return short ? "counts differ" : "complete";
}

const MOST_ROWS = 200;
const MOST_OTHERS = 20;
