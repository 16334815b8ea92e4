import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { CODE_VERSION } from "../lambdas/ledger/store/event-log.ts";
import { pullSettings, scheduledEvent } from "../lambdas/settings.ts";
import { brandInStep } from "./jobs/brand-in-step.ts";

const complete = {
  BRAND: JSON.stringify(brandInStep()),
  SOURCE: "erp",
  TABLE: "table",
  BUCKET: "bucket",
  OPS_TOPIC: "arn:ops",
  FINANCE_TOPIC: "arn:finance",
};

describe("a handler's settings", () => {
  it("come whole from its environment", () => {
    expect(pullSettings(complete)).toMatchObject({
      source: "erp",
      table: "table",
      topics: { ops: "arn:ops", finance: "arn:finance" },
      brand: { brand: "acme" },
    });
  });

  it("name everything that is missing in one error", () => {
    const { TABLE: _table, BUCKET: _bucket, ...rest } = complete;
    expect(() => pullSettings(rest)).toThrow(/TABLE: is not set; BUCKET: is not set/);
  });

  it("refuse a source that there is none of", () => {
    expect(() => pullSettings({ ...complete, SOURCE: "payments" })).toThrow(/storefront or erp/);
  });
});

const hoursAhead = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe("the scheduled event", () => {
  it("gives the clock in the one form that sorts as text", () => {
    const { now } = scheduledEvent({ now: "2026-11-22T10:00:00+01:00", run: "r" }, {});
    expect(now).toBe("2026-11-22T09:00:00.000Z");
  });

  it("is refused when its clock is more than an hour ahead, unless the clock is moved on purpose", () => {
    expect(scheduledEvent({ now: hoursAhead(0.5), run: "r" }, {}).run).toBe("r");
    expect(() => scheduledEvent({ now: hoursAhead(2), run: "r" }, {})).toThrow(/an hour ahead/);
    expect(scheduledEvent({ now: hoursAhead(2), run: "r" }, { CLOCK: "moved" }).run).toBe("r");
  });

  it.each([[{}], [{ now: "noon", run: "r" }], ["now"]])("refuses %j", (event) => {
    expect(() => scheduledEvent(event, {})).toThrow(/the event must be/);
  });
});

it("names the version of the package in every decision that is logged", () => {
  expect(JSON.parse(readFileSync("package.json", "utf8"))).toMatchObject({ version: CODE_VERSION });
});
