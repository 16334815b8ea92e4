import * as z from "zod";

/**
 * Creates a table as the template describes it, unless it exists already.
 *
 * Expiry stays off here: it uses the machine's clock, but the clock of the local cloud is moved.
 */
export async function ensureTable(
  endpoint: string,
  name: string,
  properties: unknown,
): Promise<void> {
  const { GlobalSecondaryIndexes, KeySchema, AttributeDefinitions } = tableSchema.parse(properties);
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: { ...HEADERS, "x-amz-target": "DynamoDB_20120810.CreateTable" },
    body: JSON.stringify({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema,
      AttributeDefinitions,
      ...(GlobalSecondaryIndexes !== undefined && { GlobalSecondaryIndexes }),
    }),
  });
  const body = await answer.text();
  if (!answer.ok && !body.includes("ResourceInUseException")) {
    throw new Error(`${endpoint}: CreateTable ${name} answered ${answer.status}: ${body}`);
  }
}

const attributes = z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() }));
const keys = z.array(z.object({ AttributeName: z.string(), KeyType: z.string() }));
const tableSchema = z.object({
  AttributeDefinitions: attributes,
  KeySchema: keys,
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keys,
        Projection: z.object({ ProjectionType: z.string() }),
      }),
    )
    .optional(),
});

/** Local databases require a signature but do not check it. */
const HEADERS = {
  "content-type": "application/x-amz-json-1.0",
  authorization:
    "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local",
  "x-amz-date": "20260101T000000Z",
};
