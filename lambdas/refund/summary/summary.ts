import * as z from "zod";

import { REFUND_MARKS } from "../observation/observation.ts";
import { CAUSES, PATTERNS } from "../diagnosis/patterns/diagnosis.ts";
import { ANSWERS, POINTS, QUESTION_IDS } from "../diagnosis/questions/question.ts";
import { MATCH_RULES, STATUSES } from "../record/sync-record.ts";
import { FAILURES } from "../diagnosis/features/failure.ts";
import { MISMATCH_KINDS } from "../record/mismatch.ts";

/**
 * The daily summary: the content of `digests/<yyyy>/<mm>/<dd>/summary.json`. It is a contract with
 * its readers, so every field is described here once, and its JSON Schema is generated from this
 * file.
 */
export type Summary = z.infer<typeof summarySchema>;
export type SummaryException = Summary["exceptions"][number];

const amount = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .describe("exact decimal");
const instant = z.iso.datetime();
const count = z.int().min(0);
const counts = z.record(z.string(), count);
const share = z.number().min(0).max(1);

const status = z.enum(STATUSES);
const cause = z.enum(CAUSES);
const pattern = z.enum(PATTERNS).nullable();

const mismatch = z.object({
  kind: z.enum(MISMATCH_KINDS),
  expected: z.string().describe("the storefront's figure"),
  actual: z.string().describe("the ERP's figure"),
  difference: z.string().describe("actual - expected; empty for values that cannot be subtracted"),
  currency: z.string(),
  hidden: z.literal(true).optional().describe("header totals agree, lines do not"),
  leg: z
    .literal("paid")
    .optional()
    .describe("the amount paid out differs, not the amount credited"),
});

const exception = z.object({
  refundId: z
    .string()
    .nullable()
    .describe("the storefront's own id; null if there is no storefront refund"),
  orderNumber: z.string().nullable(),
  erpDocumentIds: z.array(z.string()).describe("the ERP's internal ids"),
  status,
  mismatches: z.array(mismatch),
  amount,
  currency: z.string(),
  exposure: amount,
  processedAt: instant.describe(
    "the storefront's processed time; the ERP's created time if there is no refund",
  ),
  ageHours: z.number().min(0),
  matchRule: z.enum(MATCH_RULES).nullable(),
  ambiguous: z.array(z.string()).describe("equally good candidates; none of them was chosen"),
  ownership: z
    .enum(["unclear", "probably_not_ours"])
    .optional()
    .describe("of a document without a refund: whether it is perhaps another business's"),
  countedWith: z
    .string()
    .optional()
    .describe("the order of the other refund of its store credit loop, with which it is counted"),
  diagnosis: z.object({
    cause,
    pattern,
    confidence: share,
    evidence: z.array(z.string()),
  }),
});

const cost = z.object({
  minutes: count.describe("of manual work, as assumed in the brand file"),
  work: amount.describe("what those minutes cost, in the brand's currency"),
});

const cohort = z.object({
  key: z.string().describe("its name in explain, answer and fix; the same every day"),
  failure: z.enum(FAILURES),
  segment: z.record(z.string(), z.string()),
  count,
  population: count,
  rate: share,
  exposure: amount,
  cause,
  pattern,
  confidence: share,
  onset: z
    .object({ from: z.iso.date(), to: z.iso.date() })
    .nullable()
    .default(null)
    .describe("the days between which the failure became more frequent (90 %), local days"),
  questions: z.array(
    z.object({
      id: z.literal(QUESTION_IDS),
      answer: z.enum(ANSWERS),
      points: z.enum(POINTS),
      evidence: z.string(),
    }),
  ),
  nextSteps: z.array(z.string()),
  cost,
});

const counted = z.object({ hits: count, tries: count });

const checkIn = z.object({
  cohort: z.string().describe("the cohort's key"),
  on: z.iso.date().describe("the first day with the repair"),
  since: z.iso
    .date()
    .nullable()
    .default(null)
    .describe("the likeliest day on which the trouble began; before is counted from it"),
  dueOn: z.iso.date(),
  days: count.describe("counted since the repair"),
  before: counted,
  after: counted,
  change: z
    .object({ low: z.number(), high: z.number() })
    .describe("the rate after minus the rate before, with 95 % confidence"),
  chance: share.describe("probability of such a fall if nothing had changed"),
  verdict: z.enum(["too early", "it fell", "back to step 1"]),
  sentence: z.string(),
  note: z.string(),
  saved: cost.nullable().describe("null while no fall is proven"),
});

