import { isRefundRecord, platformIdIn } from "../refund/record/record-id.ts";
import type { AlertMember, AlertMessage } from "../refund/alerts/alert.ts";
import { counted, localTime, money, spokenDuration } from "./figures.ts";
import { asciiWord } from "./printable.ts";
import { atRisk, silentFor, silentNames, sms, type AlertContext } from "./sms.ts";
import { MISMATCH_WORDS } from "./words.ts";
import { wrap } from "./wrap.ts";

/** The texts of one alert: subject and body of the e-mail, and the SMS. Send the one it is for. */
export function alertMessage(
  message: AlertMessage,
  context: AlertContext,
): { readonly subject: string; readonly sms: string; readonly email: string } {
  return {
    subject: subject(message, context),
    sms: sms(message, context),
    email: email(message, context),
  };
}

/** At most 100 plain characters: SNS refuses a longer subject, or one with a control character. */
function subject(message: AlertMessage, context: AlertContext): string {
  return `${asciiWord(context.brand, 31)}: ${opening(message, context)}`
    .replaceAll(/[^\x20-\x7e]/g, "")
    .slice(0, 100);
}

function opening(message: AlertMessage, context: AlertContext): string {
  const { kind, what, count } = message;
  const still = what === "repeat" ? "still " : "";
  const resolvedPrefix = what === "over" ? "Resolved: " : "";
  const risk = what === "over" ? "" : `, ${atRisk(message)} at risk`;
  switch (kind) {
    case "stale":
      return `${resolvedPrefix}${still}${counted(count, "refund")} not in ERP after ${spokenDuration(context.staleAfterMs)}${risk}`;
    case "mismatch":
      return `${resolvedPrefix}${still}${counted(count, "refund")} mismatched over the threshold${risk}`;
    case "source_silent": {
      const names = silentNames(message);
      if (what === "over") return `Resolved: ${names} can be read again`;
      const since = silentFor(message);
      return since === null
        ? `${names} ${still}never read completely`
        : `${names} ${still}not read for ${since}`;
    }
  }
}

function email(message: AlertMessage, context: AlertContext): string {
  const paragraphs = [
    wrap(`${asciiWord(context.brand, 31)}: ${opening(message, context)}.`),
    advice(message, context),
    list(message),
    wrap(
      `Decided ${localTime(message.decidedAt, context.timeZone)}; all times ${context.timeZone}.`,
    ),
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function advice(message: AlertMessage, { timeZone }: AlertContext): readonly string[] {
  const { kind, what, cleared } = message;
  if (kind === "source_silent") {
    const read = message.sources.map(({ source, completeThrough }) =>
      completeThrough === null
        ? `${source}: never read completely`
        : `${source}: complete through ${localTime(completeThrough, timeZone)}`,
    );
    const text =
      what === "over"
        ? "Alerts that waited for this are checked now. You get a separate message for each that is still true. Nothing to do."
        : "Until it can be read, no refund is reported as missing because of it. Check that its API answers, that the credentials are valid and that the schedule runs.";
    const why = message.sources.flatMap(({ trouble }) => trouble ?? []);
    const lines = what === "over" ? read : [...read, ...why];
    return [...wrap(text), ...lines.flatMap((line) => wrap(`- ${line}`, undefined, "  "))];
  }
  if (what === "over") {
    return wrap(
      "None of them is reported any more: the document arrived or was corrected, a person resolved the exception, or what is still open is another exception or below the threshold. The digest lists what is open.",
    );
  }
  const fixed =
    cleared === 0 ? "" : `Resolved since the last message: ${counted(cleared, "refund")}. `;
  const claims = message.listed.some(isClaim)
    ? " Where an order is listed in place of a refund, its status says refunded and it has no refund: do not enter it in the ERP. Find out whether money was paid back; then make the refund in the storefront, or set the status back."
    : "";
  const todo =
    kind === "stale"
      ? "The storefront shows these as refunded, but no booking was found in the ERP. Check whether the integration's batch ran. If it ran, enter or resend the refunds below."
      : "Both systems were read, and their records differ. Compare the figures before the period closes.";
  return wrap(`${fixed}${todo}${claims}`);
}

/** A claim stands for an order, in place of a refund. */
function isClaim({ recordId }: AlertMember): boolean {
  return recordId.startsWith("refund:order-");
}

function list({ listed, count, what, decidedAt }: AlertMessage): readonly string[] {
  if (what === "over" || listed.length === 0) return [];
  const more = count - listed.length;
  return [
    ...listed.flatMap((member) => memberLines(member, decidedAt)),
    ...(more > 0 ? [`and ${counted(more, "more", "more")}`] : []),
  ];
}

function memberLines(member: AlertMember, decidedAt: string): readonly string[] {
  const side = isRefundRecord(member.recordId) ? "refund" : "document";
  const id = platformIdIn(member.recordId);
  const what = isClaim(member) ? "no refund" : `${side} ${asciiWord(id, 40)}`;
  const amount =
    isClaim(member) && !/[1-9]/.test(member.amount)
      ? "amount not known"
      : money(member.amount, asciiWord(member.currency, 3));
  const name = asciiWord(member.orderNumber ?? "", 30) || "no order";
  const age = spokenDuration(Date.parse(decidedAt) - Date.parse(member.since));
  const wrong = member.mismatches.map((kind) => MISMATCH_WORDS[kind]).join(", ");
  return wrap(
    `- ${name}, ${what}: ${amount}, ${age} old${wrong === "" ? "" : `, ${wrong}`}`,
    undefined,
    "  ",
  );
}
