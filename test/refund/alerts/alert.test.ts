import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AlertPolicy, SourceReading } from "../../../lambdas/refund/alerts/alert-policy.ts";
import {
  alertMessageSchema,
  alertSchema,
  type Alert,
  type AlertMessage,
} from "../../../lambdas/refund/alerts/alert.ts";
import { decideAlerts, isDone } from "../../../lambdas/refund/alerts/decide-alerts.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import { documentInStep, mismatchedRecord, recordInStep, staleRecord } from "../record-in-step.ts";

const policy: AlertPolicy = {
  threshold: { amount: "25.00" },
  currency: "USD",
  timeZone: "America/New_York",
  repeatEveryMs: 12 * 3_600_000,
  quietHours: "22:00-07:00",
  silentAfterMs: 3_600_000,
};

/** Runs the watch by hand: a clock, the stored alerts, what was said. */
class Watch {
  alerts = new Map<string, Alert>();
  now: number;
  constructor(start = "2026-11-22T16:00:00.000Z") {
    this.now = Date.parse(start);
  }
  run(
    exceptions: readonly SyncRecord[],
    readings?: readonly SourceReading[],
  ): readonly AlertMessage[] {
    const now = new Date(this.now).toISOString();
    const sources = readings ?? [
      { source: "storefront", completeThrough: now },
      { source: "erp", completeThrough: now },
    ];
    const open = [...this.alerts.values()];
    const { alerts, messages } = decideAlerts({ exceptions, open, policy, sources, now });
    for (const alert of alerts) {
      if (isDone(alert, now)) this.alerts.delete(alert.key);
      else this.alerts.set(alert.key, alertSchema.parse(JSON.parse(JSON.stringify(alert))));
    }
    for (const message of messages) alertMessageSchema.parse(message);
    return messages;
  }
  later(minutes: number): this {
    this.now += minutes * 60_000;
    return this;
  }
}

const said = (messages: readonly AlertMessage[]): string[] =>
  messages.map(({ kind, what, channel, count }) => `${kind} ${what} ${channel} ${count}`);

describe("a stale refund", () => {
  it("is told once to mail and phone, and again only when the repeat is due", () => {
    const watch = new Watch();
    expect(said(watch.run([staleRecord()]))).toEqual(["stale new email 1", "stale new sms 1"]);
    expect(watch.later(15).run([staleRecord()])).toEqual([]);
    expect(watch.later(60 * 12 - 16).run([])).toEqual([]);
    // 23:00 in New York: mail only.
    expect(said(watch.later(1).run([]))).toEqual(["stale repeat email 1"]);
    // 07:00: the phone hears what is then so.
    expect(watch.later(60 * 8 - 1).run([])).toEqual([]);
    expect(said(watch.later(1).run([]))).toEqual(["stale repeat sms 1"]);
  });

  it("is told to be over once when the document arrives, and then forgotten", () => {
    const watch = new Watch();
    watch.run([staleRecord()]);
    expect(said(watch.later(15).run([recordInStep()]))).toEqual([
      "stale over email 1",
      "stale over sms 1",
    ]);
    expect(watch.later(15).run([])).toEqual([]);
    watch.later(60).run([]);
    expect(watch.alerts.size).toBe(0);
  });

  it("that heals in the night before the phone heard of it never rings", () => {
    const watch = new Watch("2026-11-23T04:00:00.000Z");
    expect(said(watch.run([staleRecord()]))).toEqual(["stale new email 1"]);
    expect(said(watch.later(60).run([recordInStep()]))).toEqual(["stale over email 1"]);
    expect(watch.later(60 * 8).run([])).toEqual([]);
  });

  it("that comes and goes every run is told once open and once over until the repeat", () => {
    const watch = new Watch();
    const heard: string[] = [];
    for (let run = 0; run < 20; run += 1) {
      heard.push(...said(watch.run([run % 2 === 0 ? staleRecord() : recordInStep()])));
      watch.later(15);
    }
    expect(heard.filter((text) => text.includes("email"))).toEqual([
      "stale new email 1",
      "stale over email 1",
    ]);
  });

  it("that comes back after more than an hour is news again, under another key", () => {
    const watch = new Watch();
    const [first] = watch.run([staleRecord()]);
    watch.later(15).run([recordInStep()]);
    const [second] = watch.later(61).run([staleRecord()]);
    expect(second?.what).toBe("new");
    expect(second?.dedupeKey).not.toBe(first?.dedupeKey);
  });

  it("waits without a word while the ERP is silent, and is told when it is back", () => {
    const watch = new Watch();
    const silent: SourceReading[] = [
      { source: "storefront", completeThrough: "2026-11-22T16:00:00.000Z" },
      { source: "erp", completeThrough: "2026-11-22T12:00:00.000Z" },
    ];
    expect(said(watch.run([staleRecord("1"), staleRecord("2")], silent))).toEqual([
      "source_silent new email 0",
      "source_silent new sms 0",
    ]);
    expect(said(watch.later(30).run([recordInStep("1")]))).toEqual([
      "stale new email 1",
      "stale new sms 1",
      "source_silent over email 0",
      "source_silent over sms 0",
    ]);
  });

  it("tells with the repeat how many came right meanwhile", () => {
    const watch = new Watch();
    watch.run([staleRecord("1"), staleRecord("2"), staleRecord("3")]);
    expect(watch.later(15).run([recordInStep("2")])).toEqual([]);
    const [mail] = watch.later(12 * 60).run([]);
    expect(mail).toMatchObject({ what: "repeat", count: 2, cleared: 1 });
  });
});

