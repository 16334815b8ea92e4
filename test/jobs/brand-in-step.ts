import { parseBrand } from "../../lambdas/brand.ts";
import type { Brand } from "../../lambdas/brand.ts";

/** A brand file with nothing special in it; tests spoil one thing. */
export function brandInStep(change: Record<string, unknown> = {}): Brand {
  return parseBrand(
    {
      brand: "acme",
      currency: "USD",
      timeZone: "America/New_York",
      storefront: {
        platform: "shopify",
        baseUrl: "https://acme.myshopify.com",
        credentials: "acme/shopify",
      },
      erp: {
        platform: "netsuite",
        baseUrl: "https://123.suitetalk.api.netsuite.com",
        credentials: "acme/netsuite",
      },
      alerts: { sms: ["+15550100"], email: ["ops@example.com"] },
      digest: { email: ["finance@example.com"] },
      ...change,
    },
    "acme.yaml",
  );
}
