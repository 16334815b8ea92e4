import { FAULT_KINDS } from "./suite.ts";

/** One of the faults that the product must handle, and the tests for it. */
export type CatalogueRow = {
  readonly row: number;
  readonly fault: string;
  /** Schedules inject it, in each of its forms. */
  readonly injected: boolean;
  /** The world of every schedule contains it, without an injection. */
  readonly inEveryWorld: boolean;
  /** Tests outside the schedules: a file, and words from the name of the test. */
  readonly tests: readonly (readonly [file: string, words: string])[];
  /** Why nothing tests it: it cannot happen here, or the test comes later. */
  readonly not: string | null;
};

const TITLES: readonly (readonly [
  title: string,
  how?: Partial<Omit<CatalogueRow, "row" | "fault" | "injected">>,
])[] = [
  ["the same event two to five times, at once and one after the other"],
  ["events that do not arrive"],
  ["events out of order, one a day late"],
  [
    "a crash before or after any call, or a lost reply",
    {
      tests: [
        [
          "test/faults/crash-points.slow.test.ts",
          "reaches the same end after a crash or a lost reply",
        ],
      ],
    },
  ],
  ["a process that is paused longer than its lease and then continues"],
  ["two runs at once, because one clock is ahead"],
  ["the deadline in the middle of a page"],
  ["a chain of continuations that is cut", { not: "there are no chains: the next event resumes" }],
  ["429 and throttling, with and without a time to wait"],
  [
    "5xx, no answer, time-outs",
    { tests: [["test/systems/http.test.ts", "asks again when the connection drops"]] },
  ],
  [
    "bodies that are cut, empty, HTML, doubled, too deep or too large",
    {
      tests: [
        ["test/systems/http.test.ts", "refuses a body larger"],
        ["test/systems/parse-json.test.ts", "nested deeper"],
      ],
    },
  ],
  ["answers with data and errors, nulls in lists"],
  ["cursors that repeat, are refused or return no page"],
  [
    "the platforms' caps on paging",
    {
      tests: [
        ["test/systems/storefront/shopify.test.ts", "before Shopify's 25,000"],
        ["test/faults/caps-and-crowds.test.ts", "cap of 100,000 rows"],
      ],
    },
  ],
  ["records that change while pages are read"],
  ["pages out of order or repeated"],
  ["records that a source shows late"],
  [
    "clocks that differ, times in the future",
    { tests: [["test/settings.test.ts", "an hour ahead"]] },
  ],
  [
    "days on which clocks change, leap days, ends of month and year, odd zones",
    { inEveryWorld: true, tests: [["test/refund/time/business-day.test.ts", "it("]] },
  ],
  ["a document that comes after the alert", { inEveryWorld: true }],
  [
    "refunds whose payment is pending, fails, settles later; parts, zero amounts",
    { inEveryWorld: true },
  ],
  ["documents that are voided, booked again, doubled, split", { inEveryWorld: true }],
  [
    "documents without a reference, or with one in another spelling",
    {
      inEveryWorld: true,
      tests: [
        ["test/refund/observation/order-reference.test.ts", "takes the brand's own spelling"],
      ],
    },
  ],
  [
    "amounts and currencies that are odd or wrong",
    { tests: [["test/faults/doors.test.ts", "of an amount is that amount, or nothing"]] },
  ],
  [
    "rounding that drifts",
    { tests: [["test/refund/diagnosis/told-apart.test.ts", "drift by half a cent a piece"]] },
  ],
  [
    "a record that cannot be read, in a page of others",
    { tests: [["test/jobs/ask-again.test.ts", "stays in quarantine until it can be stored"]] },
  ],
  ["fields that vanish, change their type or are new"],
  ["a table that is throttled, whole or in part"],
  ["batch writes that are done in part", { not: "there are no batch writes" }],
  [
    "conditions that fail, writes with an unknown result",
    { tests: [["test/aws/ports.test.ts", "write only over the version that was read"]] },
  ],
  ["an index that lags, stale reads"],
  [
    "items over 400 KB, a table restored to yesterday",
    { tests: [["test/aws/ports.test.ts", "refuse an item that can never be stored"]] },
  ],
  ["a topic that refuses, loses a reply, is deleted"],
  [
    "a storm of exceptions in one run",
    { tests: [["test/faults/caps-and-crowds.test.ts", "in one message a channel"]] },
  ],
  ["subscriptions that are not confirmed, phones that opted out", { not: "later: production" }],
  ["a mismatch that comes and goes", { inEveryWorld: true }],
  [
    "a source that is down, or returns no records",
    { tests: [["test/jobs/doubted-source.test.ts", "raises no storm"]] },
  ],
  ["a bucket that fails, denies or loses a reply"],
  ["a secret that is rotated, missing, malformed"],
  ["a million refunds after a week's outage", { not: "later: scale" }],
  ["a deployment during runs, and its rollback", { not: "later: production" }],
  ["settings that change in the middle of a day"],
  [
    "formulas in tables",
    {
      inEveryWorld: true,
      tests: [["test/reports/digest.test.ts", "no text cell begins a formula"]],
    },
  ],
  [
    "log lines that break, keys that reach into prototypes",
    { tests: [["test/faults/doors.test.ts", "of the log is one line, whatever goes in"]] },
  ],
  [
    "links, breaks and reversed text in SMS and e-mail",
    { tests: [["test/reports/alert-message.test.ts", "never lets data become a link"]] },
  ],
  [
    "answers that redirect to another host",
    { tests: [["test/systems/http.test.ts", "follows no redirect"]] },
  ],
  [
    "queries that contain a value from a source or a setting",
    { tests: [["test/systems/erp/netsuite.test.ts", "takes no cursor that is not its own"]] },
  ],
  [
    "personal data and secrets in every field",
    { inEveryWorld: true, tests: [["test/faults/doors.test.ts", "credentials, without a word"]] },
  ],
  [
    "very many records with one order or one amount, endless texts",
    {
      tests: [
        ["test/faults/caps-and-crowds.test.ts", "not with their square"],
        ["test/jobs/watch-and-outbox.test.ts", "can be compared"],
      ],
    },
  ],
  ["another shop's answers"],
  ["an order that the shop deletes"],
  ["the delivery of the alarms itself fails", { not: "later: production" }],
];

export const CATALOGUE: readonly CatalogueRow[] = TITLES.map(([fault, how], index) => ({
  row: index + 1,
  fault,
  injected: FAULT_KINDS.some(({ row }) => row === index + 1),
  inEveryWorld: false,
  tests: [],
  not: null,
  ...how,
}));

/** The catalogue as the table of docs/reliability.md. */
export function catalogueTable(): string {
  const rows = CATALOGUE.map(({ row, fault, ...held }) => `| ${row} | ${fault} | ${words(held)} |`);
  return ["| # | fault | tested by |", "| --- | --- | --- |", ...rows].join("\n");
}

function words({
  injected,
  inEveryWorld,
  tests,
  not,
}: Omit<CatalogueRow, "row" | "fault">): string {
  if (not !== null) return `not tested: ${not}`;
  const parts = [
    ...(injected ? ["injected"] : []),
    ...(inEveryWorld ? ["in every world"] : []),
    ...tests.map(([file]) => `\`${file}\``),
  ];
  return [...new Set(parts)].join(", ");
}
