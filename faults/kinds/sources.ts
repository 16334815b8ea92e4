import type { Random } from "../../local/life/random.ts";
import type { FaultKind, Injection, Simulated } from "../injection.ts";
import { isJson } from "../platform.ts";
import type { Answer, WrongAnswer, Platform } from "../platform.ts";
import { documentsIn, refundsIn } from "../stored.ts";
import { CANARY } from "../world.ts";
import { HOUR, MINUTE, sometimes, stretch } from "./draw.ts";

/** Faults of a source or of the network: the same for every platform, and its own wrong answers. */
export function sourceFaults(platforms: readonly Platform[]): readonly FaultKind[] {
  return [
    ...TROUBLES.map(troubleKind),
    ...platforms.flatMap((platform) =>
      platform.wrongAnswers.map((lie) => wrongAnswerKind(platform, lie)),
    ),
  ];
}

/** Replaces an answer: null keeps the correct answer, and an error means no answer at all. */
type Trouble = {
  readonly row: number;
  readonly says: string;
  readonly instead: (honest: Answer, random: Random) => Answer | Error | null;
};

const TROUBLES: readonly Trouble[] = [
  at(9, "429 with seconds to wait", (_honest, random) => status(429, String(random.int(1, 120)))),
  at(9, "429 with a date to wait for", () => status(429, "Fri, 31 Dec 1999 23:59:59 GMT")),
  at(9, "429 with an invalid time to wait", (_honest, random) =>
    status(429, random.pick(["-5", "soon", "1e9", "99999999", ""])),
  ),
  at(9, "429 without a time to wait", () => status(429)),
  at(10, "a 5xx", (_honest, random) => status(random.pick([500, 502, 503, 504, 520]))),
  at(10, "no answer", (_honest, random) => noAnswer(random)),
  at(11, "an answer cut in the middle", ({ body, ...honest }) => ({
    ...honest,
    body: body.slice(0, Math.floor(body.length / 2)),
  })),
  at(11, "a page in HTML with 200", (honest) => ({
    ...honest,
    headers: { "content-type": "text/html" },
    body: `<html><body>Please log in, ${CANARY}</body></html>`,
  })),
  at(11, "an empty body", (honest) => ({ ...honest, body: "" })),
  at(11, "204", () => ({ status: 204, headers: {}, body: "" })),
  at(11, "a byte order mark", (honest) => ({ ...honest, body: `\ufeff${honest.body}` })),
  at(11, "an empty object", (honest) => ({ ...honest, body: "{}" })),
  at(11, "null", (honest) => ({ ...honest, body: "null" })),
  at(11, "an array", (honest) => ({ ...honest, body: "[]" })),
  at(11, "100,000 brackets", (honest) => ({ ...honest, body: "[".repeat(100_000) })),
  at(11, "the same key twice", (honest) => ({
    ...honest,
    body: honest.body.replace(/^\{/, '{"data":null,"items":[],'),
  })),
  at(39, "401 for a good token", () => status(401)),
  at(39, "403", () => status(403)),
  at(46, "a redirect to an address inside the cloud", () => ({
    status: 302,
    headers: { location: "http://169.254.169.254/latest/meta-data/" },
    body: "",
  })),
];

function at(row: number, says: string, instead: Trouble["instead"]): Trouble {
  return { row, says, instead };
}

function troubleKind({ row, says, instead }: Trouble): FaultKind {
  return {
    row,
    draw: (random, world, platforms) => {
      const platform = random.pick(platforms);
      const happens = sometimes(random, random.pick([0.2, 0.6, 1]));
      return {
        row,
        says: `${platform.name} answers with ${says}`,
        only: platform.role === "erp" ? "pull-erp" : "pull-storefront",
        ...stretch(random, world, { shortest: 20 * MINUTE, longest: 5 * HOUR }),
        answer: async (asked) => {
          if (asked.platform !== platform || !happens()) return null;
          const told = instead(await asked.correctAnswer(), random);
          if (told instanceof Error) throw told;
          return told;
        },
      };
    },
  };
}

function wrongAnswerKind(platform: Platform, { row, says, apply: tell }: WrongAnswer): FaultKind {
  return {
    row,
    platform,
    draw: (random, world): Injection => {
      // Another shop answers because of a wrong address or token, so it gives all the answers.
      const happens = sometimes(random, row === 50 ? 1 : random.pick([0.3, 1]));
      return {
        row,
        says,
        only: platform.role === "erp" ? "pull-erp" : "pull-storefront",
        ...stretch(random, world, { shortest: HOUR, longest: 8 * HOUR }),
        answer: async (asked) => {
          if (asked.platform !== platform || !happens()) return null;
          // If a source never showed a record, nobody can notice that it shows no records.
          if (row === 37 && !hasShown(asked.simulation, platform)) return null;
          const honest = await asked.correctAnswer();
          const json: unknown = honest.body === "" ? null : JSON.parse(honest.body);
          if (!isJson(json)) return honest;
          const told = tell(json, { question: asked.question, random, answer: honest });
          if (told === "unchanged") return honest;
          return told === "changed" ? { ...honest, body: JSON.stringify(json) } : told;
        },
      };
    },
  };
}

function hasShown(simulation: Simulated, { role }: Platform): boolean {
  return (role === "erp" ? documentsIn(simulation) : refundsIn(simulation)).size > 0;
}

function status(code: number, retryAfter?: string): Answer {
  return {
    status: code,
    headers: {
      "content-type": "application/json",
      ...(retryAfter !== undefined && { "retry-after": retryAfter }),
    },
    body: JSON.stringify({ errors: `trouble with ${CANARY}` }),
  };
}

/** The error that fetch throws when no answer comes. */
function noAnswer(random: Random): Error {
  const code = random.pick(["ECONNRESET", "ENOTFOUND", "CERT_HAS_EXPIRED", "ETIMEDOUT"]);
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}
