import type { Life } from "./life/life.ts";
import { channelName, withOwnIds } from "./bigcommerce/objects.ts";
import { REFUND_FIELD, SHIPPING_MATERIAL, withCancellations } from "./sap/rows.ts";

/**
 * The simulated platforms: how each one is started for a life, and what an engineer would write for
 * it in the brand file. A new platform needs an entry here.
 */
export type Simulated = {
  start(
    life: Life,
    clock: () => string,
  ): Promise<{
    readonly url: string;
    readonly credentials: unknown;
    stop(): Promise<void>;
  }>;
  /** The life as it is on this platform: an integration writes its ids; absent for no change. */
  fit?(life: Life): Life;
  /** The settings of the brand file beside platform, address and credentials. */
  settings(life: Life): Readonly<Record<string, unknown>>;
};

export const STOREFRONTS: Readonly<Record<string, Simulated>> = {
  shopify: {
    start: async (life, clock) => {
      const { startShopify } = await import("./shopify/serve.ts");
      return startShopify({ life, clock, rate: PLUS_PLAN });
    },
    settings: ({ settings }) => ({
      integrationApps: [...settings.storefrontMachines],
      channels: [...settings.channels],
    }),
  },
  bigcommerce: {
    start: async (life, clock) => {
      const { startBigCommerce } = await import("./bigcommerce/serve.ts");
      return startBigCommerce({ life, clock });
    },
    fit: withOwnIds,
    settings: ({ settings: { channels, smallestCoin } }) => ({
      channels: channels.map(channelName),
      ...(smallestCoin !== null && { smallestCoin }),
    }),
  },
};

export const ERPS: Readonly<Record<string, Simulated>> = {
  netsuite: {
    start: async (life, clock) => {
      const { startNetsuite } = await import("./netsuite/serve.ts");
      return startNetsuite({ life, clock });
    },
    settings: ({ settings }) => ({ integrationUsers: settings.erpMachines.map(({ id }) => id) }),
  },
  sap: {
    start: async (life, clock) => {
      const { startSap } = await import("./sap/serve.ts");
      return startSap({ life, clock });
    },
    fit: withCancellations,
    settings: ({ settings }) => ({
      integrationUsers: settings.erpMachines.map(({ id }) => id),
      referenceFields: [REFUND_FIELD],
      shippingItems: [SHIPPING_MATERIAL],
    }),
  },
};

/** The rate limit of Shopify's largest plan, so that a demo does not wait for points. */
const PLUS_PLAN = { maximum: 20_000, restore: 1_000 };
