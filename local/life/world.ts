import type { Booking, Entry } from "./erp/booking.ts";
import type { Batches, Connector } from "./erp/connector.ts";
import type { Calendar } from "./calendar.ts";
import type { FaultShares, LifeOptions } from "./options.ts";
import type { Random } from "./random.ts";
import type { Shop } from "./shop.ts";
import type { Sale } from "./story.ts";

/** All data that exist during the generation of a life. */
export type World = {
  readonly options: LifeOptions;
  readonly fromMs: number;
  readonly toMs: number;
  readonly shares: FaultShares;
  readonly shop: Shop;
  readonly connector: Connector;
  readonly batches: Batches;
  readonly calendar: Calendar;
  readonly random: Random;
  readonly sales: readonly Sale[];
  readonly bookings: readonly Booking[];
  /** ERP documents that belong to no refund. */
  readonly strays: Stray[];
  /** What a fault planted, for scoring. */
  readonly planted: { roundingRule: string | null };
};

export type Stray = {
  readonly entry: Entry;
  readonly cause: "process" | null;
  readonly pattern: string | null;
  readonly benign: string | null;
  readonly fault: Booking["fault"];
};
