import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { summarise, type DayInput } from "../../lambdas/refund/summary/summarise.ts";
import type { Summary } from "../../lambdas/refund/summary/summary.ts";
import { digestHtml } from "../../lambdas/reports/digest-html.ts";
import { digestSubject, digestText } from "../../lambdas/reports/digest-text.ts";
import { exceptionsCsv } from "../../lambdas/reports/exceptions-csv.ts";
import {
  mismatchedRecord,
  recordInStep,
  refundInStep,
  staleRecord,
} from "../refund/record-in-step.ts";

const context = {
  timeZone: "America/New_York",
  storefront: "Shopify",
  erp: "NetSuite",
  files: { bucket: "acme-bucket", prefix: "digests/2026/11/22" },
};
const read = (completeThrough: string | null): Summary["completeness"] => [
  {
    source: "storefront",
    watermark: null,
    completeThrough: "2026-11-23T12:00:00.000Z",
    taken: 3,
    leftOut: { test_order: 2 },
    reported: 3,
    missing: [],
    trouble: null,
  },
  {
    source: "erp",
    watermark: null,
    completeThrough,
    taken: 2,
    leftOut: {},
    reported: null,
    missing: [],
    trouble: null,
  },
];
const day = (records: DayInput["records"], change: Partial<DayInput> = {}): Summary =>
  summarise({
    brand: { brand: "acme", currency: "USD", timeZone: "America/New_York" },
    date: "2026-11-22",
    window: { from: "2026-11-22T05:00:00.000Z", to: "2026-11-23T05:00:00.000Z" },
    generatedAt: "2026-11-23T12:00:00.000Z",
    records,
    quarantined: 0,
    openOverAWeek: 0,
    completeness: read("2026-11-23T12:00:00.000Z"),
    diagnoses: new Map(),
    cohorts: [],
    repairs: [],
    asyncGap: { p50: "PT6M", p90: "PT2H10M", p99: "PT4H", batchCadence: "PT4H" },
    countedWith: new Map(),
    endedHabits: [],
    checkpoint: null,
    learned: null,
    ...change,
  });
const COHORT: Summary["cohorts"][number] = {
  key: "partial_sync",
  failure: "unreferenced",
  segment: { pattern: "partial_sync" },
  count: 1,
  population: 10,
  rate: 0.1,
  exposure: "0.00",
  cause: "integration",
  pattern: "partial_sync",
  confidence: 0.95,
  onset: null,
  questions: [],
  nextSteps: ["Integration's owner: audit the mapping."],
  cost: { minutes: 15, work: "15.00" },
};
const named = (orderNumber: string) =>
  staleRecord("1", { refund: refundInStep("1", { orderNumber }) });

describe.each([
  ["page", digestHtml],
  ["text", digestText],
] as const)("the digest as %s", (_, write) => {
  const told = (summary: Summary): string => write(summary, context).replaceAll(/\s+/g, " ");

  it("says what was looked at when there is nothing to do", () => {
    expect(told(day([recordInStep()]))).toContain(
      "1 refund of 22 Nov 2026 compared between Shopify and NetSuite: 1 matched.",
    );
  });

  it("never calls a day clean that was read in part", () => {
    for (const through of [null, "2026-11-23T04:59:59.999Z"]) {
      const text = told(day([recordInStep()], { completeness: read(through) }));
      expect(text).not.toMatch(/nothing to work on/i);
      expect(text).toMatch(/partial: no result/i);
      expect(text).toContain("USD 0.00 so far");
    }
    expect(told(day([recordInStep()], { completeness: read("2026-11-23T05:00:00.000Z") }))).toMatch(
      /nothing to work on/i,
    );
  });

  it("starts with the largest exception where what is in common puts no money at risk", () => {
    const cohort = { ...COHORT, exposure: "0.00" };
    const text = told(day([named("#1001")], { cohorts: [cohort] }));
    expect(text).toContain("Start with the largest, #1001: USD 50.00, not in the ERP.");
    expect(text).toContain("In common, with no money at risk: partial sync");
    const exposed = told(day([named("#1001")], { cohorts: [{ ...cohort, exposure: "50.00" }] }));
    expect(exposed).toContain("Start with partial sync");
    expect(exposed).not.toContain("Start with the largest");
  });

  it("says by name what was left out on purpose, and which refunds are odd in themselves", () => {
    const odd = refundInStep("1", { orderNumber: "#1001", marks: ["identity_broken"] });
    const text = told(day([recordInStep("1", { refund: odd })]));
    expect(text).toContain("test orders: 2");
    expect(text).toContain("its figures do not add up: 1 (#1001)");
  });

  it("names the zone and says how long the way takes", () => {
    const text = told(day([staleRecord()]));
    expect(text).toContain("America/New_York");
    expect(text).toContain("nine in ten within 2 h 10 min");
    expect(text).toMatch(/1 exception, USD 50\.00 at risk/i);
  });
});

