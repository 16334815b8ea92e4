import * as z from "zod";

import type { Messaging } from "./messaging.ts";
import { ACCOUNT, nameOf, REGION } from "./stack-names.ts";
import { ensureTable } from "./tables.ts";
import { resolved } from "./template.ts";
import type { Names, Template } from "./template.ts";

/**
 * Creates the resources of the template: tables with their indexes, buckets, queues, topics and
 * their subscriptions with filter policies. It can be repeated: existing resources are kept.
 */
export async function provision(
  { stack, template }: { readonly stack: string; readonly template: Template },
  names: Names,
  { database, messaging }: { readonly database: string; readonly messaging: Messaging },
): Promise<void> {
  for (const [id, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    const name = nameOf(stack, id);
    switch (Type) {
      case "AWS::DynamoDB::GlobalTable":
        await ensureTable(database, name, resolved(Properties, names));
        break;
      case "AWS::S3::Bucket":
        messaging.stores.s3Store.createBucket(name);
        break;
      case "AWS::SQS::Queue":
        addQueue(messaging, name);
        break;
      case "AWS::SNS::Topic":
        messaging.stores.snsStore.createTopic(name, undefined, undefined, REGION);
        break;
      default:
        break; // roles, logs, alarms: nothing on this machine corresponds to them
    }
  }
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type === "AWS::SNS::Subscription") subscribe(messaging, resolved(Properties, names));
  }
}

/**
 * Creates a subscription of the template. This machine sends no SMS and no e-mail, so each
 * subscription also fills an inbox, the queue `<topic>-<protocol>`, with the same filter.
 */
function subscribe(messaging: Messaging, properties: unknown): void {
  const { TopicArn, Protocol, Endpoint, FilterPolicy } = subscriptionSchema.parse(properties);
  const filter = FilterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(FilterPolicy) };
  const { snsStore } = messaging.stores;
  snsStore.subscribe(TopicArn, Protocol, Endpoint, filter);
  const inbox = addQueue(messaging, `${TopicArn.split(":").at(-1) ?? ""}-${Protocol}`);
  snsStore.subscribe(TopicArn, "sqs", inbox, filter);
}

const subscriptionSchema = z.object({
  TopicArn: z.string(),
  Protocol: z.enum(["sms", "email"]),
  Endpoint: z.string(),
  FilterPolicy: z.record(z.string(), z.unknown()).optional(),
});

function addQueue({ endpoint, stores: { sqsStore } }: Messaging, name: string): string {
  const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
  if (sqsStore.getQueueByArn(arn) === undefined) {
    sqsStore.createQueue(name, `${endpoint}/${ACCOUNT}/${name}`, arn);
  }
  return arn;
}
