import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { startDatabase } from "./database/database.ts";
import { deployFunctions } from "./functions.ts";
import type { EndpointsFor, StackFiles } from "./functions.ts";
import type { Invocation } from "./invocation.ts";
import { startMessaging } from "./messaging.ts";
import type { Messaging } from "./messaging.ts";
import { provision } from "./provision.ts";
import { scheduledEvent, schedulesOf } from "./schedules.ts";
import type { LocalSchedule } from "./schedules.ts";
import { startSecrets } from "./secrets.ts";
import type { Database, Service } from "./service.ts";
import { stackNames } from "./stack-names.ts";
import { lockState } from "./state-lock.ts";
import { resolvedText } from "./template.ts";
import type { Names, Template } from "./template.ts";

/** One stack that runs on this machine, made from its template. */
export type Cloud = {
  /** The name of its database, and the reason for this choice. */
  readonly database: string;
  /** `AWS_ENDPOINT_URL_*`, as the functions get them. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** The stack's outputs, such as `BucketName`. */
  readonly outputs: Readonly<Record<string, string>>;
  schedules(): readonly LocalSchedule[];
  /** Acts like the scheduler when a schedule is due: moves the clock and calls the function. */
  fire(schedule: LocalSchedule, now: Date): Promise<Invocation>;
  /** Calls a function; without `timeoutMs`, the timeout of the template applies. */
  invoke(
    functionLogicalId: string,
    event: unknown,
    options?: { readonly timeoutMs?: number },
  ): Promise<Invocation>;
  /** Moves the clock for the times in the outbox. Handlers take their time from the event. */
  moveClock(now: Date): void;
  stop(): Promise<void>;
};

export type CloudOptions = StackFiles & {
  /** Its content is kept after a stop: `s3/`, `outbox.ndjson`, `database/`. */
  readonly stateDir: string;
  /** Secret name to its value. */
  readonly secrets: Readonly<Record<string, unknown>>;
  /** Gets every line that a function writes, and the messages of the local cloud itself. */
  readonly log?: (line: string) => void;
  /** The endpoints of one function, where they differ from those of the others. */
  readonly endpointsFor?: EndpointsFor;
  /** Starts a new state folder with dynalite, even if this machine has Java. */
  readonly database?: "dynalite";
};

/**
 * Starts a stack on this machine, with its state in a folder. A second call for the same folder
 * waits until the first one has stopped. Everything listens only on the loopback interface, on free
 * ports, and ends with this process, even if the process is killed.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { stateDir, template, log = () => {} } = options;
  mkdirSync(stateDir, { recursive: true });
  const running: (() => Promise<void> | void)[] = [await lockState(stateDir, log)];
  const stop = async (): Promise<void> => {
    for (const end of running.splice(0).toReversed()) await end();
  };
  try {
    let clock: Date | null = null;
    const services = await together(running, {
      database: startDatabase(join(stateDir, "database"), options.database),
      messaging: startMessaging(stateDir, () => clock ?? new Date()),
      secrets: startSecrets(options.secrets),
    });
    const names = stackNames(options.stack, template);
    const { database, messaging } = services;
    await provision(options, names, { database: database.endpoint, messaging });
    const endpoints = endpointsOf(services);
    const { endpointsFor = () => endpoints } = options;
    const functions = deployFunctions(options, names, (id) => endpointsFor(id, endpoints), log);
    for (const each of functions.values()) running.push(() => each.stop());

    const invoke: Cloud["invoke"] = async (id, event, { timeoutMs } = {}) => {
      const called = functions.get(id);
      if (called === undefined) throw new Error(`the stack has no function ${id}`);
      return called.invoke(event, timeoutMs);
    };
    return {
      database: database.label,
      endpoints,
      outputs: outputsOf(template, names),
      schedules: () => schedulesOf(template),
      fire: (schedule, now) => {
        clock = now;
        return invoke(schedule.functionLogicalId, scheduledEvent(schedule, now));
      },
      invoke,
      moveClock: (now) => {
        clock = now;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Services = {
  readonly database: Database;
  readonly messaging: Messaging;
  readonly secrets: Service;
};

/** Waits for all of them even when one fails, so that the others can be stopped. */
async function together(
  running: (() => Promise<void> | void)[],
  { database, messaging, secrets }: { [Part in keyof Services]: Promise<Services[Part]> },
): Promise<Services> {
  const all = [database, messaging, secrets].map(async (starting) => {
    const service = await starting;
    running.push(() => service.stop());
  });
  await Promise.allSettled(all);
  return { database: await database, messaging: await messaging, secrets: await secrets };
}

function endpointsOf({ database, messaging, secrets }: Services) {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    AWS_ENDPOINT_URL_S3: messaging.endpoint,
    AWS_ENDPOINT_URL_SNS: messaging.endpoint,
    AWS_ENDPOINT_URL_SQS: messaging.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  };
}

function outputsOf({ Outputs = {} }: Template, names: Names): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(Outputs).map(([name, { Value }]) => [name, resolvedText(Value, names)]),
  );
}
