import { describe, expect, it } from "vitest";

import { AlarmBoard } from "../../local/cloud/alarms.ts";
import type { Datum } from "../../local/cloud/alarms.ts";

const NAMES = { ref: (id: string) => id, attribute: (id: string) => id };
const MINUTE = 60_000;
const NOON = Date.parse("2026-11-22T12:00:00.000Z");

function board(properties: Record<string, unknown>, rule?: string): AlarmBoard {
  const alarm = {
    Namespace: "RefundWatch",
    MetricName: "PullCompleted",
    Dimensions: [{ Name: "brand", Value: "acme" }],
    Period: 900,
    Statistic: "Sum",
    Threshold: 1,
    ComparisonOperator: "LessThanThreshold",
    EvaluationPeriods: 4,
    ...properties,
  };
  const composite = { Type: "AWS::CloudWatch::CompositeAlarm", Properties: { AlarmRule: rule } };
  return new AlarmBoard(
    {
      Resources: {
        a: { Type: "AWS::CloudWatch::Alarm", Properties: alarm },
        b: { Type: "AWS::CloudWatch::Alarm", Properties: { ...alarm, MetricName: "Other" } },
        ...(rule !== undefined && { both: composite }),
      },
    },
    NAMES,
  );
}

function data(...minutesAgo: readonly number[]): Datum[] {
  return minutesAgo.map((ago) => ({
    namespace: "RefundWatch",
    metric: "PullCompleted",
    dimensions: { brand: "acme" },
    value: 1,
    at: NOON - ago * MINUTE,
  }));
}

describe("an alarm over metrics", () => {
  it("is red when no period of the last so many had what it wants", () => {
    const alarm = board({ TreatMissingData: "breaching" });
    expect(alarm.stateAt("a", data(70), NOON)).toBe("ALARM");
    expect(alarm.stateAt("a", data(59), NOON)).toBe("OK");
    expect(alarm.stateAt("a", [], NOON)).toBe("ALARM");
  });

  it("looks at whole periods only", () => {
    const alarm = board({ TreatMissingData: "breaching" });
    expect(alarm.stateAt("a", data(-1), NOON + 5 * MINUTE)).toBe("ALARM");
    expect(alarm.stateAt("a", data(-1), NOON + 15 * MINUTE)).toBe("OK");
  });

  it("is red at so many of so many datapoints", () => {
    const alarm = board({ DatapointsToAlarm: 2, TreatMissingData: "breaching" });
    expect(alarm.stateAt("a", data(1, 16, 31), NOON)).toBe("OK");
    expect(alarm.stateAt("a", data(1, 16), NOON)).toBe("ALARM");
  });

  it("takes missing data as it says", () => {
    expect(board({ TreatMissingData: "notBreaching" }).stateAt("a", [], NOON)).toBe("OK");
    expect(board({}).stateAt("a", [], NOON)).toBe("INSUFFICIENT_DATA");
  });

  it("does not look at another brand's metric", () => {
    const other = data(1).map((one) => ({ ...one, dimensions: { brand: "globex" } }));
    expect(board({ TreatMissingData: "breaching" }).stateAt("a", other, NOON)).toBe("ALARM");
  });

  it("may be made of others by a rule", () => {
    const missing = { TreatMissingData: "breaching" };
    const state = (rule: string, ...ago: readonly number[]) =>
      board(missing, rule).stateAt("both", data(...ago), NOON);
    expect(state("ALARM(a) AND ALARM(b)", 1)).toBe("OK");
    expect(state("ALARM(a) AND ALARM(b)")).toBe("ALARM");
    expect(state("ALARM(a) OR ALARM(b)", 1)).toBe("ALARM");
    expect(state('NOT ALARM("a") AND (OK("a") OR ALARM("a"))', 1)).toBe("ALARM");
  });
});
