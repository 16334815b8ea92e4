import { Stack, Validations } from "aws-cdk-lib";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { SubscriptionFilter, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription, SmsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Alias } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";

import type { Brand } from "../lambdas/brand.ts";
import { CHANNEL_ATTRIBUTE, CHANNELS } from "../lambdas/names.ts";

/**
 * Who hears what. Finance gets the digest by e-mail; ops gets alerts by SMS and e-mail, each
 * subscription taking only what was written for its channel; and alarms about the watcher itself
 * go to a third topic, so that a broken sender cannot swallow the news that it is broken.
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
    // Not encrypted with SNS's own key: CloudWatch may not use that, and would drop every alarm
    // without a word.
    this.alarms = new Topic(this, "Alarms", { enforceSSL: true });
    // `enforceSSL` makes a topic policy, and that replaces SNS's own, which lets the account's
    // CloudWatch in: without this statement no alarm would ever be delivered.
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
    const guardians = alerts.email.length > 0 ? alerts.email : digest.email;
    for (const address of guardians) this.alarms.addSubscription(new EmailSubscription(address));
    if (guardians.length === 0) {
      Validations.of(this).addWarning(
        "NobodyHearsAlarms",
        "alerts.email and digest.email are both empty: nobody hears when the watcher itself fails. Add an address to one of them.",
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
