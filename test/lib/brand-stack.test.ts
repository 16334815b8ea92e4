import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { brandFilesIn, readBrandFile } from "../../lib/brand-file.ts";
import { BrandTooLong } from "../../lib/brand-stack.ts";
import { BrandTwice, synthesiseBrands } from "../../lib/synthesise-brands.ts";

type Template = {
  readonly Resources: Record<string, Resource>;
  readonly Outputs: Record<string, unknown>;
};
type Resource = { Type: string; Properties: Properties; DeletionPolicy?: string };
type Ref = { Ref: string };
/** What these tests read of all kinds of resources; each kind has some of it. */
type Properties = {
  PolicyDocument: { Statement: Statement[] };
  Topics: Ref[];
  TopicArn: Ref;
  ManagedPolicyArns?: unknown;
  LifecycleConfiguration: { Rules: { Prefix?: string; ExpirationInDays?: number }[] };
  BucketEncryption: unknown;
  SqsManagedSseEnabled: boolean;
  Runtime: string;
  Architectures: string[];
  Timeout: number;
  LoggingConfig: { LogGroup: Ref };
  RetentionInDays: number;
  Environment: { Variables: Record<string, unknown> & { BRAND: string; SOURCE?: string } };
  FunctionName: Ref;
  DestinationConfig: { OnFailure: { Destination: unknown } };
  ScheduleExpression: string;
  ScheduleExpressionTimezone: string;
  FlexibleTimeWindow: unknown;
  Target: {
    DeadLetterConfig: { Arn: unknown };
    Input: string;
    RetryPolicy: { MaximumRetryAttempts: number };
  };
  AlarmDescription: string;
  AlarmActions: Ref[];
  OKActions: Ref[];
  TreatMissingData: string;
  MetricName: string;
  Period: number;
  EvaluationPeriods: number;
  Dimensions: { Value: string }[];
  Protocol: string;
  Endpoint: string;
  FilterPolicy: unknown;
};
type Statement = {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Principal?: { Service?: string };
  Condition: { Bool?: Record<string, string> };
};

const folder = mkdtempSync(join(tmpdir(), "brand-stack-"));
const assets = join(folder, "assets");
let acme: Template;
let globex: Template;