it("shows 200 exceptions on the page and counts the rest", () => {
  const records = Array.from({ length: 203 }, (_, index) => staleRecord(String(index)));
  const page = digestHtml(day(records), context);
  expect(page.match(/refund \d+</g)).toHaveLength(200);
  expect(page).toContain("And 3 more in exceptions.csv.");
  expect(exceptionsCsv(day(records)).split("\r\n")).toHaveLength(205);
});

it("fetches nothing and runs nothing", () => {
  const page = digestHtml(day([staleRecord()]), context);
  expect(page).not.toMatch(/<script|<img|<link|@import|url\(|https?:/i);
});

const tags = (text: string): number => text.match(/<[a-z!/]/gi)?.length ?? 0;

const canary = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.constantFrom(
    '"><script>x</script>',
    "=HYPERLINK(1)",
    "a\r\nb",
    "\u202e12",
    '";=1+1',
    "＝1",
    "\t=1",
    "'-x",
  ),
);

it("never lets data become markup, a control character or a wide line", () => {
  fc.assert(
    fc.property(canary, canary, (order, value) => {
      const cohorts: DayInput["cohorts"] = [
        {
          key: value,
          failure: "missing",
          cost: { minutes: 20, work: "15.00" },
          segment: { [value]: value },
          count: 1,
          population: 2,
          rate: 0.5,
          exposure: "50.00",
          cause: "process",
          pattern: null,
          confidence: 0.5,
          onset: { from: "2026-11-12", to: "2026-11-15" },
          questions: [{ id: 1, answer: "yes", points: "process", evidence: value }],
          nextSteps: [value],
        },
      ];
      const summary = day([named(order)], { cohorts });
      const page = digestHtml(summary, context);
      expect(tags(page)).toBe(
        tags(
          digestHtml(
            day([named("#1")], {
              cohorts: cohorts.map((cohort) => ({
                ...cohort,
                key: "k",
                segment: { a: "b" },
                questions: [{ id: 1, answer: "yes", points: "process", evidence: "c" }],
                nextSteps: ["d"],
              })),
            }),
            context,
          ),
        ),
      );
      const text = digestText(summary, context);
      for (const line of text.split("\n")) expect(Array.from(line).length).toBeLessThanOrEqual(72);
      for (const part of [page, text])
        expect(part).not.toMatch(/[\p{Cs}\u202e\u2028]|(?!\n)\p{Cc}/u);
      expect(digestSubject(summary, context)).toMatch(/^[\x20-\x7e]{1,100}$/);
    }),
    { numRuns: 200 },
  );
});

/** A strict reader of RFC 4180: anything else throws. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let rest = text; rest !== "";) {
    const [whole = "", quoted, plain, end] =
      /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? [];
    if (whole === "") throw new Error(`not RFC 4180: ${JSON.stringify(rest.slice(0, 60))}`);
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") {
      rows.push(row);
      row = [];
    }
    rest = rest.slice(whole.length);
  }
  return rows;
}

describe("exceptions.csv", () => {
  it("keeps a negative amount a number", () => {
    const [header = [], row = []] = parseCsv(exceptionsCsv(day([mismatchedRecord("1", "-2.00")])));
    expect(row[header.indexOf("difference")]).toBe("-2.00");
    expect(row[header.indexOf("exposure")]).toBe("2.00");
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@sum", "'@sum"],
    ["\t=1", "' =1"],
    ["\rx", "' x"],
    ["＝1", "'＝1"],
    ['";=1', `";'=1`],
    ["#1001", "#1001"],
    ["Smith, J", "Smith, J"],
  ])("writes %j as %j", (order, cell) => {
    expect(parseCsv(exceptionsCsv(day([named(order)])))[1]?.[1]).toBe(cell);
  });

  it("is read back whole, and no text cell begins a formula", () => {
    fc.assert(
      fc.property(canary, (order) => {
        const rows = parseCsv(exceptionsCsv(day([named(order), mismatchedRecord("2", "-3.00")])));
        expect(rows.map((row) => row.length)).toEqual([19, 19, 19]);
        for (const cell of rows.flat().filter((each) => !/^-?\d+(\.\d+)?$/.test(each))) {
          expect(cell).not.toMatch(
            /^\s*[=+\-@＝＋－＠]|[;,"|]\s*[=+\-@＝＋－＠]|[\p{Cc}\u2028\u202e]/u,
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
