/**
 * Names that must be the same at deploy time and at run time. Each is written only here.
 *
 * `lib/` writes them into the template, the handlers read them from their environment, and the
 * local cloud reads them from the template. A name written in two places would differ one day.
 */

/** Environment variables of a handler. */
export const ENV = {
  /** The parsed brand file as compact JSON. */
  brand: "BRAND",
  /** "storefront" or "erp"; the two pulls only. */
  source: "SOURCE",
  table: "TABLE",
  bucket: "BUCKET",
  /** ARNs of the topics: ops gets SMS and e-mail, finance gets e-mail. */
  opsTopic: "OPS_TOPIC",
  financeTopic: "FINANCE_TOPIC",
  /** Set only by a local cloud, where the time is not the real time: see {@link MOVED_CLOCK}. */
  clock: "CLOCK",
} as const;
export const MOVED_CLOCK = "moved";

/** Keys of the table; `expiresAt` is epoch seconds. */
export const TABLE_KEYS = { partition: "pk", sort: "sk", expiry: "expiresAt" } as const;

/** The sparse index: only open exceptions have its keys. */
export const OPEN_INDEX = "open";
export const OPEN_INDEX_KEYS = { partition: "openPk", sort: "openSk" } as const;

/** Key prefixes in the bucket; each prefix has its own retention time. */
export const PREFIXES = {
  raw: "raw/",
  quarantine: "quarantine/",
  log: "log/",
  digests: "digests/",
  rollups: "rollups/",
  checkpoints: "checkpoints/",
} as const;

/** The message attribute on which subscriptions filter, and its possible values. */
export const CHANNEL_ATTRIBUTE = "channel";
export const CHANNELS = { sms: "sms", email: "email" } as const;

/** Metrics in embedded metric format. All have the brand as dimension; some have the source too. */
export const METRIC_NAMESPACE = "RefundWatch";
export const METRIC_DIMENSIONS = { brand: "brand", source: "source" } as const;
export const METRICS = {
  /** 1 when a window was read to its end, by source. */
  pullCompleted: "PullCompleted",
  /** 1 when a watch evaluated everything that was due. */
  watchCompleted: "WatchCompleted",
  /** 1 when a digest was written and sent. */
  digestCompleted: "DigestCompleted",
  /** Number of unreadable records in quarantine, at each pull, by source. */
  quarantined: "Quarantined",
  /** Number of records on pages that cannot be read by half or more because of one field, by source. */
  schemaDrift: "SchemaDrift",
  /** Number of records that only the daily look back found: the source showed them late. */
  foundLate: "FoundLate",
  /** Number of records that are not final or not readable for over a week, at each digest. */
  openOverAWeek: "OpenOverAWeek",
  /** Age of the oldest alert that was decided and not yet sent, in minutes, at each watch. */
  outboxAgeMinutes: "AlertOutboxAgeMinutes",
} as const;
