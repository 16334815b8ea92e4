import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import type { AttributeValue, ConsumedCapacity } from "@aws-sdk/client-dynamodb";

import { ItemRefused } from "../ledger/ports.ts";
import type { Item, ItemValue, Key, Table } from "../ledger/ports.ts";

/** What the table charged so far: write and read units, as DynamoDB itself counts them. */
export type Meter = { writeUnits: number; readUnits: number };

/** The brand's table. The SDK retries throttled calls; if that does not help, the run fails. */
export function dynamoTable(name: string, openIndex: string, meter: Meter): Table {
  const client = new DynamoDBClient({});
  const read = (capacity: ConsumedCapacity | undefined): void => {
    meter.readUnits += capacity?.CapacityUnits ?? 0;
  };
  const wrote = (capacity: ConsumedCapacity | undefined): void => {
    meter.writeUnits += capacity?.CapacityUnits ?? 0;
  };
  const metered = { TableName: name, ReturnConsumedCapacity: "TOTAL" as const };

  async function queryAll(
    input: Omit<ConstructorParameters<typeof QueryCommand>[0], "TableName">,
    limit: number,
  ): Promise<Item[]> {
    const items: Item[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({ ...metered, ...input, ...(from && { ExclusiveStartKey: from }) }),
      );
      read(page.ConsumedCapacity);
      items.push(...(page.Items ?? []).map(itemOf));
      from = page.LastEvaluatedKey;
    } while (from !== undefined && items.length < limit);
    return items.slice(0, limit);
  }

  return {
    async get(key, { consistent = true } = {}) {
      const { Item: found, ConsumedCapacity: capacity } = await client.send(
        new GetItemCommand({ ...metered, Key: attributesOf(key), ConsistentRead: consistent }),
      );
      read(capacity);
      return found === undefined ? null : itemOf(found);
    },

    async query(pk, { from, to, consistent = false, limit = Infinity } = {}) {
      // The range is empty; DynamoDB would refuse this query.
      if (from !== undefined && to !== undefined && !isBefore(from, to)) return [];
      return queryAll(
        {
          ...range(pk, from, to),
          ConsistentRead: consistent,
          ...(limit < 1_000 && { Limit: limit }),
        },
        limit,
      );
    },

    async queryOpen() {
      return queryAll(
        {
          IndexName: openIndex,
          KeyConditionExpression: "openPk = :open",
          ExpressionAttributeValues: { ":open": { S: "open" } },
        },
        Infinity,
      );
    },

    async put(item, expected) {
      try {
        const { ConsumedCapacity: capacity } = await client.send(
          new PutItemCommand({ ...metered, Item: attributesOf(item), ...condition(expected) }),
        );
        wrote(capacity);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        if (isValidation(error)) throw new ItemRefused(item, "it is too large or malformed");
        throw error;
      }
    },

    async remove(key) {
      const { ConsumedCapacity: capacity } = await client.send(
        new DeleteItemCommand({ ...metered, Key: attributesOf(key) }),
      );
      wrote(capacity);
    },
  };
}

/** The SDK exports no class for this error, so the name in DynamoDB's answer is compared. */
function isValidation(error: unknown): boolean {
  return error instanceof Error && error.name === "ValidationException";
}

/** DynamoDB orders keys by their bytes. */
function isBefore(one: string, other: string): boolean {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
}

/** The lower bound is excluded, the upper bound is included. */
function range(
  pk: string,
  from: string | undefined,
  to: string | undefined,
): { KeyConditionExpression: string; ExpressionAttributeValues: Record<string, AttributeValue> } {
  const isFromStart = from === undefined || from === "";
  const values = { ":pk": { S: pk } };
  if (to === undefined && isFromStart) {
    return { KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: values };
  }
  if (to === undefined) {
    return {
      KeyConditionExpression: "pk = :pk AND sk > :from",
      ExpressionAttributeValues: { ...values, ":from": { S: from ?? "" } },
    };
  }
  if (isFromStart) {
    return {
      KeyConditionExpression: "pk = :pk AND sk <= :to",
      ExpressionAttributeValues: { ...values, ":to": { S: to } },
    };
  }
  return {
    // BETWEEN includes both bounds: `:from` is the first key after the lower bound.
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
    ExpressionAttributeValues: { ...values, ":from": { S: `${from}\u0000` }, ":to": { S: to } },
  };
}

function condition(expected: number | "any"): {
  ConditionExpression?: string;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
} {
  if (expected === "any") return {};
  if (expected === 0) return { ConditionExpression: "attribute_not_exists(pk)" };
  return {
    ConditionExpression: "v = :v",
    ExpressionAttributeValues: { ":v": { N: String(expected) } },
  };
}

function attributesOf(item: Key | Item): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attribute(value)]));
}

function attribute(value: ItemValue): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (value instanceof Uint8Array) return { B: value };
  return { L: value.map((text) => ({ S: text })) };
}

function itemOf(attributes: Record<string, AttributeValue>): Item {
  const { pk, sk, ...rest } = attributes;
  if (pk?.S === undefined || sk?.S === undefined) throw new Error("an item without pk and sk");
  const values = Object.entries(rest).map(([name, value]) => [name, plain(name, value)]);
  return { ...Object.fromEntries(values), pk: pk.S, sk: sk.S };
}

function plain(name: string, { S, N, B, L }: AttributeValue): ItemValue {
  if (S !== undefined) return S;
  if (N !== undefined) return Number(N);
  if (B !== undefined) return B;
  if (L !== undefined) return L.map((part) => part.S ?? "");
  throw new Error(`attribute ${name} has a type that this program never writes`);
}
