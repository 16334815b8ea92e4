import { Money } from "../../../refund/money/money.ts";
import type { StorefrontRefund } from "../../../refund/observation/observation.ts";
import type { Instant } from "../../../refund/time/instant.ts";
import { PageError } from "../../http/page-error.ts";
import type { Known, Listing, RejectedRecord, SourcePage, Window } from "../../source.ts";
import type { Storefront } from "../storefront.ts";
import { archived } from "./archive.ts";
import { orderOfClaim } from "./claims.ts";
import { claimReader } from "./claim-reader.ts";
import { BigCommerceClient, IDS_AT_ONCE, PAGE_ROWS } from "./client.ts";
import type { BigCommerceClientOptions } from "./client.ts";
import { orderReader } from "./orders.ts";
import { idOf, pageOf, textIn, unread } from "./rows.ts";
import { problems } from "../../problems.ts";
import { listedRefundSchema, pageSchema } from "./page.ts";
import { afterRefunds, halfOf, type Span, startOf, written } from "./paging.ts";
import type { BigCommerceScope } from "./refund.ts";
import { examineShop } from "./shop.ts";

/**
 * Reads BigCommerce through its REST APIs: refunds (V3) by the time at which they were made, and
 * their orders (V2).
 *
 * BigCommerce has no list of refunds by change. A payment that is not decided yet is asked for again
 * until it is, and a declined payment changes the amount in the list, which the daily look back
 * reads. Orders that say Refunded without a refund are read by the time of their change.
 */
export function bigcommerce(options: BigCommerceOptions): BigCommerce {
  const client = new BigCommerceClient(options);
  const { pageSize = REFUND_ROWS, now = () => new Date().toISOString() } = options;
  const refused = new Set<string>();
  const { readRefunds, transactionsOf } = orderReader(client, {
    scope: options,
    now,
    noteRefused: (scope) => {
      if (refused.has(scope)) return;
      refused.add(scope);
      const sentence = `BigCommerce does not show the outcome of payments, because the token lacks the scope ${scope}: a payment that is not declined counts as made`;
      const facts = { scope };
      options.log({ level: "warn", code: "BIGCOMMERCE_SCOPE_MISSING", sentence, facts });
    },
  });

  const refundList = async (query: Readonly<Record<string, string>>): Promise<RefundPage> => {
    const json = await client.get(REFUNDS, query);
    // Only lists of V2 are answered with nothing: an empty list of V3 is a page without rows.
    if (json === null) throw new PageError(`GET BigCommerce ${REFUNDS}`, "no page at all");
    const page = pageSchema.safeParse(json);
    if (!page.success) throw new PageError(`GET BigCommerce ${REFUNDS}`, problems(page.error));
    const total = page.data.meta?.pagination?.total;
    return { rows: page.data.data, total: total === undefined ? null : Number(total) };
  };

  /** A span of time whose refunds fit into one page, beginning with this one. */
  const refundSpan = async (asked: Span): Promise<RefundPage & { readonly span: Span }> => {
    let total: number | null = null;
    for (let span = asked; ;) {
      const page = await refundList({
        "created:min": span.from,
        ...(span.to !== null && { "created:max": span.to }),
        page: String(span.page),
        limit: String(pageSize),
      });
      if (page.rows.length > pageSize) {
        const came = `${page.rows.length} rows, wanted ${pageSize}`;
        throw new PageError(`GET BigCommerce ${REFUNDS}`, came);
      }
      if (span === asked) ({ total } = page);
      const half = page.rows.length < pageSize ? null : halfOf(span, now());
      // The count of the span that was asked for, not of its half.
      if (half === null) return { ...page, total, span };
      span = half;
    }
  };

  const refundPage = async (
    window: Window,
    asked: Span,
    known: Known | undefined,
  ): Promise<SourcePage<StorefrontRefund>> => {
    const { rows, total, span } = await refundSpan(asked);
    const listed: { row: unknown; listing: Listing | null; id: string; created: Instant | null }[] =
      [];
    const rejected: RejectedRecord[] = [];
    for (const row of rows) {
      const read = listedRefundSchema.safeParse(row);
      if (!read.success) rejected.push(unread(idOf(row), problems(read.error), row));
      else listed.push({ row, listing: listingOf(read.data), ...read.data });
    }
    const listings = listed.flatMap(({ listing }) => listing ?? []);
    const already = (await known?.(listings)) ?? new Set<Listing>();
    const fresh = listed.filter(({ listing }) => listing === null || !already.has(listing));
    const taken = await readRefunds(fresh.map(({ row }) => row));
    const next = afterRefunds(span, rows.length >= pageSize, window);
    const newest = listed
      .flatMap(({ id, created: at }) => (at === null ? [] : [{ id, at }]))
      .toSorted((one, other) => (one.at < other.at ? -1 : 1))
      .at(-1);
    const isNew = (at: Instant | null): boolean => !span.isInner || at === null || at > span.from;
    const isFirst = asked.from === window.since && !asked.isInner && asked.page === 1;
    return {
      ...pageOf(taken, rejected),
      raw: [archived({ data: rows }), ...taken.raw],
      listed: listings,
      next: written(next),
      highWater: newest?.at ?? null,
      ...(newest !== undefined && { newest: newest.id }),
      reported: isFirst ? total : null,
      counted: listed.filter(({ created: at }) => isNew(at)).length + rejected.length,
    };
  };

  const { orderPage, claimsById } = claimReader(client, {
    refundList,
    transactionsOf,
    pageSize: options.pageSize ?? PAGE_ROWS,
  });

  const refundsById = async (ids: readonly string[]): Promise<SourcePage<StorefrontRefund>> => {
    const numbers = ids.filter((id) => /^\d{1,18}$/.test(id));
    const rows: unknown[] = [];
    for (let at = 0; at < numbers.length; at += IDS_AT_ONCE) {
      const some = numbers.slice(at, at + IDS_AT_ONCE);
      const query = { "id:in": some.join(","), page: "1", limit: String(PAGE_ROWS) };
      const page = await refundList(query);
      // A server that ignores the filter would answer with other refunds.
      rows.push(...page.rows.filter((row) => some.includes(idOf(row) ?? "")));
    }
    const shown = new Set(rows.map(idOf));
    const unfound = numbers.filter((id) => !shown.has(id)).length;
    const taken = await readRefunds(rows);
    const claims = await claimsById(ids.flatMap((id) => orderOfClaim(id) ?? []));
    const page = pageOf(
      {
        observations: [...taken.observations, ...claims.observations],
        skipped: { ...taken.skipped, ...(unfound > 0 && { refund_not_found: unfound }) },
      },
      [...taken.rejected, ...claims.rejected],
    );
    return {
      ...page,
      raw: [...taken.raw, ...claims.raw],
      notShown: claims.notShown,
      next: null,
      highWater: null,
      reported: null,
    };
  };

  /** Reads the transactions of any order with a refund, to see whether the token may. */
  const probe = async (): Promise<void> => {
    const { rows } = await refundList({ page: "1", limit: "1" });
    const orderId = textIn(rows[0], "order_id");
    if (orderId !== null) await transactionsOf(orderId, []);
  };

  return {
    requests: () => client.requests,
    // A payment may be declined days later, and no list of changes shows it.
    lookBackDays: 7,
    refundsSince: async (window, text, known) => {
      const cursor = startOf(window, text);
      return cursor.span === null
        ? orderPage(window, cursor)
        : refundPage(window, cursor.span, known);
    },
    refundsById,
    identify: async (before, asksPermissions) => {
      // The token may read refunds and yet not see whether they were paid.
      if (asksPermissions) await probe();
      // A token is valid for one shop, whose hash is in every address.
      const identity = client.storeHash;
      return { identity, absent: before?.absent ?? null, missing: [...refused] };
    },
    absent: () => [],
    examine: async () => examineShop(client),
    stillShows: async (ids) => (await refundsById(ids)).fetched > 0,
  };
}

