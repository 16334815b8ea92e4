import { Duration } from "aws-cdk-lib";
import { Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

import { METRIC_DIMENSIONS, METRIC_NAMESPACE, METRICS } from "../lambdas/names.ts";
import { ImpactAlarm } from "./impact-alarm.ts";
import type { ScheduledJob } from "./scheduled-job.ts";
import type { Topics } from "./topics.ts";

/**
 * Alarms about the product itself: one for each failure after which nobody would notice that a
 * brand's refunds are not watched. No alarm uses the alert sender or its topics.
 */
export class BrandAlarms extends Construct {
  readonly #props: BrandAlarmsProps;

  constructor(scope: Construct, id: string, props: BrandAlarmsProps) {
    super(scope, id);
    this.#props = props;
    for (const [name, job] of Object.entries(props.jobs)) this.#jobFails(name, job);
    for (const source of ["storefront", "erp"] as const) {
      this.#sourceIsSilentOrBroken(source);
      this.#platformHasChanged(source);
    }
    this.#watchIsSilent();
    this.#digestIsSilent();
    this.#runsAreDropped();
    this.#nobodyIsTold();
  }

  #jobFails(name: string, { lambda }: ScheduledJob): void {
    this.#alarm(`${name}Errors`, {
      impact: `${name} of ${this.#props.brand} keeps failing: its records, decisions or messages are late, and finance and ops see old data.`,
      article: "a-job-keeps-failing",
      metric: lambda.metricErrors({ period: QUARTER, statistic: Stats.SUM }),
      periods: name === "Digest" ? 1 : 2,
      missingData: "is fine",
    });
    this.#alarm(`${name}Throttles`, {
      impact: `AWS refuses to start ${name} of ${this.#props.brand}: the account has no free concurrency, and runs are late or lost.`,
      article: "a-job-is-throttled",
      metric: lambda.metricThrottles({ period: QUARTER, statistic: Stats.SUM }),
      missingData: "is fine",
    });
  }

  #sourceIsSilentOrBroken(source: "storefront" | "erp"): void {
    const dimensions = { [METRIC_DIMENSIONS.source]: source };
    this.#alarm(`${source}NotRead`, {
      impact: `No pull of the ${source} of ${this.#props.brand} has completed for two hours: its refunds are not watched, and missing refunds are not reported.`,
      article: "a-source-is-not-read",
      metric: this.#own(METRICS.pullCompleted, { period: QUARTER, dimensions }),
      below: 1,
      periods: 8,
      missingData: "is bad",
    });
    this.#alarm(`${source}Quarantine`, {
      impact: `The ${source} of ${this.#props.brand} sent records that cannot be read: they are in quarantine and are not compared until they can be read.`,
      article: "records-in-quarantine",
      metric: this.#own(METRICS.quarantined, { period: QUARTER, dimensions }),
      missingData: "is fine",
    });
  }

  #platformHasChanged(source: "storefront" | "erp"): void {
    this.#alarm(`${source}SchemaDrift`, {
      impact: `Most records on a page of the ${source} of ${this.#props.brand} cannot be read, all because of one field. The log names the field as SCHEMA_DRIFT.`,
      article: "the-api-has-changed",
      metric: this.#own(METRICS.schemaDrift, {
        period: QUARTER,
        dimensions: { [METRIC_DIMENSIONS.source]: source },
      }),
      missingData: "is fine",
    });
  }

  #watchIsSilent(): void {
    this.#alarm("WatchNotDone", {
      impact: `No watch of ${this.#props.brand} has finished for two hours: refunds turn stale and nobody is alerted.`,
      article: "nothing-turns-stale",
      metric: this.#own(METRICS.watchCompleted, { period: QUARTER }),
      below: 1,
      periods: 8,
      missingData: "is bad",
    });
    this.#alarm("AlertsNotSent", {
      impact: `An alert of ${this.#props.brand} was decided an hour ago and is not sent yet: ops does not know about a refund over the threshold.`,
      article: "alerts-are-not-sent",
      metric: this.#own(METRICS.outboxAgeMinutes, { period: QUARTER, statistic: Stats.MAXIMUM }),
      atLeast: 60,
      missingData: "is fine",
    });
  }

  #digestIsSilent(): void {
    this.#alarm("DigestNotDone", {
      // 26 hours: one day, one hour for the change of clocks, and one hour of delay.
      impact: `Finance of ${this.#props.brand} has had no digest for more than a day: finance does not see the open exceptions.`,
      article: "no-digest",
      metric: this.#own(METRICS.digestCompleted, { period: Duration.hours(1) }),
      below: 1,
      periods: 26,
      missingData: "is bad",
    });
  }

  #runsAreDropped(): void {
    const { brand, scheduleGroup, deadLetters } = this.#props;
    this.#alarm("DeadLetters", {
      impact: `A run of ${brand} failed at every attempt or could not be started. Its event is in the dead-letter queue. The next run does its work, unless it fails too.`,
      article: "runs-put-aside",
      // Counts arriving messages: they stay for 14 days, and a second failure must alarm too.
      metric: deadLetters.metricNumberOfMessagesSent({ period: QUARTER, statistic: Stats.SUM }),
      missingData: "is fine",
    });
    for (const [name, metricName] of [
      ["SchedulesDropped", "InvocationDroppedCount"],
      ["SchedulesFailing", "TargetErrorCount"],
    ] as const) {
      this.#alarm(name, {
        impact: `The scheduler cannot start jobs of ${brand}: while this lasts, nothing is read or checked, and no messages are sent.`,
        article: "schedules-do-not-arrive",
        metric: new Metric({
          namespace: "AWS/Scheduler",
          metricName,
          dimensionsMap: { ScheduleGroup: scheduleGroup },
          period: QUARTER,
          statistic: Stats.SUM,
        }),
        missingData: "is fine",
      });
    }
  }

  #nobodyIsTold(): void {
    const { brand, topics } = this.#props;
    for (const [name, topic] of [
      ["OpsNotReached", topics.ops],
      ["FinanceNotReached", topics.finance],
    ] as const) {
      this.#alarm(name, {
        impact: `SNS could not deliver messages of ${brand}: a phone number opted out, a spend limit was reached, or an address no longer exists.`,
        article: "messages-do-not-arrive",
        metric: topic.metricNumberOfNotificationsFailed({ period: QUARTER, statistic: Stats.SUM }),
        missingData: "is fine",
      });
    }
  }

  #own(metricName: string, { period, dimensions = {}, statistic = Stats.SUM }: OwnMetric): Metric {
    return new Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      dimensionsMap: { [METRIC_DIMENSIONS.brand]: this.#props.brand, ...dimensions },
      period,
      statistic,
    });
  }

  #alarm(id: string, alarm: Omit<ConstructorParameters<typeof ImpactAlarm>[2], "topic">): void {
    new ImpactAlarm(this, id, { ...alarm, topic: this.#props.topics.alarms });
  }
}

export type BrandAlarmsProps = {
  readonly brand: string;
  readonly jobs: Readonly<Record<string, ScheduledJob>>;
  readonly topics: Topics;
  readonly deadLetters: IQueue;
  readonly scheduleGroup: string;
};

type OwnMetric = {
  readonly period: Duration;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic?: string;
};

const QUARTER = Duration.minutes(15);
