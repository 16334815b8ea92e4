import { createHash } from "node:crypto";
import * as z from "zod";

import type { Template } from "./template.ts";

export type LocalSchedule = {
  /** The job's name in the stack: PullStorefront, PullErp, Watch, Digest. */
  readonly name: string;
  readonly functionLogicalId: string;
  /** `cron(0/15 * * * ? *)` */
  readonly expression: string;
  readonly timeZone: string;
  /** JSON text with the scheduler's placeholders. */
  readonly input: string;
};

export function schedulesOf({ Resources }: Template): readonly LocalSchedule[] {
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === "AWS::Scheduler::Schedule")
    .map(([id, { Properties }]) => {
      const schedule = scheduleSchema.parse(Properties);
      return {
        name: id.replace(/Schedule[0-9A-F]{8}$/, ""), // the CDK's hash of the construct's path
        functionLogicalId: schedule.Target.Arn["Fn::GetAtt"][0],
        expression: schedule.ScheduleExpression,
        timeZone: schedule.ScheduleExpressionTimezone,
        input: schedule.Target.Input,
      };
    });
}

/** The event that the scheduler sends for this time; the same time always gives the same event. */
export function scheduledEvent({ name, input }: LocalSchedule, at: Date): unknown {
  const time = at.toISOString();
  const id = createHash("sha256").update(`${name} ${time}`).digest("hex").slice(0, 32);
  const event: unknown = JSON.parse(
    input
      .replaceAll("<aws.scheduler.scheduled-time>", time)
      .replaceAll("<aws.scheduler.execution-id>", id),
  );
  return event;
}

const scheduleSchema = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string(),
  Target: z.object({
    Arn: z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) }),
    Input: z.string(),
  }),
});
