import type { Notifier, Objects, Stores } from "../ledger/ports.ts";
import { OPEN_INDEX } from "../names.ts";
import { dynamoTable } from "./table.ts";
import type { Meter } from "./table.ts";

/**
 * The brand's table and bucket, and a meter of the units that the table charged.
 *
 * The clients of S3 and SNS are loaded when they are first needed: a run that finds nothing new
 * does not load them, and most runs find nothing new.
 */
export function awsStores(names: { readonly table: string; readonly bucket: string }): {
  readonly stores: Stores;
  readonly meter: Meter;
} {
  const meter = { writeUnits: 0, readUnits: 0 };
  const table = dynamoTable(names.table, OPEN_INDEX, meter);
  return { meter, stores: { table, objects: lazyObjects(names.bucket) } };
}

export function lazyNotifier(topics: { readonly ops: string; readonly finance: string }): Notifier {
  let loaded: Promise<Notifier> | undefined;
  return {
    publish: async (message) => {
      loaded ??= import("./notifier.ts").then(({ snsNotifier }) => snsNotifier(topics));
      return (await loaded).publish(message);
    },
  };
}

function lazyObjects(bucket: string): Objects {
  let loaded: Promise<Objects> | undefined;
  const objects = async (): Promise<Objects> => {
    loaded ??= import("./objects.ts").then(({ s3Objects }) => s3Objects(bucket));
    return loaded;
  };
  return {
    put: async (key, body, contentType) => (await objects()).put(key, body, contentType),
    get: async (key) => (await objects()).get(key),
    list: async (prefix) => (await objects()).list(prefix),
  };
}
