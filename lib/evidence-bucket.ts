import { CfnElement, Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Role } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption, StorageClass } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

import { PREFIXES } from "../lambdas/names.ts";

/**
 * The brand's bucket: pages as they were received, the reconciliation log, quarantine, digests.
 *
 * It is the evidence for every figure that finance uses: versioned, reached only over TLS, never
 * public, and kept when the stack is deleted.
 */
export class EvidenceBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, keep: { rawDays: number; logDays: number }) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      versioned: true,
      enforceSSL: true,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: "finish-or-forget",
          abortIncompleteMultipartUploadAfter: Duration.days(2),
          noncurrentVersionExpiration: Duration.days(90),
        },
        ...[PREFIXES.raw, PREFIXES.quarantine].map((prefix) => expiring(prefix, keep.rawDays)),
        expiring(PREFIXES.rollups, COLD_AFTER_DAYS),
        ...[PREFIXES.log, PREFIXES.checkpoints, PREFIXES.digests].map((prefix) =>
          expiring(prefix, keep.logDays),
        ),
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Access logs would need a second bucket that nobody reads; CloudTrail data events can show who read the evidence.",
    });
  }

  /** A job writes and reads only the prefixes that it works on; no job ever deletes an object. */
  allow(role: Role, { writes, reads }: EvidenceUse): void {
    const { bucketArn } = this.bucket;
    const below = (prefixes: readonly Prefix[]): string[] =>
      prefixes.map((prefix) => `${bucketArn}/${PREFIXES[prefix]}*`);
    role.addToPolicy(new PolicyStatement({ actions: ["s3:PutObject"], resources: below(writes) }));
    if (reads.length > 0) {
      role.addToPolicy(new PolicyStatement({ actions: ["s3:GetObject"], resources: below(reads) }));
      // Without the right to list, S3 answers 403 instead of 404 for an object that is not there.
      // A GetObject request has no s3:prefix: with "IfExists" it still gets the 404.
      role.addToPolicy(
        new PolicyStatement({
          actions: ["s3:ListBucket"],
          resources: [bucketArn],
          conditions: {
            StringLikeIfExists: { "s3:prefix": reads.map((prefix) => `${PREFIXES[prefix]}*`) },
          },
        }),
      );
    }
    const used = [...new Set([...writes, ...reads])].map((prefix) => PREFIXES[prefix]);
    Validations.of(role).acknowledge(
      ...used.map((prefix) => ({
        id: `AwsSolutions-IAM5[Resource::<${this.#logicalId()}.Arn>/${prefix}*]`,
        reason: `Keys under ${prefix} contain the date and a hash: they are not known in advance.`,
      })),
    );
  }

  #logicalId(): string {
    const { defaultChild } = this.bucket.node;
    return CfnElement.isCfnElement(defaultChild) ? Stack.of(this).getLogicalId(defaultChild) : "";
  }
}

type Prefix = keyof typeof PREFIXES;

export type EvidenceUse = {
  readonly writes: readonly Prefix[];
  readonly reads: readonly Prefix[];
};

/**
 * After 90 days hardly anybody reads an object; in the colder class it is still readable at once.
 */
function expiring(prefix: string, days: number) {
  const rule = { id: `keep-${prefix.slice(0, -1)}`, prefix, expiration: Duration.days(days) };
  if (days <= COLD_AFTER_DAYS) return rule;
  const transition = {
    storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL,
    transitionAfter: Duration.days(COLD_AFTER_DAYS),
  };
  return { ...rule, transitions: [transition] };
}

const COLD_AFTER_DAYS = 90;
