import { parseBrand } from "../../lambdas/brand.ts";
import { connect } from "../../lambdas/systems/connect.ts";
import type { Outside } from "../../lambdas/systems/connect.ts";
import type {
  ErpDocument,
  Observation,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import type { Instant } from "../../lambdas/refund/time/instant.ts";
import type { Life } from "../../local/life/life.ts";
import { ERPS, STOREFRONTS } from "../../local/platforms.ts";
import type { Desk } from "../../local/simulator.ts";
import { observe } from "./observed-life.ts";
import type { Observed } from "./observed-life.ts";

/** A storefront and an ERP, by name. */
export type Pair = { readonly storefront: string; readonly erp: string };

/** The life as it is on this pair: the truths name the documents that its platforms show. */
export function lifeOnPair(generated: Life, pair: Pair): Life {
  const shown = STOREFRONTS[pair.storefront]?.fit?.(generated) ?? generated;
  return ERPS[pair.erp]?.fit?.(shown) ?? shown;
}

/**
 * A generated life as the product sees it at an instant on this pair of platforms. All platforms but
 * Shopify and NetSuite are read by the real connectors from their simulators, without sockets.
 */
export async function observePair(generated: Life, now: Instant, pair: Pair): Promise<Observed> {
  const shown = STOREFRONTS[pair.storefront]?.fit?.(generated) ?? generated;
  const life = lifeOnPair(generated, pair);
  const first = observe(pair.erp === "netsuite" ? life : shown, now);
  return {
    refunds:
      pair.storefront === "shopify"
        ? first.refunds
        : (await readAll("storefront", life, now, pair)).filter(isRefund),
    documents:
      pair.erp === "netsuite"
        ? first.documents
        : (await readAll("erp", life, now, pair)).filter(isDocument),
  };
}

async function readAll(
  source: "storefront" | "erp",
  life: Life,
  now: Instant,
  pair: Pair,
): Promise<readonly Observation[]> {
  const clock = (): string => now;
  const platform = pair[source];
  const simulated = (source === "storefront" ? STOREFRONTS : ERPS)[platform];
  const desk = await simulated?.desk?.(life, clock);
  if (desk === undefined) throw new Error(`no simulator of ${platform} without sockets`);
  const baseUrl = "http://127.0.0.1:1";
  const brand = parseBrand(
    {
      brand: "eval",
      currency: life.shop.currency,
      timeZone: life.shop.timeZone,
      storefront: {
        platform: pair.storefront,
        baseUrl,
        credentials: "a",
        ...STOREFRONTS[pair.storefront]?.settings(life),
      },
      erp: { platform: pair.erp, baseUrl, credentials: "b", ...ERPS[pair.erp]?.settings(life) },
    },
    "the evaluation's brand",
  );
  const system = await connect(brand, source, {
    credentials: desk.credentials,
    now,
    log: () => undefined,
    remainingMs: () => Number.MAX_SAFE_INTEGER,
    outside: outsideOf(desk, now),
  });
  const seen: Observation[] = [];
  const window = { since: new Date(Date.parse(life.from) - DAY_MS).toISOString(), until: now };
  let cursor: string | null = null;
  do {
    const page = await system.since(window, cursor);
    if (page.rejected.length > 0) {
      throw new Error(`${source} of ${life.seed}: ${page.rejected[0]?.reason ?? ""}`);
    }
    seen.push(...page.observations);
    cursor = page.next;
  } while (cursor !== null);
  return seen;
}

function outsideOf(desk: Desk, now: Instant): Outside {
  return {
    fetch: async (input, init) => {
      const { answer } = await desk.ask({
        method: init?.method ?? "GET",
        url: input instanceof Request ? input.url : String(input),
        headers: new Headers(init?.headers),
        body: typeof init?.body === "string" ? init.body : "",
      });
      const { status, headers, body } = answer;
      return new Response(status === 204 ? null : body, { status, headers });
    },
    wait: async () => undefined,
    random: () => 0.5,
    clock: () => Date.parse(now),
  };
}

function isRefund(seen: Observation): seen is StorefrontRefund {
  return seen.role === "storefront";
}

function isDocument(seen: Observation): seen is ErpDocument {
  return seen.role === "erp";
}

const DAY_MS = 86_400_000;