beforeAll(async () => {
  // Bundling has its own test: a template needs a folder for each job, not what is in it.
  for (const job of ["pull", "watch", "digest"]) {
    mkdirSync(join(assets, job), { recursive: true });
    writeFileSync(join(assets, job, "index.mjs"), `export const handler = () => "${job}";`);
  }
  const out = join(folder, "out");
  // Throws when a rule of AWS's is broken without a reason.
  await synthesiseBrands(brandFilesIn("brands"), { assets, outdir: out, reviewed: true });
  acme = template(out, "acme");
  globex = template(out, "globex");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

function template(out: string, brand: string): Template {
  const file = join(out, `refund-watch-${brand}.template.json`);
  return JSON.parse(readFileSync(file, "utf8")) as Template;
}

function all({ Resources }: Template, type: string): readonly (Resource & { id: string })[] {
  const found = Object.entries(Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => ({ id, ...resource }));
  expect(found, `a stack without ${type} proves nothing`).not.toEqual([]);
  return found;
}

function statements(stack: Template): readonly { id: string; action: string; resource: unknown }[] {
  return all(stack, "AWS::IAM::Policy").flatMap(({ id, Properties }) =>
    Properties.PolicyDocument.Statement.flatMap((statement) =>
      [statement.Action]
        .flat()
        .flatMap((action: string) =>
          [statement.Resource].flat().map((resource) => ({ id, action, resource })),
        ),
    ),
  );
}

function zones(stack: Template): unknown {
  return all(stack, "AWS::Scheduler::Schedule").map(({ Properties }) => [
    Properties.ScheduleExpression,
    Properties.ScheduleExpressionTimezone,
  ]);
}

function articles(): Set<string> {
  const headings = readFileSync("docs/runbook.md", "utf8").matchAll(/^## (.+)$/gm);
  return new Set([...headings].map(([, title = ""]) => title.toLowerCase().replaceAll(" ", "-")));
}

function written(name: string, brand: object): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(brand)); // JSON is YAML
  return file;
}

function synthesised(files: readonly string[], name: string): Promise<void> {
  return synthesiseBrands(files, { assets, outdir: join(folder, name), reviewed: false });
}

describe("each brand's stack", () => {
  it("is its own, and knows nothing of the other brand", () => {
    expect(JSON.stringify(acme)).not.toContain("globex");
    expect(JSON.stringify(globex)).not.toContain("acme");
  });

  it("says where its table and bucket are", () => {
    expect(Object.keys(acme.Outputs)).toEqual(["TableName", "BucketName"]);
  });

  it("keeps its table: on demand, restorable, protected, expiring, one sparse index", () => {
    const [table] = all(acme, "AWS::DynamoDB::GlobalTable");

    expect(table?.DeletionPolicy).toBe("Retain");
    expect(table?.Properties).toMatchObject({
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      GlobalSecondaryIndexes: [
        {
          IndexName: "open",
          KeySchema: [
            { AttributeName: "openPk", KeyType: "HASH" },
            { AttributeName: "openSk", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
      Replicas: [
        {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      ],
    });
  });

  it("keeps its bucket: versioned, encrypted, never public, over TLS only", () => {
    const [bucket] = all(acme, "AWS::S3::Bucket");

    expect(bucket?.DeletionPolicy).toBe("Retain");
    expect(bucket?.Properties).toMatchObject({
      VersioningConfiguration: { Status: "Enabled" },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(bucket?.Properties.BucketEncryption).toBeDefined();
  });

  it("keeps raw pages as long as matched records, and the log as long as the log", () => {
    const [bucket] = all(acme, "AWS::S3::Bucket");
    const rules = bucket?.Properties.LifecycleConfiguration.Rules ?? [];
    const days = Object.fromEntries(
      rules.map((rule) => [rule.Prefix ?? "", rule.ExpirationInDays]),
    );

    expect(days).toMatchObject({ "raw/": 400, "quarantine/": 400, "log/": 2555, "digests/": 2555 });
  });

  it("lets nobody in without TLS", () => {
    for (const type of [
      "AWS::S3::BucketPolicy",
      "AWS::SQS::QueuePolicy",
      "AWS::SNS::TopicPolicy",
    ]) {
      for (const { id, Properties } of all(acme, type)) {
        const denials = Properties.PolicyDocument.Statement.filter(
          (statement) =>
            statement.Effect === "Deny" &&
            statement.Condition.Bool?.["aws:SecureTransport"] === "false",
        );
        expect(denials, id).not.toEqual([]);
      }
    }
    expect(all(acme, "AWS::SNS::TopicPolicy")).toHaveLength(3);
  });

  it("encrypts every queue", () => {
    for (const { id, Properties } of all(acme, "AWS::SQS::Queue")) {
      expect(Properties.SqsManagedSseEnabled, id).toBe(true);
    }
  });

  it("runs every function on a current Node and arm64, with a log that ends", () => {
    const functions = all(acme, "AWS::Lambda::Function");
    const logs = new Map(all(acme, "AWS::Logs::LogGroup").map((log) => [log.id, log.Properties]));

    expect(functions).toHaveLength(4);
    for (const { id, Properties } of functions) {
      expect(Number(/^nodejs(\d+)\.x$/.exec(Properties.Runtime)?.[1]), id).toBeGreaterThan(21);
      expect(Properties.Architectures, id).toEqual(["arm64"]);
      expect(Properties.Timeout, id).toBeLessThanOrEqual(600);
      const log = logs.get(Properties.LoggingConfig.LogGroup.Ref);
      expect(log?.["RetentionInDays"], id).toBe(90);
    }
  });

  it("puts aside what a function could not do, and what could not be delivered to it", () => {
    const [queue] = all(acme, "AWS::SQS::Queue");
    const deadLetters = { "Fn::GetAtt": [queue?.id, "Arn"] };
    const destinations = all(acme, "AWS::Lambda::EventInvokeConfig").map(
      ({ Properties }): [string, unknown] => [
        Properties.FunctionName.Ref,
        Properties.DestinationConfig.OnFailure.Destination,
      ],
    );

    for (const { id } of all(acme, "AWS::Lambda::Function")) {
      expect(new Map(destinations).get(id), id).toEqual(deadLetters);
    }
    for (const { id, Properties } of all(acme, "AWS::Scheduler::Schedule")) {
      expect(Properties.Target.DeadLetterConfig.Arn, id).toEqual(deadLetters);
    }
  });

  it("runs jobs by UTC and only the digest by the brand's own clock", () => {
    expect(zones(acme)).toEqual([
      ["cron(0/15 * * * ? *)", "UTC"],
      ["cron(2/15 * * * ? *)", "UTC"],
      ["cron(7/15 * * * ? *)", "UTC"],
      ["cron(0 7 * * ? *)", "America/New_York"],
    ]);
    expect(zones(globex)).toContainEqual(["cron(30 6 * * ? *)", "Europe/Berlin"]);
  });

  it("calls each job on the minute and tells it the time it was meant for", () => {
    for (const { id, Properties } of all(acme, "AWS::Scheduler::Schedule")) {
      expect(Properties.FlexibleTimeWindow, id).toEqual({ Mode: "OFF" });
      expect(JSON.parse(Properties.Target.Input), id).toEqual({
        now: "<aws.scheduler.scheduled-time>",
        run: "<aws.scheduler.execution-id>",
      });
      expect(Properties.Target.RetryPolicy.MaximumRetryAttempts, id).toBeGreaterThan(0);
    }
  });

  it("tells functions the brand and the names, and no secret", () => {
    for (const { id, Properties } of all(acme, "AWS::Lambda::Function")) {
      const { BRAND, SOURCE, ...names } = Properties.Environment.Variables;
      expect(JSON.parse(BRAND), id).toEqual(readBrandFile("brands/acme.yaml"));
      expect(Object.keys(names), id).toEqual(["TABLE", "BUCKET", "OPS_TOPIC", "FINANCE_TOPIC"]);
      expect(SOURCE, id).toBe(
        id.startsWith("PullStorefront")
          ? "storefront"
          : id.startsWith("PullErp")
            ? "erp"
            : undefined,
      );
    }
  });
});

describe("permissions", () => {
  it("name their actions and their resources; only keys below a prefix are open", () => {
    const open = statements(acme).filter(({ resource }) => JSON.stringify(resource).includes("*"));

    for (const { id, action } of statements(acme)) {
      expect(action, id).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z]+$/);
    }
    for (const { id, action, resource } of open) {
      expect(JSON.stringify(resource), `${id} ${action}`).toMatch(
        /"\/(raw|quarantine|log|digests|rollups|checkpoints)\/\*"\]\]\}$/,
      );
    }
  });

  it("let a job neither scan the table, nor delete an object, nor read another's secret", () => {
    const allowed = statements(acme);
    const actions = new Set(allowed.map(({ action }) => action));

    for (const action of ["dynamodb:Scan", "dynamodb:DeleteTable", "s3:DeleteObject"]) {
      expect(actions).not.toContain(action);
    }
    const secrets = allowed
      .filter(({ action }) => action.startsWith("secretsmanager:"))
      .map(({ id, resource }) => [
        id.slice(0, 10),
        /secret:\S+?\?{6}/.exec(JSON.stringify(resource))?.[0],
      ]);
    expect(secrets).toEqual([
      ["PullStoref", "secret:acme/shopify-??????"],
      ["PullErpRol", "secret:acme/netsuite-??????"],
    ]);
  });

  it("let only the watch tell ops and only the digest tell finance", () => {
    const publishers = statements(acme)
      .filter(({ action }) => action === "sns:Publish")
      .map(({ id, resource }) => [id.slice(0, 6), JSON.stringify(resource).slice(0, 20)]);

    expect(publishers).toEqual([
      ["WatchR", '{"Ref":"TopicsOpsCB2'],
      ["Digest", '{"Ref":"TopicsFinanc'],
    ]);
  });

  it("use no policy of AWS's own, which would allow more", () => {
    for (const { id, Properties } of all(acme, "AWS::IAM::Role")) {
      expect(Properties.ManagedPolicyArns, id).toBeUndefined();
    }
  });
});

describe("alarms", () => {
  it("say what goes wrong for whom, and name an article that exists", () => {
    const named = new Set<string>();
    for (const { id, Properties } of all(acme, "AWS::CloudWatch::Alarm")) {
      const [, impact = "", article = ""] =
        /^(.+) What to do: docs\/runbook\.md#(.+)$/.exec(Properties.AlarmDescription) ?? [];
      expect(impact, id).toMatch(/^.{40,}\.$/);
      expect(impact, id).toContain("acme");
      expect([...articles()], id).toContain(article);
      named.add(article);
    }
    expect([...articles()].filter((article) => !named.has(article))).toEqual([]);
  });

  it("ring through a topic that no alert and no digest uses, and say when it is over", () => {
    const topics = new Set<string>();
    for (const { id, Properties } of all(acme, "AWS::CloudWatch::Alarm")) {
      expect(Properties.OKActions, id).toEqual(Properties.AlarmActions);
      for (const { Ref } of Properties.AlarmActions) topics.add(Ref);
    }
    expect([...topics]).toHaveLength(1);
    const [topic = ""] = topics;
    const used = all(acme, "AWS::Lambda::Function").map(({ Properties }) => Properties.Environment);
    expect(JSON.stringify(used)).not.toContain(topic);
    expect(JSON.stringify(statements(acme))).not.toContain(topic);
  });

  it("may be delivered: CloudWatch is let into the topic of every one of them", () => {
    const policies = all(acme, "AWS::SNS::TopicPolicy").map(({ Properties }) => Properties);
    for (const { id, Properties } of all(acme, "AWS::CloudWatch::Alarm")) {
      for (const topic of Properties.AlarmActions) {
        const policy = policies.find(({ Topics }) => Topics.some(({ Ref }) => Ref === topic.Ref));
        // A topic without a policy has SNS's own, which lets CloudWatch in: this one must do it itself.
        expect(policy, `${id}: a topic policy`).toBeDefined();
        const allowed = policy?.PolicyDocument.Statement.filter(
          ({ Effect, Action, Resource, Principal, Condition }) =>
            Effect === "Allow" &&
            Action === "sns:Publish" &&
            JSON.stringify(Resource) === JSON.stringify(topic) &&
            Principal?.Service === "cloudwatch.amazonaws.com" &&
            JSON.stringify(Condition) ===
              JSON.stringify({ StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } }),
        );
        expect(allowed, `${id}: CloudWatch may publish`).toHaveLength(1);
      }
    }
    const listeners = all(acme, "AWS::SNS::Subscription").map(({ Properties }) => Properties);
    const [alarm] = all(acme, "AWS::CloudWatch::Alarm");
    const topic = alarm?.Properties.AlarmActions[0]?.Ref;
    expect(listeners.filter(({ TopicArn }) => TopicArn.Ref === topic)).not.toEqual([]);
  });

  it("ring when nothing at all is heard of a source, of the watch and of the digest", () => {
    const silent = all(acme, "AWS::CloudWatch::Alarm")
      .filter(({ Properties }) => Properties.TreatMissingData === "breaching")
      .map(({ Properties: { MetricName, Period, EvaluationPeriods, Dimensions } }) => [
        MetricName,
        (Period * EvaluationPeriods) / 3_600,
        Dimensions.map(({ Value }) => Value).join(" "),
      ]);

    expect(silent).toEqual([
      ["PullCompleted", 2, "acme storefront"],
      ["PullCompleted", 2, "acme erp"],
      ["WatchCompleted", 2, "acme"],
      ["DigestCompleted", 26, "acme"],
    ]);
  });

  it("watch each function, each schedule, the dead letters and each topic", () => {
    const metrics = all(acme, "AWS::CloudWatch::Alarm").map(
      ({ Properties }) => Properties.MetricName,
    );
    const count = (name: string): number => metrics.filter((metric) => metric === name).length;

    expect(count("Errors")).toBe(4);
    expect(count("Throttles")).toBe(4);
    expect(count("Quarantined")).toBe(2);
    expect(count("NumberOfNotificationsFailed")).toBe(2);
    expect(metrics).toEqual(
      expect.arrayContaining([
        "NumberOfMessagesSent",
        "InvocationDroppedCount",
        "TargetErrorCount",
        "AlertOutboxAgeMinutes",
      ]),
    );
  });
});

describe("subscriptions", () => {
  it("take only what was written for their channel", () => {
    const filters = all(acme, "AWS::SNS::Subscription").map(({ Properties }) => [
      Properties.Protocol,
      Properties.Endpoint,
      Properties.FilterPolicy,
    ]);

    expect(filters).toEqual([
      ["email", "finance@acme.example", { channel: ["email"] }],
      ["sms", "+15550100", { channel: ["sms"] }],
      ["email", "ops@acme.example", { channel: ["email"] }],
      ["email", "ops@acme.example", undefined], // alarms carry no attribute
    ]);
  });
});

describe("synthesis refuses", () => {
  const wanted = { ...readBrandFile("brands/acme.yaml") };

  it("two files for one brand", async () => {
    const one = written("one.yaml", wanted);
    const two = written("two.yaml", wanted);

    await expect(synthesised([one, two], "twice")).rejects.toThrow(BrandTwice);
  });

  it("a brand whose settings a Lambda's environment cannot hold", async () => {
    const gateways = Array.from({ length: 200 }, (_, index) => `a gateway, number ${index}`);
    const file = written("long.yaml", {
      ...wanted,
      storefront: { ...wanted.storefront, gateways },
    });

    await expect(synthesised([file], "long")).rejects.toThrow(BrandTooLong);
  });
});
