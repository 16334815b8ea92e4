/**
 * Names that deploy time and run time must agree on, spelt once.
 *
 * `lib/` writes them into the template, the handlers read them from their environment, the local
 * cloud finds them in the template: a name that is spelt twice is a name that will differ.
 */

/** Environment variables of a handler. */
export const ENV = {
  /** The parsed brand file as compact JSON. */
  brand: "BRAND",
  /** "storefront" or "erp"; the two pulls only. */
  source: "SOURCE",
  table: "TABLE",
  bucket: "BUCKET",
  /** Topics, by ARN: what ops hears by SMS and e-mail, what finance hears by e-mail. */
  opsTopic: "OPS_TOPIC",
  financeTopic: "FINANCE_TOPIC",
  /** Set by a local cloud alone, whose clock is moved: see {@link MOVED_CLOCK}. */
  clock: "CLOCK",
} as const;
export const MOVED_CLOCK = "moved";

/** Keys of the table; `expiresAt` is epoch seconds. */
export const TABLE_KEYS = { partition: "pk", sort: "sk", expiry: "expiresAt" } as const;

/** The sparse index: only open exceptions carry its keys. */
export const OPEN_INDEX = "open";
export const OPEN_INDEX_KEYS = { partition: "openPk", sort: "openSk" } as const;

/** Where things lie in the bucket; retention is set by these. */
export const PREFIXES = {
  raw: "raw/",
  quarantine: "quarantine/",
  log: "log/",
  digests: "digests/",
  rollups: "rollups/",
} as const;

/** The attribute of every publish that subscriptions filter on, and what it may say. */
export const CHANNEL_ATTRIBUTE = "channel";
export const CHANNELS = { sms: "sms", email: "email" } as const;

/** Metrics in embedded metric format. All carry the brand; those of a source carry that too. */
export const METRIC_NAMESPACE = "RefundWatch";
export const METRIC_DIMENSIONS = { brand: "brand", source: "source" } as const;
export const METRICS = {
  /** 1 when a window was read to its end, by source. */
  pullCompleted: "PullCompleted",
  /** 1 when a watch looked at everything that was due. */
  watchCompleted: "WatchCompleted",
  /** 1 when a digest was written and told. */
  digestCompleted: "DigestCompleted",
  /** Records that lie in quarantine because they cannot be read, at each pull, by source. */
  quarantined: "Quarantined",
  /** Records that only the daily look back found: the source showed them late. */
  foundLate: "FoundLate",
  /** Records that have not become final or readable for more than a week, at each digest. */
  openOverAWeek: "OpenOverAWeek",
  /** Age of the oldest alert that was decided and not yet sent, in minutes, at each watch. */
  outboxAgeMinutes: "AlertOutboxAgeMinutes",
} as const;
