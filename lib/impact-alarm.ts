import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";

/**
 * An alarm that says what goes wrong and for whom, and where the article about it is.
 *
 * The impact is required, because a person who is woken at night reads it first.
 */
export class ImpactAlarm extends Alarm {
  constructor(
    scope: Construct,
    id: string,
    { impact, article, missingData, topic, atLeast, below, periods, ...metric }: ImpactAlarmProps,
  ) {
    super(scope, id, {
      metric: metric.metric,
      alarmDescription: `${impact} What to do: docs/runbook.md#${article}`,
      threshold: atLeast ?? below ?? 1,
      comparisonOperator:
        below === undefined
          ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
          : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: periods ?? 1,
      treatMissingData:
        missingData === "is bad" ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    this.addAlarmAction(new SnsAction(topic));
    this.addOkAction(new SnsAction(topic));
  }
}

export type ImpactAlarmProps = {
  /** What goes wrong, for whom, in a sentence. */
  readonly impact: string;
  /** The anchor of its article in docs/runbook.md. */
  readonly article: string;
  readonly metric: IMetric;
  /** Alarm at this value or above (default 1). */
  readonly atLeast?: number;
  /** Alarm below this value. */
  readonly below?: number;
  /** How many periods in a row (default 1). */
  readonly periods?: number;
  /** Whether missing data must cause the alarm. */
  readonly missingData: "is fine" | "is bad";
  readonly topic: ITopic;
};
