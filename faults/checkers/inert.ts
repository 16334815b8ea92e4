import type { Checker } from "../checker.ts";
import { fileIn, textOf } from "../stored.ts";
import { CANARY } from "../world.ts";

/**
 * I11: no output contains personal data or a secret, and no output contains active text: no formula
 * in a table, no line break in a log line, no link in an SMS.
 */
export function inert(): Checker {
  return {
    name: "I11 inert and private",
    atEnd: (simulation) => {
      const { cloud, log } = simulation;
      const outputs = [
        ...[...cloud.memory.items.values()].map((item) => [
          `item ${item.pk} ${item.sk}`,
          textOf(item),
        ]),
        ...[...cloud.memory.files.keys()].map((key) => [`object ${key}`, fileIn(simulation, key)]),
        ...cloud.published.map(({ dedupeKey, subject, body }) => [
          `message ${dedupeKey}`,
          `${subject}\n${body}`,
        ]),
        ...log.map((line) => ["log line", line]),
      ];
      return outputs.flatMap(([where = "", text = ""]) => [
        ...leaks(where, text),
        ...(where.endsWith("exceptions.csv") ? formulas(where, text) : []),
        ...(where === "log line" && /[\p{Cc}\u2028\u2029]/u.test(text)
          ? [`a log line breaks: ${text}`]
          : []),
      ]);
    },
  };
}

function leaks(where: string, text: string): string[] {
  const found = PRIVATE.filter((one) => text.toLowerCase().includes(one));
  return found.map((one) => `${where} contains ${one}: ${around(text, one)}`);
}

function around(text: string, wanted: string): string {
  const at = text.toLowerCase().indexOf(wanted);
  return text.slice(Math.max(0, at - 60), at + 60);
}

function formulas(where: string, text: string): string[] {
  const cells = text.split(/\r\n|,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const bad = cells.filter((cell) => /^"?[=+@\t]|^"?-(?!\d+(?:\.\d+)?$)/.test(cell));
  return bad.map((cell) => `${where} has a formula: ${cell}`);
}

const PRIVATE = [CANARY.toLowerCase(), "5550104477", "4111111111111111", "polluted"];
