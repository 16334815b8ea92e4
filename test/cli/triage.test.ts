import { PassThrough } from "node:stream";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { typed } from "./captured.ts";

const PROCESS = ["2=yes", "3=yes", "4=no", "1=unknown", "5=unknown"].flatMap((said) => [
  "--answer",
  said,
]);
const stdin = Object.getOwnPropertyDescriptor(process, "stdin") ?? {};

function terminal(isTTY: boolean, typing = ""): void {
  const stream = Object.assign(new PassThrough(), { isTTY });
  stream.write(typing);
  Object.defineProperty(process, "stdin", { value: stream, configurable: true });
}

beforeEach(() => terminal(false));
afterEach(() => void Object.defineProperty(process, "stdin", stdin));

describe("triage by hand, without any state", () => {
  it("gives verdict, indicators and fix sequence for five answers", async () => {
    const { code, out } = await typed("triage", ...PROCESS);
    expect(code).toBe(0);
    expect(out).toMatch(/^Process, confidence \d\d %/);
    expect(out).toContain("a person edited it: process");
    expect(out).toContain("1. Store operations or customer service: map the whole workflow");
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("gives the same to a script as JSON", async () => {
    const { out } = await typed("triage", "--json", ...PROCESS);
    expect(JSON.parse(out)).toMatchObject({ cause: "process", questions: { length: 5 } });
  });

  it("names the flags that are missing when nobody is there to ask", async () => {
    const { code, err } = await typed("triage", "--answer", "2=yes");
    expect(code).toBe(2);
    for (const id of [1, 3, 4, 5]) expect(err).toContain(`--answer ${id}=yes|no|mixed|unknown`);
    expect(err).not.toContain("--answer 2=");
  });

  it("asks on a terminal, takes first letters, and asks again what it did not understand", async () => {
    terminal(true, "n\nperhaps\nyes\ny\nno\n\n");
    const { code, out } = await typed("triage");
    expect(code).toBe(0);
    expect(out).toContain("one of yes, no, mixed, unknown");
    expect(out).toMatch(/Process, confidence \d\d %/);
    expect(out).toContain("5. Does it reproduce in a test environment? UNKNOWN");
  });

  it.each([["2=perhaps"], ["6=yes"], ["yes"]])("refuses %s as an answer", async (said) => {
    const { code, err } = await typed("triage", "--answer", said);
    expect([code, err]).toEqual([2, expect.stringContaining(JSON.stringify(said))]);
  });
});
