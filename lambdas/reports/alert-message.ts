import { isRefundRecord, platformIdIn } from "../refund/record/record-id.ts";
import type { AlertMember, AlertMessage } from "../refund/alerts/alert.ts";
import { counted, localTime, money, spokenDuration } from "./figures.ts";
import { asciiWord } from "./printable.ts";
import { atRisk, silentFor, silentNames, sms, type AlertContext } from "./sms.ts";
import { MISMATCH_WORDS } from "./words.ts";
import { wrap } from "./wrap.ts";

/** One alert as people get it: the mail's subject and body, and the SMS. Send the one it is for. */
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

/** At most 100 plain characters: SNS refuses a subject with more, or with a control character. */
function subject(message: AlertMessage, context: AlertContext): string {
  return `${asciiWord(context.brand, 31)}: ${opening(message, context)}`
    .replaceAll(/[^\x20-\x7e]/g, "")
    .slice(0, 100);
}

function opening(message: AlertMessage, context: AlertContext): string {
  const { kind, what, count } = message;
  const still = what === "repeat" ? "still " : "";
  const over = what === "over" ? "over: " : "";
  const risk = what === "over" ? "" : `, ${atRisk(message)} at risk`;
  switch (kind) {
    case "stale":
      return `${over}${still}${counted(count, "refund")} not in ERP after ${spokenDuration(context.staleAfterMs)}${risk}`;
    case "mismatch":
      return `${over}${still}${counted(count, "refund")} mismatched over the threshold${risk}`;
    case "source_silent": {
      const names = silentNames(message);
      if (what === "over") return `over: ${names} can be read again`;
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
        ? "What was held back meanwhile is being checked; what still holds comes in its own message."
        : "Until it answers, no refund is called missing because of it. Check that its API answers, that the credentials are valid and that the schedule runs.";
    const why = message.sources.flatMap(({ trouble }) => trouble ?? []);
    const lines = what === "over" ? read : [...read, ...why];
    return [...wrap(text), ...lines.flatMap((line) => wrap(`- ${line}`, undefined, "  "))];
  }
  if (what === "over") {
    return wrap(
      "None of them is so any more: the document arrived, was corrected, or a person resolved it. Nothing to do. Each keeps its history.",
    );
  }
  const fixed =
    cleared === 0 ? "" : `Since the last message ${counted(cleared, "refund")} came right. `;
  const todo =
    kind === "stale"
      ? "The payment processor accepted the refund; no booking was found in the ERP. See whether the integration's batch ran; if it did, enter or resend these."
      : "Both systems were read, and they disagree. Compare the figures before the period closes.";
  return wrap(`${fixed}${todo}`);
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
  const name = asciiWord(member.orderNumber ?? "", 30) || "no order";
  const age = spokenDuration(Date.parse(decidedAt) - Date.parse(member.since));
  const wrong = member.mismatches.map((kind) => MISMATCH_WORDS[kind]).join(", ");
  return wrap(
    `- ${name}, ${side} ${asciiWord(id, 40)}: ${money(member.amount, asciiWord(member.currency, 3))}, ${age} old${wrong === "" ? "" : `, ${wrong}`}`,
    undefined,
    "  ",
  );
}
