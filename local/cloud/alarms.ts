import * as z from "zod";

import { resolved } from "./template.ts";
import type { Names, Template } from "./template.ts";

/** One value of a metric, as CloudWatch receives it. */
export type Datum = {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
};

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/**
 * Evaluates the template's alarms over collected metrics, as CloudWatch does: by whole periods, M
 * datapoints out of N, with the alarm's own setting for missing data; composite alarms by their
 * rule.
 *
 * Where data is missing, CloudWatch may look a few periods further back. This class does not, so an
 * alarm is raised here no later than in CloudWatch.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export class AlarmBoard {
  readonly #alarms: ReadonlyMap<string, MetricAlarm>;
  readonly #composites: ReadonlyMap<string, string>;

  constructor(template: Template, names: Names) {
    const alarms = new Map<string, MetricAlarm>();
    const composites = new Map<string, string>();
    for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
      if (Type === "AWS::CloudWatch::Alarm") {
        alarms.set(id, alarmSchema.parse(resolved(Properties, names)));
      }
      if (Type === "AWS::CloudWatch::CompositeAlarm") {
        composites.set(id, compositeSchema.parse(resolved(Properties, names)).AlarmRule);
      }
    }
    this.#alarms = alarms;
    this.#composites = composites;
  }

  get ids(): readonly string[] {
    return [...this.#alarms.keys(), ...this.#composites.keys()];
  }

  /**
   * @param data in any order; only what is older than `now` counts
   * @throws NoSuchAlarm
   */
  stateAt(id: string, data: readonly Datum[], now: number): AlarmState {
    const alarm = this.#alarms.get(id);
    if (alarm !== undefined) return metricState(alarm, data, now);
    const rule = this.#composites.get(id);
    if (rule === undefined) throw new NoSuchAlarm(id);
    return ruleHolds(rule, (name) => this.stateAt(name, data, now)) ? "ALARM" : "OK";
  }
}

function metricState(alarm: MetricAlarm, data: readonly Datum[], now: number): AlarmState {
  const periodMs = alarm.Period * 1_000;
  const wanted = Object.fromEntries(alarm.Dimensions.map(({ Name, Value }) => [Name, Value]));
  const own = data.filter(
    ({ namespace, metric, dimensions }) =>
      namespace === alarm.Namespace &&
      metric === alarm.MetricName &&
      sameDimensions(dimensions, wanted),
  );
  const end = Math.floor(now / periodMs) * periodMs;
  const needed = alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods;
  let breaching = 0;
  let missing = 0;
  for (let back = 1; back <= alarm.EvaluationPeriods; back += 1) {
    const from = end - back * periodMs;
    const values = own
      .filter(({ at }) => at >= from && at < from + periodMs)
      .map(({ value }) => value);
    if (values.length === 0) missing += 1;
    if (values.length === 0 ? alarm.TreatMissingData === "breaching" : breaches(alarm, values)) {
      breaching += 1;
    }
  }
  if (breaching >= needed) return "ALARM";
  const isBlind = missing === alarm.EvaluationPeriods && alarm.TreatMissingData === "missing";
  return isBlind ? "INSUFFICIENT_DATA" : "OK";
}

function breaches(
  { Statistic, Threshold, ComparisonOperator }: MetricAlarm,
  values: readonly number[],
): boolean {
  const value = STATISTICS[Statistic](values);
  switch (ComparisonOperator) {
    case "GreaterThanOrEqualToThreshold":
      return value >= Threshold;
    case "GreaterThanThreshold":
      return value > Threshold;
    case "LessThanThreshold":
      return value < Threshold;
    case "LessThanOrEqualToThreshold":
      return value <= Threshold;
  }
}

/** ALARM("a"), OK("a"), AND, OR, NOT and brackets. */
function ruleHolds(rule: string, stateOf: (name: string) => AlarmState): boolean {
  const tokens = rule.match(
    /\(|\)|AND|OR(?![A-Z])|NOT|(?:ALARM|OK|INSUFFICIENT_DATA)\("?[^")]+"?\)/g,
  );
  const rest = [...(tokens ?? [])];
  const term = (): boolean => {
    const token = rest.shift() ?? "";
    if (token === "NOT") return !term();
    if (token === "(") {
      const value = either();
      rest.shift();
      return value;
    }
    const [, state = "", name = ""] = /^([A-Z_]+)\("?([^")]+)"?\)$/.exec(token) ?? [];
    return stateOf(name) === state;
  };
  const both = (): boolean => {
    let value = term();
    while (rest[0] === "AND") {
      rest.shift();
      const next = term();
      value = value && next;
    }
    return value;
  };
  const either = (): boolean => {
    let value = both();
    while (rest[0] === "OR") {
      rest.shift();
      const next = both();
      value = value || next;
    }
    return value;
  };
  return either();
}

function sameDimensions(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
  );
}

const STATISTICS = {
  Sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values: readonly number[]) => Math.max(...values),
  Minimum: (values: readonly number[]) => Math.min(...values),
  Average: (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length,
  SampleCount: (values: readonly number[]) => values.length,
};

const alarmSchema = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  /** Seconds. */
  Period: z.number(),
  Statistic: z.enum(["Sum", "Maximum", "Minimum", "Average", "SampleCount"]),
  Threshold: z.number(),
  ComparisonOperator: z.enum([
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
  ]),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number().optional(),
  TreatMissingData: z.enum(["breaching", "notBreaching", "ignore", "missing"]).default("missing"),
});
type MetricAlarm = z.output<typeof alarmSchema>;

const compositeSchema = z.object({ AlarmRule: z.string() });

class NoSuchAlarm extends Error {
  override readonly name = "NoSuchAlarm";
  constructor(id: string) {
    super(`the template has no alarm ${id}`);
  }
}
