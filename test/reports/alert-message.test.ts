import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AlertMember, AlertMessage } from "../../lambdas/refund/alerts/alert.ts";
import { alertMessage } from "../../lambdas/reports/alert-message.ts";

const member: AlertMember = {
  recordId: "refund:6200000000042",
  orderNumber: "#1042",
  amount: "412.50",
  currency: "USD",
  since: "2026-11-22T09:00:00.000Z",
  changedAt: "2026-11-22T09:00:00.000Z",
  mismatches: ["missing_in_erp"],
};
const stale: AlertMessage = {
  dedupeKey: "stale-new-sms-1",
  channel: "sms",
  kind: "stale",
  what: "new",
  decidedAt: "2026-11-22T16:00:00.000Z",
  count: 3,
  cleared: 0,
  atRisk: [{ amount: "412.50", currency: "USD" }],
  oldest: member,
  listed: [member],
  sources: [],
};
const context = { brand: "acme", staleAfterMs: 6 * 3_600_000, timeZone: "America/New_York" };
const silent: AlertMessage = {
  ...stale,
  kind: "source_silent",
  count: 0,
  atRisk: [],
  oldest: null,
  listed: [],
  sources: [{ source: "erp", completeThrough: "2026-11-22T13:00:00.000Z" }],
};

describe("the SMS", () => {
  it.each([
    [
      stale,
      "acme: 3 refunds not in ERP after 6 h, USD 412.50 at risk, oldest 7 h (#1042). E-mail has the list.",
    ],
    [
      { ...stale, what: "repeat" as const, cleared: 2 },
      "acme: still 3 refunds not in ERP after 6 h, 2 fixed since, USD 412.50 at risk, oldest 7 h (#1042). E-mail has the list.",
    ],
    [
      { ...stale, what: "over" as const },
      "acme: Resolved: 3 refunds reported as not in ERP after 6 h. Nothing to do.",
    ],
    [
      silent,
      "acme: ERP not read for 3 h. Missing refunds cannot be found meanwhile. Check API and credentials.",
    ],
  ])("reads as a sentence that says what to do", (message, text) => {
    expect(alertMessage(message, context).sms).toBe(text);
  });
});

it("lists up to twenty refunds in the mail and counts the rest", () => {
  const listed = Array.from({ length: 20 }, () => member);
  const { email, subject } = alertMessage({ ...stale, count: 1_234, listed }, context);
  expect(email.match(/^- #1042, refund 6200000000042: USD 412\.50, 7 h old/gm)).toHaveLength(20);
  expect(email).toContain("and 1,214 more");
  expect(subject).toBe("acme: 1,234 refunds not in ERP after 6 h, USD 412.50 at risk");
});

it("never lets data become a link, a second line or a long SMS", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.constantFrom(
      "https://evil.com",
      "\r\nBcc: a@evil.com",
      "\u202e1001",
      "💸".repeat(90),
      "www.evil.com",
    ),
  );
  const amount = fc.bigInt({ min: 0n, max: 10n ** 59n }).map((units) => `${units}.00`);
  const sort = fc.record({
    kind: fc.constantFrom("stale" as const, "mismatch" as const, "source_silent" as const),
    what: fc.constantFrom("new" as const, "repeat" as const, "over" as const),
    count: fc.nat(),
    cleared: fc.nat(),
  });
  fc.assert(
    fc.property(sort, nasty, amount, nasty, (base, text, money, currency) => {
      const evil = {
        ...member,
        orderNumber: text,
        recordId: `refund:${text}`,
        amount: money,
        currency,
      };
      const atRisk = Array.from({ length: 3 }, () => ({ amount: money, currency }));
      const sent = alertMessage(
        { ...stale, ...base, atRisk, oldest: evil, listed: [evil], sources: silent.sources },
        context,
      );
      expect(sent.sms).toMatch(/^[A-Za-z0-9 .,:;#()+'/%&?!-]{1,160}$/);
      expect(sent.subject).toMatch(/^[\x20-\x7e]{1,100}$/);
      expect(sent.email).toMatch(/^[\x20-\x7e\n…]*$/);
      for (const line of sent.email.split("\n")) expect(line.length).toBeLessThanOrEqual(72);
      for (const part of [sent.sms, sent.subject, sent.email]) {
        expect(part).not.toMatch(/:\/\/|www\.|evil\.com|@/);
      }
    }),
    { numRuns: 300 },
  );
});

describe("an order that only says refunded", () => {
  const claim = { ...member, recordId: "refund:order-1042", amount: "0.00" };
  const message = {
    ...stale,
    channel: "email" as const,
    listed: [member, claim],
    atRisk: [
      { amount: "0.00", currency: "EUR" },
      { amount: "412.50", currency: "USD" },
    ],
  };

  it("is not to be entered in the ERP, and an unknown amount is no amount of zero", () => {
    const { email, subject } = alertMessage(message, context);
    expect(email.replaceAll(/\s+/g, " ")).toContain("do not enter it in the ERP");
    expect(email).toContain("#1042, no refund: amount not known, 7 h old");
    expect(subject).toContain("USD 412.50 at risk");
    expect(subject).not.toContain("EUR");
  });
});