describe("a mismatch", () => {
  it.each([
    ["24.99", []],
    ["25.00", ["mismatch new email 1"]],
    ["-25.00", ["mismatch new email 1"]],
  ])("of %s against a threshold of 25.00 says %j", (difference, expected) => {
    expect(said(new Watch().run([mismatchedRecord("1", difference)]))).toEqual(expected);
  });

  it("of a document without a refund is over once a refund holds that document", () => {
    const watch = new Watch();
    const orphan = mismatchedRecord("1", "50.00");
    const id = `document:${documentInStep("1").documentId}`;
    watch.run([{ ...orphan, id, refund: null, status: "orphaned" }]);
    expect(said(watch.later(15).run([recordInStep()]))).toEqual(["mismatch over email 1"]);
  });
});

const erpReadMinutesAgo = (minutes: number): SourceReading[] => [
  {
    source: "erp",
    completeThrough: new Date(
      Date.parse("2026-11-22T16:00:00.000Z") - minutes * 60_000,
    ).toISOString(),
  },
];

describe("a source", () => {
  it("is silent after the time allowed, not at it", () => {
    expect(new Watch().run([], erpReadMinutesAgo(60))).toEqual([]);
    expect(said(new Watch().run([], erpReadMinutesAgo(61)))).toHaveLength(2);
  });

  it("that was never read gets the same time before anybody hears of it", () => {
    const never: SourceReading[] = [{ source: "erp", completeThrough: null }];
    const watch = new Watch();
    expect(watch.run([], never)).toEqual([]);
    expect(watch.later(59).run([], never)).toEqual([]);
    expect(said(watch.later(1).run([], never))).toHaveLength(2);
  });
});

it("decides the same dedupe keys when a run is decided again a tick later", () => {
  const keys = (watch: Watch): string[] =>
    watch.run([staleRecord()]).map(({ dedupeKey }) => dedupeKey);
  expect(keys(new Watch())).toEqual(keys(new Watch().later(15)));
});

it("tells 20,000 refunds at once in two messages that list twenty", () => {
  const storm = Array.from({ length: 20_000 }, (_, index) => staleRecord(String(index)));
  const watch = new Watch();
  const messages = watch.run(storm);
  expect(said(messages)).toEqual(["stale new email 20000", "stale new sms 20000"]);
  expect(messages[0]?.listed).toHaveLength(20);
  expect(
    Math.max(...[...watch.alerts.values()].map((alert) => JSON.stringify(alert).length)),
  ).toBeLessThan(300_000);
});

it("always bounds messages, tells each matter once, and keeps no alert without a live member", () => {
  const step = fc.record({
    minutes: fc.integer({ min: 1, max: 400 }),
    changes: fc.dictionary(
      fc.constantFrom("1", "2", "3", "4"),
      fc.constantFrom("stale", "ok", "off", "small"),
      {
        noNullPrototype: true,
      },
    ),
    erpSilent: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const watch = new Watch();
      const world = new Map<string, string>();
      const changedAt = new Map<string, string>();
      let silentSince: string | null = null;
      const keys = new Set<string>();
      for (const { minutes, changes, erpSilent } of steps) {
        watch.later(minutes);
        const now = new Date(watch.now).toISOString();
        for (const [id, state] of Object.entries(changes)) {
          if (world.get(id) !== state) changedAt.set(id, now);
          world.set(id, state);
        }
        // A source never goes back: its silence begins where it was last read.
        const twoHoursAgo = new Date(watch.now - 2 * 3_600_000).toISOString();
        silentSince = erpSilent ? (silentSince ?? twoHoursAgo) : null;
        const since = (id: string, record: SyncRecord): SyncRecord => ({
          ...record,
          history: [{ at: changedAt.get(id) ?? now, status: record.status, why: "" }],
        });
        const messages = watch.run(
          Object.entries(changes).map(([id, state]) =>
            since(
              id,
              state === "stale"
                ? staleRecord(id)
                : state === "ok"
                  ? recordInStep(id)
                  : mismatchedRecord(id, state === "off" ? "30.00" : "1.00"),
            ),
          ),
          [{ source: "erp", completeThrough: silentSince ?? now }],
        );
        const sorts = messages.map(({ kind, what, channel }) => `${kind} ${what} ${channel}`);
        expect(new Set(sorts).size).toBe(sorts.length);
        for (const { dedupeKey } of messages) {
          expect(keys.has(dedupeKey)).toBe(false);
          keys.add(dedupeKey);
        }
        const believedStale = sorts.filter((sort) => /^stale (new|repeat)/.test(sort));
        expect(erpSilent ? believedStale : []).toEqual([]);

        const open = [...watch.alerts.values()].filter(({ state }) => state === "open");
        for (const kind of ["stale", "mismatch"] as const) {
          const members = open
            .filter((alert) => alert.kind === kind)
            .flatMap((alert) => alert.members);
          const wanted = [...world].filter(
            ([, state]) => state === (kind === "stale" ? "stale" : "off"),
          );
          expect(members.map(({ recordId }) => recordId).toSorted()).toEqual(
            wanted.map(([id]) => `refund:${id}`).toSorted(),
          );
        }
        const untold = open.filter(
          ({ kind, source, told }) =>
            kind !== "source_silent" &&
            told.email.messages === 0 &&
            !(erpSilent && source === "erp"),
        );
        expect(untold).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
});
