import { PageError } from "./page-error.ts";

/**
 * Reads a body as JSON, or says what came instead ({@link PageError}) without quoting it.
 * @param what the question and the address, for the message
 */
export function parseJson(text: string, what: string): unknown {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (body.trim() === "") throw new PageError(what, "an empty body");
  if (/^\s*</.test(body)) throw new PageError(what, `a page of HTML or XML (${size(body)})`);
  if (depth(body) > DEEPEST) throw new PageError(what, `JSON nested deeper than ${DEEPEST} levels`);
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch (error) {
    throw new PageError(
      what,
      `${isCut(error) ? "JSON that is cut off" : "no JSON"} (${size(body)})`,
    );
  }
}

/** The deepest nesting of brackets outside of texts; walks once, without a stack of its own. */
function depth(body: string): number {
  let level = 0;
  let deepest = 0;
  for (let at = 0; at < body.length; at += 1) {
    const code = body.charCodeAt(at);
    if (code === QUOTE) at = endOfText(body, at);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET)
      deepest = Math.max(deepest, (level += 1));
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) level -= 1;
  }
  return deepest;
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

/** V8's words; its whole message would quote the body. */
function isCut(error: unknown): boolean {
  return error instanceof SyntaxError && /end of JSON|Unterminated/.test(error.message);
}

function size(body: string): string {
  return `${body.length} characters`;
}

const DEEPEST = 100;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
