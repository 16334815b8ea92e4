import * as z from "zod";

import { ERP_PLATFORMS, STOREFRONT_PLATFORMS } from "./platforms.ts";
import { isCurrency } from "./refund/money/money.ts";

/**
 * The brand file: one retail brand, one deployed stack. All default values are in this file.
 *
 * It is read when the stack is synthesised, at the start of every Lambda function and by the
 * command line. An unknown key or a bad value causes a {@link BrandFileError} that names the path
 * and what is allowed.
 */
export type Brand = z.output<typeof brandSchema>;

export function parseBrand(value: unknown, file: string): Brand {
  const parsed = brandSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BrandFileError(file, parsed.error.issues.map(sentence));
}

export class BrandFileError extends Error {
  override readonly name = "BrandFileError";
  constructor(file: string, problems: readonly string[]) {
    super(
      [`${file} is not a brand file:`, ...problems.map((problem) => `  ${problem}`)].join("\n"),
    );
  }
}

/** Milliseconds of a duration such as "90m", "6h" or "400d". */
export function milliseconds(duration: string): number {
  const [, count = "0", unit = "s"] = DURATION.exec(duration) ?? [];
  return Number(count) * (UNIT_MS.get(unit) ?? 0);
}

function sentence(issue: z.core.$ZodIssue): string {
  const path = issue.path.length === 0 ? "(the file)" : issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => JSON.stringify(key)).join(", ");
    return `${path}: ${keys} is not a key here: remove it or check its spelling`;
  }
  return `${path}: ${issue.message}`;
}

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
  ["y", 365 * 86_400_000],
]);
const DURATION = /^(\d{1,6})([smhdy])$/;

const duration = z
  .string()
  .regex(DURATION, 'wanted a duration such as "15m", "6h" or "400d"')
  .refine((text) => milliseconds(text) > 0, "must be more than zero")
  .refine((text) => milliseconds(text) <= milliseconds("100y"), "must be at most 100 years");

const positiveAmount = z
  .string({ error: 'wanted a decimal in quotes, such as "25.00"' })
  .regex(/^\d{1,15}(\.\d{1,4})?$/, 'wanted a decimal of zero or more in quotes, such as "25.00"');

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'wanted an ISO 4217 code such as "USD"')
  .refine(isCurrency, "is not a currency of ISO 4217");

const timeZone = z
  .string()
  .refine(isTimeZone, 'is not an IANA time zone; wanted one such as "America/New_York"');

const email = z.email("wanted an e-mail address");

/** Nobody gets a message twice, and SNS allows an address only once in a topic. */
function addresses<Address extends z.ZodType<string>>(address: Address) {
  return z
    .array(address)
    .max(10)
    .default([])
    .refine(
      (list) => new Set(list.map((one) => one.toLowerCase())).size === list.length,
      "names an address twice: remove one of the two",
    );
}

const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'wanted an E.164 number such as "+15550100"');

const baseUrl = z
  .string()
  .refine((text) => URL.canParse(text), "wanted an address such as https://acme.myshopify.com")
  .refine(isSafeOrigin, "must be https:// (http:// is for loopback only), without user or query")
  .refine(
    (text) => !API_PATH.test(text),
    "wanted the address alone, without the path of the API, such as /rest, /fscmRestApi or /sap/opu",
  );

/** Connectors add these paths themselves. */
const API_PATH =
  /\/(?:rest|fscmRestApi|sap\/opu|services\/rest|admin\/api|stores\/\w+\/v\d)(?:\/|$)/i;

const secretName = z
  .string()
  .regex(/^[A-Za-z0-9/_+=.@-]{1,200}$/, "wanted the name of a secret, such as acme/shopify");

const fieldName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,79}$/, "wanted the name of a field, such as custbody_order_id")
  .refine((name) => !(name in {}), "is not the name of a field");

/** With its entity set where the ERP has several, such as "A_BillingDocument.FiscalYear". */
const absentFieldName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_./]{0,119}$/, "wanted the name of a field, such as custbody_order_id")
  .refine((name) => !(name in {}), "is not the name of a field");

