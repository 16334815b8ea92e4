import { Stack, Validations } from "aws-cdk-lib";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { SubscriptionFilter, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription, SmsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Alias } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";

import type { Brand } from "../lambdas/brand.ts";
import { CHANNEL_ATTRIBUTE, CHANNELS } from "../lambdas/names.ts";

/**
 * Who gets which messages. Finance gets the digest by e-mail. Ops gets alerts by SMS and e-mail,
 * and each subscription takes only the messages for its channel. Alarms about the product itself go
 * to a third topic, so that they arrive even when the alert sender is broken.
 */
export class Topics extends Construct {
  readonly finance: Topic;
  readonly ops: Topic;
  readonly alarms: Topic;

  constructor(scope: Construct, id: string, { alerts, digest }: Brand) {
    super(scope, id);
    const masterKey = Alias.fromAliasName(this, "SnsKey", "alias/aws/sns");
    this.finance = new Topic(this, "Finance", { enforceSSL: true, masterKey });
    this.ops = new Topic(this, "Ops", { enforceSSL: true, masterKey });
    // Not encrypted with SNS's own key: CloudWatch may not use that key, and would drop every alarm
    // without an error.
    this.alarms = new Topic(this, "Alarms", { enforceSSL: true });
    // `enforceSSL` creates a topic policy. It replaces SNS's own policy, which allows the account's
    // CloudWatch to publish: without this statement no alarm would ever be delivered.
    const { account } = Stack.of(this);
    this.alarms.grantPublish(
      new ServicePrincipal("cloudwatch.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": account } },
      }),
    );

    for (const address of digest.email) {
      this.finance.addSubscription(new EmailSubscription(address, only(CHANNELS.email)));
    }
    for (const number of alerts.sms) {
      this.ops.addSubscription(new SmsSubscription(number, only(CHANNELS.sms)));
    }
    for (const address of alerts.email) {
      this.ops.addSubscription(new EmailSubscription(address, only(CHANNELS.email)));
    }
    const alarmAddresses = alerts.email.length > 0 ? alerts.email : digest.email;
    for (const address of alarmAddresses)
      this.alarms.addSubscription(new EmailSubscription(address));
    if (alarmAddresses.length === 0) {
      Validations.of(this).addWarning(
        "NobodyHearsAlarms",
        "alerts.email and digest.email are both empty: nobody gets the alarms about the product itself. Add an address to one of them.",
      );
    }
  }
}

function only(channel: string) {
  const allowlist = [channel];
  return {
    filterPolicy: { [CHANNEL_ATTRIBUTE]: SubscriptionFilter.stringFilter({ allowlist }) },
  };
}
