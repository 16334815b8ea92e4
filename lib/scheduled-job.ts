import { join } from "node:path";

import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as Lambda, Runtime } from "aws-cdk-lib/aws-lambda";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/**
 * One job and the schedule that calls it with the scheduled time.
 *
 * Lambda tries a failed run again and then puts its event into the dead-letter queue. The scheduler
 * puts an event that it could not deliver into the same queue. A run may still be lost; this does
 * no harm, because each run starts from stored state and so the next run does the work.
 */
export class ScheduledJob extends Construct {
  readonly lambda: Lambda;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ScheduledJobProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, "Log", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Its own role instead of AWS's managed policy, which can write to every log of the account.
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.lambda = new Lambda(this, "Function", {
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: Code.fromAsset(join(props.assets, props.job)),
      environment: { ...props.environment },
      memorySize: props.memoryMb,
      timeout: props.timeout,
      role: this.role.withoutPolicyUpdates(),
      logGroup,
      retryAttempts: props.retries,
      maxEventAge: Duration.hours(1),
      onFailure: new SqsDestination(props.deadLetters),
    });
    this.role.addToPolicy(allow("sqs:SendMessage", props.deadLetters.queueArn));
    this.#calledBy(props);
    Validations.of(this.lambda).acknowledge({
      id: "AwsSolutions-L1",
      reason: "nodejs22.x is supported until 2027; the bundle is built and measured for it.",
    });
  }

  #calledBy({ cron, timeZone, group, deadLetters }: ScheduledJobProps): void {
    const account = Stack.of(this).account;
    const caller = new Role(this, "Caller", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": account } },
      }),
    });
    caller.addToPolicy(allow("lambda:InvokeFunction", this.lambda.functionArn));
    caller.addToPolicy(allow("sqs:SendMessage", deadLetters.queueArn));
    const schedule = new CfnSchedule(this, "Schedule", {
      groupName: group.ref,
      scheduleExpression: `cron(${cron})`,
      scheduleExpressionTimezone: timeZone,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: this.lambda.functionArn,
        roleArn: caller.roleArn,
        input: JSON.stringify(SCHEDULED_EVENT),
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 3_600 },
      },
    });
    // The schedule must not fire before its role can call the function, or the first runs would be
    // dropped. The schedule refers to the role, so only the policy of the role must be waited for.
    schedule.node.addDependency(caller.node.findChild("DefaultPolicy"));
  }
}

export type ScheduledJobProps = {
  /** The bundle's folder name in `assets`. */
  readonly job: "pull" | "watch" | "digest";
  readonly assets: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Six fields of EventBridge Scheduler's cron. */
  readonly cron: string;
  readonly timeZone: string;
  readonly timeout: Duration;
  readonly memoryMb: number;
  /** How often Lambda tries a failed run again. */
  readonly retries: 0 | 1 | 2;
  readonly deadLetters: IQueue;
  readonly group: CfnScheduleGroup;
};

/** The scheduler fills in these values: a retry of a run has the same time and the same name. */
const SCHEDULED_EVENT = {
  now: "<aws.scheduler.scheduled-time>",
  run: "<aws.scheduler.execution-id>",
};

function allow(action: string, resource: string): PolicyStatement {
  return new PolicyStatement({ effect: Effect.ALLOW, actions: [action], resources: [resource] });
}
