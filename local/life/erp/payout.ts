import { DAY, HOUR } from "../calendar.ts";
import { ratio } from "../minor.ts";
import type { Random } from "../random.ts";
import { CASH, type Gateway, type Shop, STORE_CREDIT } from "../shop.ts";
import type { Flow, Sale, Story, StoryPayment } from "../story.ts";

/** How the money goes back: by which gateway, in one part or two, at once, later, or not at all. */
export function payOut(asked: {
  sale: Sale;
  flow: Flow;
  at: number;
  total: number;
  shop: Shop;
  random: Random;
}): Pick<Story, "payments" | "settledAt"> {
  const { sale, at, total, shop, random } = asked;
  const gateway = gatewayOf(asked);
  const slow = gateway.slow ? 0.35 : gateway.name === "paypal" ? 0.05 : 0.004;
  const outcome = gateway.manual || gateway === CASH ? "success" : outcomeOf(slow, random);
  const doneAt = outcome === "success" ? at : at + Math.floor(waits(random));
  const halves = total > 4_000 && outcome === "success" && random.chance(0.025);
  const amounts = halves ? [total - ratio(total, 2, 5), ratio(total, 2, 5)] : [total];
  const payments = amounts.map((amount, index): StoryPayment => ({
    gateway: index === 0 ? gateway : sale.channel === "pos" ? gateway : STORE_CREDIT,
    amount,
    rounding: gateway === CASH ? coins(amount, shop.coin) : 0,
    outcome,
    doneAt,
  }));
  return { payments, settledAt: outcome === "failed" ? null : doneAt };
}

function gatewayOf({
  sale,
  flow,
  shop,
  random,
}: {
  sale: Sale;
  flow: Flow;
  shop: Shop;
  random: Random;
}): Gateway {
  if (sale.gateway === STORE_CREDIT) return STORE_CREDIT;
  const returning = flow.includes("return") || flow === "goodwill";
  if (sale.channel !== "marketplace" && returning && random.chance(shop.storeCreditRate)) {
    return STORE_CREDIT;
  }
  if (sale.channel === "pos" && sale.gateway !== CASH && random.chance(0.03)) return CASH;
  return sale.gateway;
}

function outcomeOf(slow: number, random: Random): StoryPayment["outcome"] {
  if (random.chance(0.003)) return "failed";
  return random.chance(slow) ? "settled_later" : "success";
}

/** Usually hours, sometimes days. */
function waits(random: Random): number {
  return random.chance(0.7) ? random.between(1, 20) * HOUR : random.between(1, 4) * DAY;
}

function coins(amount: number, coin: number): number {
  if (coin === 0) return 0;
  return ratio(amount, 1, coin) * coin - amount;
}
