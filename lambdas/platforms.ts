/** The platforms that can be watched, as the brand file names them. */
export const STOREFRONT_PLATFORMS = ["shopify", "bigcommerce", "magento"] as const;
export const ERP_PLATFORMS = ["netsuite", "sap", "oracle"] as const;

export type StorefrontName = (typeof STOREFRONT_PLATFORMS)[number];
export type ErpName = (typeof ERP_PLATFORMS)[number];

/** The same as people call them. */
export const PLATFORM_NAMES: Readonly<Record<StorefrontName | ErpName, string>> = {
  shopify: "Shopify",
  bigcommerce: "BigCommerce",
  magento: "Adobe Commerce",
  netsuite: "NetSuite",
  sap: "SAP S/4HANA",
  oracle: "Oracle Fusion",
};
