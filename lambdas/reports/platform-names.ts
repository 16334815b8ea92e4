import type { Brand } from "../brand.ts";

/** The platforms as people call them. */
export const PLATFORM_NAMES = {
  shopify: "Shopify",
  bigcommerce: "BigCommerce",
  magento: "Adobe Commerce",
  netsuite: "NetSuite",
  sap: "SAP S/4HANA",
  oracle: "Oracle Fusion",
} as const satisfies Record<Brand["storefront"]["platform"] | Brand["erp"]["platform"], string>;
