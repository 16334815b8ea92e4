import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { dayBefore, lastCompleteDay, utcDays } from "../../../lambdas/refund/time/business-day.ts";

const HOUR = 3_600_000;

describe("the brand's business day", () => {
  it.each([
    ["an ordinary day", "2026-11-22T12:00:00.000Z", "America/New_York", "2026-11-21", 24],
    ["before local midnight", "2026-11-22T04:59:00.000Z", "America/New_York", "2026-11-20", 24],
    ["after local midnight", "2026-11-22T05:00:00.000Z", "America/New_York", "2026-11-21", 24],
    ["the day clocks go forward", "2026-03-09T12:00:00.000Z", "America/New_York", "2026-03-08", 23],
    ["the day clocks go back", "2026-11-02T12:00:00.000Z", "America/New_York", "2026-11-01", 25],
    ["a zone of half hours", "2026-11-22T12:00:00.000Z", "Asia/Kolkata", "2026-11-21", 24],
    ["leap day", "2028-03-01T12:00:00.000Z", "Europe/Berlin", "2028-02-29", 24],
    ["new year", "2027-01-01T10:00:00.000Z", "Pacific/Auckland", "2026-12-31", 24],
    [
      "clocks that jump at midnight",
      "2026-09-07T12:00:00.000Z",
      "America/Santiago",
      "2026-09-06",
      23,
    ],
  ])("is right on %s", (_, now, zone, date, hours) => {
    const day = lastCompleteDay(now, zone);
    expect(day.date).toBe(date);
    expect((Date.parse(day.to) - Date.parse(day.from)) / HOUR).toBe(hours);
  });

  it("leaves no gap and no overlap between one day and the next, in any zone over three years", () => {
    const zones = fc.constantFrom(
      "America/New_York",
      "Europe/London",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
      "Africa/Cairo",
    );
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 3 * 365 }), (zone, days) => {
        const now = new Date(Date.parse("2026-01-02T12:00:00.000Z") + days * 24 * HOUR);
        const day = lastCompleteDay(now.toISOString(), zone);
        expect(dayBefore(day, 1, zone).to).toBe(day.from);
        expect(day.to <= now.toISOString()).toBe(true);
      }),
    );
  });
});

it("names every UTC day that two instants span", () => {
  expect(utcDays("2026-02-27T23:00:00.000Z", "2026-03-01T00:00:00.000Z")).toEqual([
    "2026-02-27",
    "2026-02-28",
    "2026-03-01",
  ]);
});