export type BigCommerce = Storefront & {
  /** Requests that this client has sent so far. */
  readonly requests: () => number;
};

export type BigCommerceOptions = BigCommerceClientOptions &
  BigCommerceScope & {
    /** Rows of a page, at most 250. */
    readonly pageSize?: number;
    /** The time of the run. */
    readonly now?: () => Instant;
  };

type RefundPage = { readonly rows: readonly unknown[]; readonly total: number | null };
/** Null for a refund without a time or with an amount that cannot be summed: it is read each time. */
function listingOf(row: {
  readonly id: string;
  readonly order_id: string;
  readonly created: Instant | null;
  readonly payments?:
    | readonly { readonly amount: string; readonly is_declined?: boolean | null | undefined }[]
    | null
    | undefined;
}): Listing | null {
  if (row.created === null) return null;
  const paid = (row.payments ?? []).filter(({ is_declined: declined }) => declined !== true);
  const settled = Money.sum(
    paid.map(({ amount }) => Money.of(amount, ANY)),
    ANY,
  ).toString();
  const { id, order_id: orderId, created: changedAt } = row;
  return { id, orderNumber: orderId, orderId, changedAt, settled };
}

const REFUNDS = "v3/orders/payment_actions/refunds";
/** A currency without digits of its own, for a sum whose currency the list does not state. */
const ANY = "XXX";
/**
 * Refunds of a page. Each one costs about three requests more, and a page that could not be read to
 * its end is read again.
 */
const REFUND_ROWS = 50;
