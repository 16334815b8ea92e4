import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";

import type { Notifier, Topic } from "../ledger/ports.ts";

/** The brand's topics. The subscriptions decide who gets a message (a filter on `channel`). */
export function snsNotifier(topics: Readonly<Record<Topic, string>>): Notifier {
  const client = new SNSClient({});
  return {
    async publish({ topic, subject, body, channel, dedupeKey }) {
      await client.send(
        new PublishCommand({
          TopicArn: topics[topic],
          Subject: subject,
          Message: body,
          MessageAttributes: {
            channel: { DataType: "String", StringValue: channel },
            dedupeKey: { DataType: "String", StringValue: dedupeKey },
          },
        }),
      );
    },
  };
}
