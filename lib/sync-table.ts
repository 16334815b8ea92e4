import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, Billing, ProjectionType, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Role } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

import { OPEN_INDEX, OPEN_INDEX_KEYS, TABLE_KEYS } from "../lambdas/names.ts";

/**
 * The brand's only table: sync records by order, the state of each source, the due list.
 *
 * It is the only place that stores what was decided. So a deploy cannot delete it, and it can be
 * restored to any second of the last 35 days.
 */
export class SyncTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new TableV2(this, "Table", {
      partitionKey: text(TABLE_KEYS.partition),
      sortKey: text(TABLE_KEYS.sort),
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      timeToLiveAttribute: TABLE_KEYS.expiry,
      globalSecondaryIndexes: [
        {
          // Sparse: only an open exception has these keys. An index that every refund enters and
          // leaves would cost two more writes for each refund.
          indexName: OPEN_INDEX,
          partitionKey: text(OPEN_INDEX_KEYS.partition),
          sortKey: text(OPEN_INDEX_KEYS.sort),
          projectionType: ProjectionType.ALL,
        },
      ],
    });
  }

  /** The jobs can read and write items, but cannot change or scan the table. */
  allowReadsAndWrites(role: Role): void {
    const { tableArn } = this.table;
    role.addToPolicy(new PolicyStatement({ actions: ITEM_ACTIONS, resources: [tableArn] }));
  }

  allowReadsOfOpenExceptions(role: Role): void {
    const { tableArn } = this.table;
    role.addToPolicy(
      new PolicyStatement({
        actions: ["dynamodb:Query"],
        resources: [`${tableArn}/index/${OPEN_INDEX}`],
      }),
    );
  }
}

const ITEM_ACTIONS = [
  "dynamodb:GetItem",
  "dynamodb:Query",
  "dynamodb:PutItem",
  "dynamodb:DeleteItem",
];

function text(name: string): { name: string; type: AttributeType } {
  return { name, type: AttributeType.STRING };
}
