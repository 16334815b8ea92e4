import { book } from "./erp/book.ts";
import type { Booking } from "./erp/booking.ts";
import { Calendar, DAY } from "./calendar.ts";
import { Batches, connect } from "./erp/connector.ts";
import { documentsOf, iso } from "./erp/documents.ts";
import { plant } from "./faults/plant.ts";
import { sharesOf } from "./faults/shares.ts";
import type { Life } from "./life.ts";
import { amountText } from "./minor.ts";
import { addMoreRoads } from "./more-roads.ts";
import { addNoise } from "./noise.ts";
import type { LifeOptions } from "./options.ts";
import { addOtherShop } from "./other-shop.ts";
import { populate } from "./population.ts";
import { Random } from "./random.ts";
import { openShop, type Shop } from "./shop.ts";
import { toStorefront } from "./storefront.ts";
import { LATE_AFTER_HOURS, truthOf, truthOfStray } from "./truths.ts";
import type { World } from "./world.ts";

/**
 * Generates some weeks of a brand's life: orders, refunds, the ERP's documents, and the truth.
 *
 * It follows the order of events: the brand is drawn from the seed, its buyers order goods and
 * return them, the integration books every refund correctly, then the faults are added, and then
 * harmless everyday events. The same options give the same bytes.
 *
 * @throws RangeError when `from` is no instant or `days` is not a positive number
 */
export function generateLife(options: LifeOptions): Life {
  const fromMs = Date.parse(options.from);
  if (Number.isNaN(fromMs) || !(options.days > 0)) {
    throw new RangeError(
      `wanted an ISO instant and a positive number of days, got ${options.from} and days ${options.days}`,
    );
  }
  const toMs = fromMs + Math.round(options.days * DAY);
  const random = new Random(options.seed, "life");
  const shop = openShop(options, random.fork("shop"));
  const calendar = new Calendar(shop.zone, random.fork("calendar"));
  const connector = connect(random.fork("connector"));
  const shares = sharesOf(options);
  const { sales, stories } = populate({ ...options, fromMs, toMs }, shop, calendar, random);
  const batches = batchesOf(options, { fromMs, toMs }, shares.async_gap ?? 0, calendar, random);
  const booking = random.fork("booking");
  const erpFirst = options.erpFirst ?? false;
  const bookings = stories.map((story) =>
    book(story, { shop, connector, batches, calendar, erpFirst }, booking),
  );
  const world: World = {
    options,
    fromMs,
    toMs,
    shares,
    shop,
    connector,
    batches,
    calendar,
    random,
    sales,
    bookings,
    strays: [],
    planted: { roundingRule: null },
  };
  plant(world);
  addNoise(world);
  addMoreRoads(world);
  addOtherShop(world);
  return {
    seed: options.seed,
    from: iso(fromMs),
    to: iso(toMs),
    shop: { domain: shop.domain, currency: shop.currency, timeZone: shop.zone },
    ...outputOf(world),
    settings: settingsOf(world, shop),
    planted: {
      shares,
      roundingRule: world.planted.roundingRule,
      lateAfterHours: options.lateAfterHours ?? LATE_AFTER_HOURS,
    },
  };
}

function batchesOf(
  options: LifeOptions,
  span: { fromMs: number; toMs: number },
  slow: number,
  calendar: Calendar,
  random: Random,
): Batches {
  const dice = random.fork("skipped");
  const healthyFrom =
    options.fixAt?.fault === "async_gap" ? Date.parse(options.fixAt.at) : Number.POSITIVE_INFINITY;
  const skipped = (start: number) => dice.chance(Math.min(0.08, slow * 0.6)) && start < healthyFrom;
  const { fromMs: from, toMs: to } = span;
  return new Batches({ from, to }, calendar, skipped, options, random.fork("batches"));
}

function outputOf(world: World): Pick<Life, "orders" | "refunds" | "documents" | "truths"> {
  const { bookings, strays, sales, options } = world;
  const stories = bookings.map(({ story }) => story);
  const entries = new Set([
    ...bookings.flatMap((each: Booking) => each.entries),
    ...strays.map(({ entry }) => entry),
  ]);
  const documents = documentsOf([...entries], world);
  const hidden = new Set(options.hideFeatures);
  return {
    ...toStorefront(sales, stories, world),
    documents: documents.map((document) => withheld(document, hidden)),
    truths: [
      ...bookings.map((each) => truthOf(each, world)),
      ...strays.map((stray) => truthOfStray(stray)),
    ],
  };
}

/** Removes the authors and the lines if the role may not see them. */
function withheld(document: Life["documents"][number], hidden: ReadonlySet<string>) {
  const nobody = { id: "", name: "" };
  const author = hidden.has("erpAuthor");
  const lines = hidden.has("erpLines");
  if (!author && !lines) return document;
  return {
    ...document,
    source: author ? null : document.source,
    createdBy: author ? nobody : document.createdBy,
    versions: document.versions.map((version) => ({
      ...version,
      by: author ? nobody : version.by,
      lines: lines ? [] : version.lines,
    })),
  };
}

function settingsOf(world: World, shop: Shop): Life["settings"] {
  const prefix = world.connector.orderText(1).slice(0, -1);
  return {
    erpMachines: [world.connector.user],
    storefrontMachines: [shop.returnsApp.title],
    channels: ["web", "pos", "shopify_draft_order"],
    orderPrefixes: prefix === "" || prefix === "#" ? [] : [prefix],
    approvalLimit: amountText(shop.approvalLimit, shop.digits),
    smallestCoin: shop.coin === 0 ? null : amountText(shop.coin, shop.digits),
    hidden: world.options.hideFeatures ?? [],
  };
}
