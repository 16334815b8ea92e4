import { writeFileSync } from "node:fs";

import { stringify } from "yaml";

import type { Life } from "./life/life.ts";

/**
 * Writes the brand file that an engineer would write for this life: the addresses of the two
 * simulators, and the users that are machines, because no platform marks them reliably.
 */
export function writeDemoBrand(
  file: string,
  life: Life,
  urls: { readonly storefront: string; readonly erp: string },
): void {
  const brand = {
    brand: "demo",
    currency: life.shop.currency,
    timeZone: life.shop.timeZone,
    storefront: {
      platform: "shopify",
      baseUrl: urls.storefront,
      credentials: STOREFRONT_SECRET,
      integrationApps: [...life.settings.storefrontMachines],
      channels: [...life.settings.channels],
    },
    erp: {
      platform: "netsuite",
      baseUrl: urls.erp,
      credentials: ERP_SECRET,
      integrationUsers: life.settings.erpMachines.map(({ id }) => id),
    },
    thresholds: { approvalLimit: life.settings.approvalLimit },
    matching: { orderPrefixes: [...life.settings.orderPrefixes] },
    alerts: { sms: ["+15550100"], email: ["ops@example.com"], quietHours: "22:00-07:00" },
    digest: { email: ["finance@example.com"] },
  };
  writeFileSync(file, stringify(brand));
}

export const STOREFRONT_SECRET = "demo/shopify";
export const ERP_SECRET = "demo/netsuite";
