import type { Life } from "./life/life.ts";
import { channelName, withOwnIds } from "./bigcommerce/objects.ts";
import { storeOf } from "./magento/stores.ts";
import type { Desk } from "./simulator.ts";
import { FREIGHT_ITEM, REFUND_FIELD as ORACLE_REFUND_FIELD } from "./oracle/rows.ts";
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
    /** Paths of the requests, or their texts, oldest first; absent where they are not kept. */
    readonly requests?: readonly unknown[];
    stop(): Promise<void>;
  }>;
  /** The same without a socket; absent where the evaluation needs none. */
  desk?(life: Life, clock: () => string): Promise<Desk & { readonly credentials: unknown }>;
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
    desk: async (life, clock) => {
      const { bigCommerceSimulator } = await import("./bigcommerce/serve.ts");
      return bigCommerceSimulator({ life, clock });
    },
    fit: withOwnIds,
    settings: ({ settings: { channels, smallestCoin } }) => ({
      channels: channels.map(channelName),
      ...(smallestCoin !== null && { smallestCoin }),
    }),
  },
  magento: {
    start: async (life, clock) => {
      const { startMagento } = await import("./magento/serve.ts");
      return startMagento({ life, clock });
    },
    desk: async (life, clock) => {
      const { magentoSimulator } = await import("./magento/serve.ts");
      return magentoSimulator({ life, clock });
    },
    settings: ({ settings: { channels, smallestCoin } }) => ({
      channels: channels.map((channel) => storeOf(channel).code),
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
    desk: async (life, clock) => {
      const { sapSimulator } = await import("./sap/serve.ts");
      return sapSimulator({ life, clock, serverPage: 5_000 });
    },
    fit: withCancellations,
    settings: ({ settings }) => ({
      integrationUsers: settings.erpMachines.map(({ id }) => id),
      referenceFields: [REFUND_FIELD],
      shippingItems: [SHIPPING_MATERIAL],
    }),
  },
  oracle: {
    start: async (life, clock) => {
      const { startOracle } = await import("./oracle/serve.ts");
      return startOracle({ life, clock });
    },
    desk: async (life, clock) => {
      const { oracleSimulator } = await import("./oracle/serve.ts");
      return oracleSimulator({ life, clock });
    },
    settings: ({ settings }) => ({
      integrationUsers: settings.erpMachines.map(({ id }) => id),
      referenceFields: [ORACLE_REFUND_FIELD],
      shippingItems: [FREIGHT_ITEM],
    }),
  },
};

/** The rate limit of Shopify's largest plan, so that a demo does not wait for points. */
const PLUS_PLAN = { maximum: 20_000, restore: 1_000 };
