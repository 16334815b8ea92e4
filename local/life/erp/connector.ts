import { type Calendar, HOUR, MINUTE } from "../calendar.ts";
import type { LifePerson } from "../life.ts";
import type { LifeOptions } from "../options.ts";
import type { Random } from "../random.ts";
import type { Story } from "../story.ts";

/** How one brand's integration writes refunds into its ERP: drawn once from the seed. */
export type Connector = {
  readonly booking: "cash_refund" | "credit_memo" | "by_channel";
  /** How the refund's id is spelled in the external id; "order" gives only the order's number. */
  readonly spelling: Spelling;
  /** Share of documents that still use an older spelling. */
  readonly legacy: { readonly spelling: Spelling; readonly share: number };
  readonly orderText: (number: number) => string;
  readonly memo: "refund" | "order" | "none";
  readonly createdFrom: "SalesOrd" | "CustInvc" | "CashSale" | "RtnAuth";
  readonly orderExternalId: "number" | "prefixed" | "none";
  /** Discounted goods as their net price, or as the base price with a discount line. */
  readonly goods: "net" | "base_and_discount";
  readonly entity: "each_buyer" | "one_for_all";
  readonly currency: "shop" | "presentment";
  readonly cashAsPaid: boolean;
  /** Two refunds of one order in one batch become one document. */
  readonly merges: boolean;
  readonly subsidiary: string;
  readonly source: string;
  readonly user: LifePerson;
  readonly accountants: readonly LifePerson[];
  readonly returnsTeam: readonly LifePerson[];
  readonly buyers: LifePerson;
};

export type Spelling = "plain" | "prefixed" | "gid" | "order";

export function connect(random: Random): Connector {
  const spelling = random.weighted<Spelling>([
    ["plain", 3],
    ["prefixed", 4],
    ["gid", 2],
    ["order", 3],
  ]);
  const person = (name: string) => ({ id: String(random.int(1_000, 9_000)), name });
  const prefix = random.pick(["#", "", "#", "SO-"]);
  return {
    booking: random.pick(["cash_refund", "credit_memo", "by_channel"] as const),
    spelling,
    legacy: {
      spelling: random.pick(["order", "plain"] as const),
      share: random.between(0.02, 0.09),
    },
    orderText: (number) => `${prefix}${number}`,
    memo: random.pick(["refund", "order", "order", "none"] as const),
    createdFrom: random.pick(["SalesOrd", "CustInvc", "CashSale", "RtnAuth"] as const),
    orderExternalId: random.pick(["number", "prefixed", "none"] as const),
    goods: random.pick(["net", "base_and_discount"] as const),
    entity: random.pick(["each_buyer", "one_for_all"] as const),
    currency: random.chance(0.5) ? "shop" : "presentment",
    cashAsPaid: random.chance(0.5),
    merges: random.chance(0.3),
    subsidiary: "1",
    source: random.pick(["restWebServices", "webServices", "CSV"]),
    user: person("Integration user"),
    accountants: [1, 2, 3, 4].map((index) => person(`Accountant ${index}`)),
    returnsTeam: [1, 2].map((index) => person(`Returns team ${index}`)),
    buyers: person("Web customer"),
  };
}

export function externalIdOf(story: Story, spelling: Spelling): string | null {
  switch (spelling) {
    case "plain":
      return story.refundId;
    case "prefixed":
      return `shopify-refund-${story.refundId}`;
    case "gid":
      return `gid://shopify/Refund/${story.refundId}`;
    case "order":
      return null;
  }
}

/** The times of the batches: every four hours, a little late, some later, and some do not run. */
export class Batches {
  readonly #starts: number[] = [];
  readonly #random: Random;

  constructor(
    span: { from: number; to: number },
    calendar: Calendar,
    skipped: (start: number) => boolean,
    options: LifeOptions,
    random: Random,
  ) {
    this.#random = random;
    const down = options.integrationDown;
    const anchor =
      calendar.instant(calendar.day(span.from) * 24 * HOUR) + random.int(5, 230) * MINUTE;
    for (let slot = anchor - 12 * HOUR; slot < span.to + 240 * HOUR; slot += EVERY) {
      const start = slot + Math.abs(random.normal()) * 3 * MINUTE + lateness(random);
      const asleep =
        down !== undefined && start >= Date.parse(down.from) && start < Date.parse(down.to);
      if (!asleep && !skipped(start)) this.#starts.push(Math.floor(start));
    }
  }

  /** When a refund that is ready at `ready` gets its document; it misses `later` batches. */
  arrival(ready: number, later = 0, dice = this.#random): number {
    const first = this.#starts.findIndex((start) => start >= ready + 2 * MINUTE);
    const start = this.#starts.at(
      first === -1 ? -1 : Math.min(first + later, this.#starts.length - 1),
    );
    return (start ?? ready) + dice.int(8, 540) * 1_000;
  }

  /** The starts of the batches, for faults that affect a whole batch. */
  get starts(): readonly number[] {
    return this.#starts;
  }
}

const EVERY = 4 * HOUR;

function lateness(random: Random): number {
  return random.chance(0.04) ? random.int(15, 70) * MINUTE : 0;
}
