import type { Brand } from "../brand.ts";
import type { Log } from "../log.ts";
import type { ErpName, StorefrontName } from "../platforms.ts";
import type { Instant } from "../refund/time/instant.ts";
import type { Erp } from "./erp/erp.ts";
import { http } from "./http/http.ts";
import type { Door, Http, HttpOptions } from "./http/http.ts";
import type { System } from "./source.ts";
import type { Storefront } from "./storefront/storefront.ts";

/** A network and a clock that replace those of this machine, for example in a simulation. */
export type Outside = Required<Pick<HttpOptions, "fetch" | "wait" | "random">> & {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Records per page; a small value gives several pages even when there are few records. */
  readonly pageSize?: number;
};

/** Loads only the code of the one platform, so that a cold start does not load the others. */
export async function connect(
  brand: Brand,
  source: "storefront" | "erp",
  by: ConnectBy,
): Promise<System> {
  const { baseUrl } = brand[source];
  const open =
    source === "storefront"
      ? PLATFORMS.storefront[brand.storefront.platform]
      : PLATFORMS.erp[brand.erp.platform];
  const { log, remainingMs, outside } = by;
  const door: Door = (origin, ask) =>
    http({ baseUrl: origin, log, deadline: remainingMs, ...ask, ...outside });
  const client = door(baseUrl);
  const system = await open(brand, { ...by, http: client, door });
  return { ...system, firstAnswerAt: () => client.firstAnswerAt() };
}

export type ConnectBy = {
  readonly credentials: unknown;
  /** The time of the run; the real time where it is absent. */
  readonly now?: Instant | undefined;
  readonly log: Log;
  readonly remainingMs: () => number;
  readonly outside?: Outside | undefined;
};

type Open = (
  brand: Brand,
  by: ConnectBy & { readonly http: Http; readonly door: Door },
) => Promise<System>;

/** One entry per platform. A new platform needs an entry here. */
const PLATFORMS: {
  readonly storefront: Readonly<Record<StorefrontName, Open>>;
  readonly erp: Readonly<Record<ErpName, Open>>;
} = {
  storefront: {
    shopify: async ({ storefront }, { outside, ...by }) => {
      const { shopify } = await import("./storefront/shopify/shopify.ts");
      const replaced = outside && {
        ...outside,
        monotonic: outside.clock,
        together: outside.pageSize,
      };
      return fromStorefront(shopify({ ...storefront, ...by, ...replaced }));
    },
    bigcommerce: async ({ storefront }, { outside, now, ...by }) => {
      const { bigcommerce } = await import("./storefront/bigcommerce/bigcommerce.ts");
      const time = now === undefined ? {} : { now: () => now };
      return fromStorefront(bigcommerce({ ...storefront, ...by, ...outside, ...time }));
    },
    magento: async ({ storefront }, { outside, now, ...by }) => {
      const { magento } = await import("./storefront/magento/magento.ts");
      const time = now === undefined ? {} : { now: () => now };
      return fromStorefront(magento({ ...storefront, ...by, ...outside, ...time }));
    },
  },
  erp: {
    netsuite: async ({ erp, currency }, { outside, ...by }) => {
      const { netsuite } = await import("./erp/netsuite/netsuite.ts");
      const replaced = outside && { ...outside, wallClock: outside.clock };
      const { referenceFields, paymentFields, absentFields } = erp;
      // NetSuite's names of fields are in small letters.
      const fields = {
        referenceFields: referenceFields.map(inSmallLetters),
        paymentFields: paymentFields.map(inSmallLetters),
        absentFields: absentFields.map(inSmallLetters),
      };
      const settings = { ...erp, ...fields, brandCurrency: currency };
      return fromErp(netsuite({ ...settings, ...by, ...replaced }));
    },
    sap: async ({ erp }, { outside, ...by }) => {
      const { sap } = await import("./erp/sap/sap.ts");
      return fromErp(sap({ ...erp, ...by, ...outside }));
    },
    oracle: async ({ erp }, { outside, ...by }) => {
      const { oracle } = await import("./erp/oracle/oracle.ts");
      return fromErp(oracle({ ...erp, ...by, ...outside }));
    },
  },
};

function inSmallLetters(name: string): string {
  return name.toLowerCase();
}

function fromStorefront(shop: Storefront): System {
  return {
    ...shop,
    since: async (window, cursor, known) => shop.refundsSince(window, cursor, known),
    byId: async (ids, orders) => shop.refundsById(ids, orders),
  };
}

function fromErp(books: Erp): System {
  return {
    ...books,
    since: async (window, cursor) => books.documentsSince(window, cursor),
    byId: async (ids) => books.documentsById(ids),
  };
}