export const summarySchema = z.object({
  schemaVersion: z.literal(1),
  brand: z.string(),
  currency: z.string(),
  date: z.iso.date(),
  generatedAt: instant,
  window: z.object({ from: instant, to: instant }),
  totals: z.object({
    refunds: count.describe("processed in the window"),
    refundedAmount: amount.describe("in the brand's currency; other currencies are in byCurrency"),
    matched: count,
    pending: count,
    exceptions: count.describe("open at the end of the window, whenever they began"),
    opened: count.describe("in the window, without what is probably another business's"),
    resolved: count,
    exposure: amount,
    twoStateShare: share.describe(
      "of the window's refunds, the share that only one system had for more than 15 minutes",
    ),
    quarantined: count,
    openOverAWeek: count.describe(
      "payments, documents and records that were not final or not readable for over a week",
    ),
  }),
  byCurrency: z
    .record(z.string(), z.object({ refundedAmount: amount, exposure: amount }))
    .describe("each currency separately: amounts are never converted"),
  completeness: z.array(
    z.object({
      source: z.enum(["storefront", "erp"]),
      watermark: instant.nullable(),
      completeThrough: instant.nullable().describe("everything that the source had then was read"),
      taken: count,
      reported: count.nullable(),
      leftOut: counts
        .default({})
        .describe("left out on purpose in its last complete window, counted by name"),
      missing: z.array(z.string()).describe("permissions that the source does not grant"),
      trouble: z.string().nullable().describe("why the last read of it is not reliable"),
    }),
  ),
  checkpoint: z
    .object({
      day: z.iso.date().describe("local day on which these refunds were processed"),
      after: z.string().describe("time from processing to the checkpoint, ISO 8601"),
      passed: count.describe("the ERP had them right by then, or nothing was to be booked"),
      flagged: count.describe("exceptions at that time"),
      waiting: count.describe("a payment was pending, or a record was not readable"),
    })
    .nullable()
    .default(null)
    .describe("the newest day whose refunds are all past their checkpoint, each counted once"),
  endedHabits: z
    .array(
      z.object({
        path: z.string().describe("channel and gateway"),
        until: z.iso.date().describe("documents of this day and later are not judged by it"),
        unpaid: z.boolean().describe("later credits that are not paid out are no exceptions"),
        kind: z.string().nullable().describe("the kind of document that is usual now"),
      }),
    )
    .default([])
    .describe("ways of booking that changed a month ago and count as the brand's way now"),
  byStatus: counts,
  byMismatch: counts.describe("open, without what is probably another business's"),
  byCause: counts.describe("the same"),
  byPattern: counts.describe("the same"),
  byBenign: counts.describe("benign cases, counted by name"),
  odd: z
    .array(z.object({ mark: z.enum(REFUND_MARKS), count, orders: z.array(z.string()) }))
    .default([])
    .describe("refunds of the window with errors in their own record, and some of their orders"),
  aging: z.array(z.object({ bucket: z.string(), count, exposure: amount })),
  asyncGap: z.object({
    p50: z.string().nullable(),
    p90: z.string().nullable(),
    p99: z.string().nullable(),
    batchCadence: z.string().nullable(),
  }),
  exceptions: z
    .array(exception)
    .describe("largest exposure first; documents that are probably another business's last"),
  otherBusinesses: z
    .object({
      count: count.describe("of exceptions that are probably another business's"),
      amount: amount.describe("what they booked, in the brand's currency; not at risk here"),
      unclear: z
        .object({ count, amount })
        .default({ count: 0, amount: "0.00" })
        .describe("exceptions whose owner cannot be told; their money counts as at risk"),
      setting: z
        .string()
        .nullable()
        .describe("the line below erp.scope in the brand file that leaves them out"),
      traits: z.array(
        z.object({
          trait: z.enum(["company", "prefix", "maker"]),
          value: z.string(),
          ownership: z.enum(["unclear", "probably_not_ours"]),
          open: count.describe("of the exceptions above"),
          seen: count.describe("documents of 30 days, when it was learned"),
          agreed: count.describe("of these, the ones that agree with a refund of this shop"),
        }),
      ),
    })
    .default({
      count: 0,
      amount: "0.00",
      unclear: { count: 0, amount: "0.00" },
      setting: null,
      traits: [],
    }),
  payments: z
    .object({
      days: z.array(z.iso.date()).describe("UTC days whose payments were compared"),
      notShown: z.array(z.iso.date()).describe("days whose list the storefront does not show"),
      payments: count.describe("payments back to buyers in the storefront's own list"),
      unreadable: count,
      withoutRefund: z
        .array(
          z.object({
            paymentId: z.string(),
            orderId: z.string().nullable(),
            orderNumber: z.string().nullable(),
            amount,
            currency: z.string(),
            at: instant,
          }),
        )
        .describe("money moved, and no refund of the storefront has this payment"),
      withoutPayment: z
        .array(
          z.object({
            refundId: z.string(),
            orderNumber: z.string(),
            amount,
            currency: z.string(),
            at: instant,
          }),
        )
        .describe("a refund says that money moved, and the list does not show it"),
    })
    .nullable()
    .default(null)
    .describe("the storefront's own list of payments, compared with its refunds"),
  cohorts: z.array(cohort),
  checkIns: z.array(checkIn).describe("one for each repair that people recorded with fix"),
});
