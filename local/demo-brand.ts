import { writeFileSync } from "node:fs";

import { stringify } from "yaml";

import type { Life } from "./life/life.ts";
import { ERPS, STOREFRONTS } from "./platforms.ts";

/**
 * Writes the brand file that an engineer would write for this life: the addresses of the two
 * simulators, and the users that are machines, because no platform marks them reliably.
 */
export function writeDemoBrand(
  file: string,
  life: Life,
  {
    storefront,
    erp,
  }: {
    readonly storefront: { readonly platform: string; readonly url: string };
    readonly erp: { readonly platform: string; readonly url: string };
  },
): void {
  const brand = {
    brand: "demo",
    currency: life.shop.currency,
    timeZone: life.shop.timeZone,
    storefront: {
      platform: storefront.platform,
      baseUrl: storefront.url,
      credentials: STOREFRONT_SECRET,
      ...STOREFRONTS[storefront.platform]?.settings(life),
    },
    erp: {
      platform: erp.platform,
      baseUrl: erp.url,
      credentials: ERP_SECRET,
      ...ERPS[erp.platform]?.settings(life),
    },
    thresholds: { approvalLimit: life.settings.approvalLimit },
    matching: { orderPrefixes: [...life.settings.orderPrefixes] },
    alerts: { sms: ["+15550100"], email: ["ops@example.com"], quietHours: "22:00-07:00" },
    digest: { email: ["finance@example.com"] },
  };
  writeFileSync(file, stringify(brand));
}

export const STOREFRONT_SECRET = "demo/storefront";
export const ERP_SECRET = "demo/erp";
