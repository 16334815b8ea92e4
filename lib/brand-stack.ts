import { CfnOutput, Duration, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";

import { milliseconds } from "../lambdas/brand.ts";
import type { Brand } from "../lambdas/brand.ts";
import { ENV } from "../lambdas/names.ts";
import { BrandAlarms } from "./brand-alarms.ts";
import { EvidenceBucket } from "./evidence-bucket.ts";
import { ScheduledJob } from "./scheduled-job.ts";
import type { ScheduledJobProps } from "./scheduled-job.ts";
import { SyncTable } from "./sync-table.ts";
import { Topics } from "./topics.ts";

/**
 * Everything that one brand needs, without access by any other brand: its table, bucket, topics,
 * four jobs with their schedules, and the alarms about them.
 */
export class BrandStack extends Stack {
  readonly #brand: Brand;
  readonly #assets: string;
  readonly #topics: Topics;
  readonly #table: SyncTable;
  readonly #evidence: EvidenceBucket;
  readonly #deadLetters: Queue;
  readonly #group: CfnScheduleGroup;

  /** @param assets the folder with one bundle a job: `pull/`, `watch/`, `digest/` */
  constructor(scope: Construct, brand: Brand, assets: string) {
    super(scope, `refund-watch-${brand.brand}`, {
      description: `Refund Watch for ${brand.brand}: ${brand.storefront.platform} to ${brand.erp.platform}`,
      analyticsReporting: false,
    });
    this.#brand = brand;
    this.#assets = assets;
    this.#table = new SyncTable(this, "SyncTable");
    this.#evidence = new EvidenceBucket(this, "Evidence", {
      rawDays: days(brand.retention.matched),
      logDays: days(brand.retention.log),
    });
    this.#topics = new Topics(this, "Topics", brand);
    this.#deadLetters = this.#deadLetterQueue();
    this.#group = new CfnScheduleGroup(this, "Schedules", { name: this.stackName });

    const PullStorefront = this.#pull("PullStorefront", "storefront", "0/15 * * * ? *");
    const PullErp = this.#pull("PullErp", "erp", "2/15 * * * ? *");
    const Watch = this.#watch();
    const Digest = this.#digest();
    new BrandAlarms(this, "Alarms", {
      brand: brand.brand,
      jobs: { PullStorefront, PullErp, Watch, Digest },
      topics: this.#topics,
      deadLetters: this.#deadLetters,
      scheduleGroup: this.stackName,
    });
    new CfnOutput(this, "TableName", { value: this.#table.table.tableName });
    new CfnOutput(this, "BucketName", { value: this.#evidence.bucket.bucketName });
  }

  /** It can read only the secret of its own source: a leak of one is not a leak of both. */
  #pull(id: string, source: "storefront" | "erp", cron: string): ScheduledJob {
    const job = this.#job(id, {
      job: "pull",
      cron,
      timeZone: "UTC",
      timeout: Duration.minutes(10), // at most the lease's time, or two runs could hold it
      memoryMb: 1024,
      retries: 1,
      environment: { [ENV.source]: source },
    });
    this.#evidence.allow(job.role, { writes: ["raw", "quarantine", "log"], reads: ["log"] });
    const { credentials } = this.#brand[source];
    job.role.addToPolicy(
      new PolicyStatement({
        actions: ["secretsmanager:GetSecretValue"],
        // Secrets Manager ends each ARN with a hyphen and six characters of its own.
        resources: [
          this.formatArn({
            service: "secretsmanager",
            resource: `secret:${credentials}-??????`,
          }),
        ],
      }),
    );
    return job;
  }

  #watch(): ScheduledJob {
    const job = this.#job("Watch", {
      job: "watch",
      cron: "7/15 * * * ? *", // after both pulls of the quarter of an hour
      timeZone: "UTC",
      timeout: Duration.minutes(10),
      memoryMb: 1024,
      retries: 1,
      environment: {},
    });
    this.#evidence.allow(job.role, { writes: ["log"], reads: ["log"] });
    allowPublish(job, this.#topics.ops);
    return job;
  }

  #digest(): ScheduledJob {
    const [hour = "7", minute = "0"] = this.#brand.digest.at.split(":");
    const job = this.#job("Digest", {
      job: "digest",
      cron: `${Number(minute)} ${Number(hour)} * * ? *`,
      timeZone: this.#brand.timeZone,
      timeout: Duration.minutes(10),
      memoryMb: 1024,
      retries: 2,
      environment: {},
    });
    this.#table.allowReadsOfOpenExceptions(job.role);
    this.#evidence.allow(job.role, {
      writes: ["digests", "rollups", "checkpoints"],
      reads: ["digests", "rollups", "log"],
    });
    allowPublish(job, this.#topics.finance);
    return job;
  }

  #job(
    id: string,
    props: Omit<ScheduledJobProps, "assets" | "deadLetters" | "group">,
  ): ScheduledJob {
    const job = new ScheduledJob(this, id, {
      ...props,
      environment: { ...this.#settings(), ...props.environment },
      assets: this.#assets,
      deadLetters: this.#deadLetters,
      group: this.#group,
    });
    this.#table.allowReadsAndWrites(job.role);
    return job;
  }

  #settings(): Readonly<Record<string, string>> {
    const brand = JSON.stringify(this.#brand);
    const bytes = Buffer.byteLength(brand);
    if (bytes > LONGEST_BRAND) throw new BrandTooLong(this.#brand.brand, bytes);
    return {
      [ENV.brand]: brand,
      [ENV.table]: this.#table.table.tableName,
      [ENV.bucket]: this.#evidence.bucket.bucketName,
      [ENV.opsTopic]: this.#topics.ops.topicArn,
      [ENV.financeTopic]: this.#topics.finance.topicArn,
    };
  }

  #deadLetterQueue(): Queue {
    const queue = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(queue).acknowledge({
      id: "AwsSolutions-SQS3",
      reason: "This queue is the dead-letter queue.",
    });
    return queue;
  }
}

/** Whole days, rounded up, because S3 expires objects by days. */
function days(duration: string): number {
  return Math.ceil(milliseconds(duration) / 86_400_000);
}

function allowPublish({ role }: ScheduledJob, { topicArn }: Topic): void {
  role.addToPolicy(new PolicyStatement({ actions: ["sns:Publish"], resources: [topicArn] }));
}

/** Bytes. Lambda allows 4 KB for the whole environment; the other names need some of it. */
const LONGEST_BRAND = 3_300;

export class BrandTooLong extends Error {
  override readonly name = "BrandTooLong";
  constructor(brand: string, bytes: number) {
    super(
      `brand ${brand}: the file's settings are ${bytes} bytes as JSON, at most ${LONGEST_BRAND} fit a Lambda's environment: shorten erp.integrationUsers, storefront.integrationApps, channels or gateways`,
    );
  }
}
