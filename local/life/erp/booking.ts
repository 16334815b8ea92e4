import type { Connector } from "./connector.ts";
import type { LifePerson } from "../life.ts";
import { sum } from "../minor.ts";
import type { FaultName } from "../options.ts";
import type { Sale, Story } from "../story.ts";

/** The ERP's documents of one refund, and the truth about it, during the generation. */
export type Booking = {
  readonly story: Story;
  /** Empty where the refund never reaches the ERP. */
  entries: Entry[];
  /** Kinds of mismatch that a fault causes; the other kinds are computed from the entries. */
  readonly mismatches: Set<string>;
  fault: FaultName | null;
  cause: "integration" | "process" | "both" | null;
  pattern: string | null;
  benign: string | null;
  healedAt: number | null;
};

/**
 * One credit memo or cash refund, with its payout; or the payout of a deposit, without a credit.
 * Amounts in minor units of `currency`.
 */
export type Entry = {
  readonly sale: Sale;
  at: number;
  kind: "CustCred" | "CashRfnd" | "CustRfnd";
  by: LifePerson;
  source: string | null;
  entity: LifePerson;
  subsidiary: string;
  /** Made from the sales order, with a link to it. */
  linked: boolean;
  externalId: string | null;
  otherRefNum: string | null;
  memo: string | null;
  tranDate: string;
  currency: string;
  exchangeRate: string;
  lines: EntryLine[];
  approved: boolean;
  /** `kept` is the part that stays in the shop as store credit: it is not paid out. */
  payout: { at: number; by: LifePerson; kept: number } | null;
  edits: Edit[];
  deletedAt: number | null;
  /** Assigned at the end. */
  documentId: string;
  payoutId: string | null;
};

export type EntryLine = {
  readonly type: "InvtPart" | "ShipItem" | "Discount" | "TaxItem" | "OthCharge" | "GiftCert";
  readonly name: string;
  readonly quantity: number | null;
  readonly amount: number;
};

export type Edit = {
  readonly at: number;
  readonly by: LifePerson;
  readonly memo?: string | null;
  readonly lines?: EntryLine[];
  readonly approved?: boolean;
  readonly voided?: boolean;
};

export type Blame = {
  readonly fault: FaultName;
  readonly cause: "integration" | "process" | "both";
  readonly pattern: string | null;
  readonly mismatches?: readonly string[];
};

/** Records a fault in the truth; a booking has at most one fault. */
export function blame(booking: Booking, why: Blame): void {
  booking.fault = why.fault;
  booking.cause = why.cause;
  booking.pattern = why.pattern;
  booking.benign = null;
  for (const kind of why.mismatches ?? []) booking.mismatches.add(kind);
}

/** When the money had moved, so that the ERP could know about it. */
export function ready({ story }: Booking): number {
  return story.settledAt ?? story.at;
}

export function totalOf(lines: readonly EntryLine[]): number {
  return sum(lines.map(({ amount }) => amount));
}

/** The same document as a person enters it from the storefront's page: correct, but manual. */
export function enteredByPerson(
  entry: Entry,
  at: number,
  by: LifePerson,
  connector: Connector,
): Entry {
  return {
    ...entry,
    at,
    by,
    source: null,
    externalId: null,
    otherRefNum: connector.orderText(entry.sale.number),
    memo: `Refund ${connector.orderText(entry.sale.number)}`,
    payout: entry.payout === null ? null : { ...entry.payout, at: at + 20 * 60_000, by },
    edits: [],
  };
}
