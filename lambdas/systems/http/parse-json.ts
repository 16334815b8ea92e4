import { PageError } from "./page-error.ts";

/**
 * Parses a body as JSON. For any other body, a {@link PageError} describes it without quoting it. A
 * number that JavaScript would round is returned as text, so that no digit is lost; a schema that
 * requires a number rejects this text.
 *
 * @param what the request and its address, for the message
 * @param numbers "text": every number is returned as text, digit by digit as it came, for a platform
 *   that sends amounts as numbers
 */
export function parseJson(
  text: string,
  what: string,
  numbers: "text" | "exact" = "exact",
): unknown {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (body.trim() === "") throw new PageError(what, "an empty body");
  if (/^\s*</.test(body)) throw new PageError(what, `a page of HTML or XML (${size(body)})`);
  const { deepest, rounded } = scan(body, numbers === "text");
  if (deepest > DEEPEST) throw new PageError(what, `JSON nested deeper than ${DEEPEST} levels`);
  try {
    const value: unknown = JSON.parse(inQuotes(body, rounded));
    return value;
  } catch (error) {
    throw new PageError(
      what,
      `${isCut(error) ? "JSON that is cut off" : "no JSON"} (${size(body)})`,
    );
  }
}

/**
 * What is wrong with a body that should be JSON, seen from its two ends: a proxy cuts it off or puts
 * its own page in its place, and the next answer is right. Null where nothing is; an empty body is
 * for the caller to judge.
 */
export function brokenJson(text: string): string | null {
  const body = text.trim();
  if (body === "") return null;
  if (!/^[[{]/.test(body)) return "a body that is no JSON";
  const end = body.startsWith("[") ? "]" : "}";
  return body.endsWith(end) ? null : "JSON that is cut off";
}

/** As `brokenJson`, for a system that never answers with an empty body. */
export function missingJson(text: string): string | null {
  return text.trim() === "" ? "an empty body" : brokenJson(text);
}

/**
 * Finds the deepest nesting of brackets outside of texts, and the numbers that JavaScript would
 * round, or all numbers. It reads the body once and needs no recursion.
 */
function scan(
  body: string,
  all: boolean,
): { readonly deepest: number; readonly rounded: readonly Place[] } {
  let level = 0;
  let deepest = 0;
  const rounded: Place[] = [];
  for (let at = 0; at < body.length; at += 1) {
    const code = body.charCodeAt(at);
    if (code === QUOTE) at = endOfText(body, at);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET)
      deepest = Math.max(deepest, (level += 1));
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) level -= 1;
    else if (isDigit(code) || code === MINUS) {
      NUMBER.lastIndex = at;
      const token = NUMBER.exec(body)?.[0] ?? "-";
      if (all ? token !== "-" : token.length > SAFE_LENGTH && !isExact(token))
        rounded.push([at, at + token.length]);
      at += token.length - 1;
    }
  }
  return { deepest, rounded };
}

/** From and to, in characters. */
type Place = readonly [number, number];

function inQuotes(body: string, places: readonly Place[]): string {
  let done = 0;
  const parts = places.flatMap(([from, to]) => {
    const before = body.slice(done, from);
    done = to;
    return [before, `"${body.slice(from, to)}"`];
  });
  return [...parts, body.slice(done)].join("");
}

/** Whether the nearest double has the same decimal value. */
function isExact(token: string): boolean {
  const value = Number(token);
  return Number.isFinite(value) && plain(String(value)) === plain(token);
}

/** The digits without zeros at either end, and the position of the decimal point. */
function plain(number: string): string {
  const [, sign = "", whole = "", parts = "", power = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = `${whole}${parts}`.replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  if (kept === "") return "0";
  return `${sign}${kept}e${Number(power) - parts.length + digits.length - kept.length}`;
}

function endOfText(body: string, from: number): number {
  let at = body.indexOf('"', from + 1);
  while (at !== -1 && isEscaped(body, at)) at = body.indexOf('"', at + 1);
  return at === -1 ? body.length : at;
}

function isEscaped(body: string, at: number): boolean {
  let before = at - 1;
  while (body.charCodeAt(before) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}

/** Looks only for V8's own words in the error message, because the message also quotes the body. */
function isCut(error: unknown): boolean {
  return error instanceof SyntaxError && /end of JSON|Unterminated/.test(error.message);
}

function size(body: string): string {
  return `${body.length} characters`;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** A number with so few characters is never rounded. */
const SAFE_LENGTH = 4;
const MINUS = 0x2d;
const DEEPEST = 100;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