/** An id may be written without quotes. */
const scopeList = z
  .array(
    z
      .union([z.string(), z.number().int()], { error: "wanted a text" })
      .transform((value) => String(value).trim())
      .pipe(z.string().min(1, "must not be empty").max(80, "wanted at most 80 characters")),
  )
  .max(50, "wanted at most 50 entries")
  .default([]);

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'wanted a time such as "07:00"');

export const brandSchema = z.strictObject({
  brand: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, "wanted a-z, 0-9 and -, at most 31 characters")
    .describe("Name of the brand. The stack, its table and its topics carry it."),
  currency: currency.describe(
    "ISO 4217 code. Totals are in this currency; others are shown beside it.",
  ),
  timeZone: timeZone.describe("IANA zone in which a day of the brand begins and ends."),
  storefront: z.strictObject({
    platform: z
      .enum(STOREFRONT_PLATFORMS, {
        error: `must be one of ${STOREFRONT_PLATFORMS.join(", ")}`,
      })
      .describe("Adobe Commerce is magento."),
    baseUrl: baseUrl.describe(
      "Address of the shop, such as `https://acme.myshopify.com`; for bigcommerce always `https://api.bigcommerce.com`; for the cloud service of Adobe Commerce with the tenant, such as `https://na1.api.commerce.adobe.com/AbC123`.",
    ),
    credentials: secretName.describe("Name of the secret in AWS Secrets Manager."),
    integrationApps: z
      .array(z.string().min(1))
      .default([])
      .describe(
        "Machines: no person made the refunds that they make. Shopify: titles of apps; BigCommerce: user ids, in quotes. Magento does not show who makes refunds.",
      ),
    channels: z
      .array(z.string().min(1))
      .default([])
      .describe(
        "Watch only these channels. Empty means all. Magento: codes, names or ids of store views.",
      ),
    gateways: z
      .array(z.string().min(1))
      .default([])
      .describe("Watch only these payment gateways. Empty means all."),
    locations: z
      .array(z.string().min(1))
      .default([])
      .describe(
        "Names of stores. Watch only their orders, and orders without a store, such as web orders. Empty means all.",
      ),
    smallestCoin: positiveAmount
      .nullable()
      .default(null)
      .describe(
        'For bigcommerce and magento: the registers round a payment in cash to this coin, such as `"0.05"`, and the storefront does not show it. Null means that no payment is rounded.',
      ),
  }),
  erp: z
    .strictObject({
      platform: z
        .enum(ERP_PLATFORMS, { error: `must be one of ${ERP_PLATFORMS.join(", ")}` })
        .describe("SAP S/4HANA is sap, Oracle Fusion is oracle."),
      baseUrl: baseUrl.describe(
        "Address of the account's services, such as `https://1234567.suitetalk.api.netsuite.com`, `https://my300000-api.s4hana.cloud.sap` or `https://acme.fa.us2.oraclecloud.com`.",
      ),
      credentials: secretName.describe("Name of the secret in AWS Secrets Manager."),
      integrationUsers: z
        .array(z.string().min(1))
        .default([])
        .describe("Users that are machines, by the id or the name that the ERP gives."),
      referenceFields: z
        .array(fieldName)
        .max(10)
        .default([])
        .describe(
          "Header fields of the ERP in which a connector writes the storefront's ids, such as `custbody_order_id`, `YY1_ShopRefund_BDH` of SAP, or a segment of a flexfield of Oracle.",
        ),
      paymentFields: z
        .array(fieldName)
        .max(10)
        .default([])
        .describe(
          "Header fields of documents and payouts with the processor's id of the payment, such as `custbody_psp_reference`.",
        ),
      currencies: z
        .record(z.string().regex(/^[A-Z0-9]{1,5}$/, "wanted a code of the ERP"), currency)
        .default({})
        .describe(
          "Currency codes of the ERP that are not ISO 4217, each with its ISO code, such as `{ USDIN: USD }`.",
        ),
      shippingItems: z
        .array(z.string().min(1).max(40))
        .max(20)
        .default([])
        .describe(
          "Items, materials or memo lines of the ERP that stand for shipping, such as `FREIGHT`.",
        ),
      absentFields: z
        .array(absentFieldName)
        .max(40)
        .default([])
        .describe(
          "Fields that were there at the first pull and were removed for good, such as `A_BillingDocument.FiscalYear`.",
        ),
      scope: z
        .strictObject({
          companies: scopeList.describe(
            "Ids of this brand's companies (NetSuite: internal ids of subsidiaries; SAP: company codes; Oracle: names of business units). Only their documents are read. Empty: all are read, and refund-watch learns whose they are.",
          ),
          documentPrefixes: scopeList.describe(
            "Beginnings of this brand's document numbers, such as `CM-EU`, in any case. Others are counted as outside the scope, unless they carry a refund's id.",
          ),
          channels: scopeList.describe(
            "Ids or names of this brand's segments in the ERP (NetSuite: class, department, location; SAP: sales organisation, distribution channel, division; Oracle: source and type of the transaction), in any case. Others are left out; a document without a segment is read.",
          ),
        })
        .prefault({}),
    })
    .superRefine(({ platform, scope }, context) => {
      for (const [index, company] of scope.companies.entries()) {
        if (platform !== "netsuite" || /^[1-9]\d{0,17}$/.test(company)) continue;
        const message = 'wanted the internal id of a NetSuite subsidiary, such as "2"';
        context.addIssue({ code: "custom", path: ["scope", "companies", index], message });
      }
    }),
  pull: z
    .strictObject({
      overlap: duration
        .default("15m")
        .describe("How far before the newest change that it has seen each pull begins."),
      lookBack: duration.default("60d").describe("How far back the first pull reads."),
    })
    .prefault({}),
  matching: z
    .strictObject({
      orderPrefixes: z
        .array(z.string().min(1).max(20))
        .default([])
        .describe("Prefixes before the order number in the ERP, such as `SO-`."),
      window: duration
        .default("72h")
        .describe("How far apart in time a refund and a document without an order may be."),
      tolerancePerLine: positiveAmount
        .default("0.00")
        .describe("A difference up to this amount for each line is no mismatch."),
    })
    .prefault({}),
  thresholds: z
    .strictObject({
      amount: positiveAmount
        .default("25.00")
        .describe("A mismatch of this amount or more is reported at once, not only in the digest."),
      staleAfter: duration
        .default("6h")
        .describe("A refund that is not in the ERP after this time is stale."),
      approvalLimit: positiveAmount
        .default("100.00")
        .describe("Up to this amount nobody asks for a written approval."),
    })
    .prefault({}),
  checkpointAfter: duration
    .default("24h")
    .describe("Each refund is checked once more after this time, whatever happened before."),
  alerts: z
    .strictObject({
      sms: addresses(phone).describe("Numbers that get an SMS when refunds are stale."),
      email: addresses(email).describe(
        "Addresses that get an e-mail about mismatches and sources.",
      ),
      repeatEvery: duration.default("12h").describe("An open alert is repeated after this time."),
      quietHours: z
        .string()
        .regex(
          /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/,
          'wanted hours such as "22:00-07:00"',
        )
        .optional()
        .describe("Hours of the brand's day in which an SMS waits. E-mail does not wait."),
    })
    .prefault({}),
  digest: z
    .strictObject({
      at: timeOfDay
        .refine(
          (time) => time >= "04:00",
          "must not be between 00:00 and 03:59: daylight saving time changes the clock in those hours",
        )
        .default("07:00")
        .describe("Time of the brand's day at which the digest is sent, 04:00 or later."),
      email: addresses(email).describe("Addresses that get the daily digest."),
    })
    .prefault({}),
  costs: z
    .strictObject({
      minutesPerException: z
        .number()
        .int()
        .min(1)
        .max(480)
        .default(20)
        .describe("Assumed minutes of work for one exception."),
      hourlyRate: positiveAmount
        .default("45.00")
        .describe("Assumed cost of an hour of that work, in the brand's currency."),
    })
    .prefault({}),
  retention: z
    .strictObject({
      matched: duration
        .default("400d")
        .describe("A record that needs nobody is deleted from the table after this time."),
      log: duration.default("7y").describe("The log of decisions is kept for this time."),
    })
    .prefault({}),
});

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).format(0) !== "" && zone.length > 0;
  } catch {
    return false;
  }
}

function isSafeOrigin(text: string): boolean {
  if (!URL.canParse(text)) return true; // the check before this one reports it
  const url = new URL(text);
  const plain = url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  return plain && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url)));
}

function isLoopback(url: URL): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}
