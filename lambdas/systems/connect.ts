import type { Brand } from "../brand.ts";
import type { Log } from "../log.ts";
import { http } from "./http/http.ts";
import type { HttpOptions } from "./http/http.ts";
import type { System } from "./source.ts";

/** The network and the clock by which systems are asked, where they are not this machine's own. */
export type Outside = Required<Pick<HttpOptions, "fetch" | "wait" | "random">> & {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Records a page, where a small world shall have many pages. */
  readonly pageSize?: number;
};

/**
 * Only the one platform's code is loaded: a cold start does not pay for the others.
 *
 * @throws PlatformNotThere for a platform that the brand file may name and nobody reads yet
 */
export async function connect(
  brand: Brand,
  source: "storefront" | "erp",
  by: {
    readonly credentials: unknown;
    readonly log: Log;
    readonly remainingMs: () => number;
    readonly outside?: Outside | undefined;
  },
): Promise<System> {
  return source === "erp" ? connectErp(brand, by) : connectStorefront(brand, by);
}

type By = Parameters<typeof connect>[2];

async function connectStorefront(
  { storefront }: Brand,
  { credentials, log, remainingMs, outside }: By,
): Promise<System> {
  const { platform, baseUrl } = storefront;
  if (platform !== "shopify") throw new PlatformNotThere(platform);
  const door = http({ baseUrl, log, deadline: remainingMs, ...outside });
  const { shopify } = await import("./storefront/shopify/shopify.ts");
  const shop = shopify({
    ...storefront,
    credentials,
    http: door,
    log,
    ...(outside && { ...outside, monotonic: outside.clock, together: outside.pageSize }),
  });
  return {
    ...shop,
    firstAnswerAt: () => door.firstAnswerAt(),
    since: async (window, cursor, known) => shop.refundsSince(window, cursor, known),
    byId: async (ids, orders) => shop.refundsById(ids, orders),
  };
}

async function connectErp(
  { erp, currency }: Brand,
  { credentials, log, remainingMs, outside }: By,
): Promise<System> {
  const { platform, baseUrl } = erp;
  if (platform !== "netsuite") throw new PlatformNotThere(platform);
  const door = http({ baseUrl, log, deadline: remainingMs, ...outside });
  const { netsuite } = await import("./erp/netsuite/netsuite.ts");
  const books = netsuite({
    ...erp,
    credentials,
    http: door,
    log,
    brandCurrency: currency,
    ...(outside && { ...outside, wallClock: outside.clock }),
  });
  return {
    ...books,
    firstAnswerAt: () => door.firstAnswerAt(),
    since: async (window, cursor) => books.documentsSince(window, cursor),
    byId: async (ids) => books.documentsById(ids),
  };
}

class PlatformNotThere extends Error {
  override readonly name = "PlatformNotThere";
  constructor(platform: string) {
    super(`${platform} cannot be read yet: this version reads shopify and netsuite`);
  }
}
