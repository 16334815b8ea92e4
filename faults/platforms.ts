import type { Platform } from "./platform.ts";
import { bigCommercePlatform } from "./platforms/bigcommerce.ts";
import { magentoPlatform } from "./platforms/magento.ts";
import { netsuitePlatform } from "./platforms/netsuite.ts";
import { oraclePlatform } from "./platforms/oracle.ts";
import { sapPlatform } from "./platforms/sap.ts";
import { shopifyPlatform } from "./platforms/shopify.ts";

/** Each schedule uses one storefront and one ERP of these. */
export const PLATFORMS: readonly Platform[] = [
  shopifyPlatform,
  bigCommercePlatform,
  magentoPlatform,
  netsuitePlatform,
  sapPlatform,
  oraclePlatform,
];
