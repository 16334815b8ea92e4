import { type Edit, type Entry, type EntryLine, totalOf } from "./booking.ts";
import type { LifeDocument, LifeDocumentVersion, LifeOrigin } from "../life.ts";
import { amountText, digitsOf } from "../minor.ts";
import { counter } from "../population.ts";
import type { World } from "../world.ts";

/** The ERP's documents of all entries, numbered in the order in which they were made. */
export function documentsOf(entries: readonly Entry[], world: World): LifeDocument[] {
  const dice = world.random.fork("documents");
  const nextId = counter(dice.int(5_100_000, 9_200_000), dice, 1);
  const numbers = {
    CustCred: dice.int(9_000, 60_000),
    CashRfnd: dice.int(4_000, 50_000),
    CustRfnd: dice.int(2_000, 40_000),
  };
  const made: LifeDocument[] = [];
  const events = entries
    .flatMap((entry) => [
      { at: entry.at, entry, payout: false },
      ...(entry.payout === null ? [] : [{ at: entry.payout.at, entry, payout: true }]),
    ])
    .filter(({ at }) => at < world.toMs)
    .toSorted((one, other) => one.at - other.at);
  for (const { entry, payout } of events) {
    const kind = payout ? "CustRfnd" : entry.kind;
    // A void or deleted memo cannot be paid out.
    if (payout && isRemovedAtPayout(entry)) continue;
    numbers[kind] += 1;
    const id = nextId();
    if (payout) entry.payoutId = id;
    else entry.documentId = id;
    const tranId = `${PREFIX[kind]}${numbers[kind]}`;
    made.push(payout ? payoutOf(entry, id, tranId, world) : documentOf(entry, id, tranId, world));
  }
  return made;
}

const PREFIX = { CustCred: "CM", CashRfnd: "CR", CustRfnd: "RF" };

function isRemovedAtPayout({ edits, deletedAt, payout }: Entry): boolean {
  const at = payout?.at ?? 0;
  const isVoid = edits.some((edit) => edit.voided === true && edit.at <= at);
  return isVoid || (deletedAt !== null && deletedAt <= at);
}

function documentOf(entry: Entry, id: string, tranId: string, world: World): LifeDocument {
  const { connector, toMs } = world;
  const { sale, payout } = entry;
  const cleared: Edit[] =
    payout === null || isRemovedAtPayout(entry) ? [] : [{ at: payout.at, by: payout.by }];
  const edits = [...entry.edits, ...cleared]
    .filter(({ at }) => at < toMs)
    .toSorted((one, other) => one.at - other.at);
  const versions: LifeDocumentVersion[] = [];
  let now = {
    memo: entry.memo,
    lines: entry.lines,
    approved: entry.approved,
    voided: false,
    paid: false,
  };
  const created: Edit = { at: entry.at, by: entry.by };
  for (const edit of [created, ...edits]) {
    now = {
      memo: edit.memo === undefined ? now.memo : edit.memo,
      lines: edit.lines ?? now.lines,
      approved: edit.approved ?? now.approved,
      voided: edit.voided ?? now.voided,
      paid: now.paid || cleared.includes(edit),
    };
    versions.push(version(entry, edit, now));
  }
  return {
    documentId: id,
    type: entry.kind,
    tranId,
    createdFrom: entry.linked
      ? {
          internalId: entry.kind === "CustRfnd" ? `9${sale.erpOrderId}` : sale.erpOrderId,
          type: originType(entry, connector),
          tranId: `${SOURCE_PREFIX[originType(entry, connector)]}${sale.erpOrderId.slice(-6)}`,
          otherRefNum: connector.orderText(sale.number),
          externalId: {
            number: String(sale.number),
            prefixed: `shopify-order-${sale.orderId}`,
            none: null,
          }[connector.orderExternalId],
        }
      : null,
    pays: null,
    entity: entry.entity,
    subsidiary: entry.subsidiary,
    source: entry.source,
    createdBy: entry.by,
    versions,
    deletedAt: entry.deletedAt === null || entry.deletedAt >= toMs ? null : iso(entry.deletedAt),
    deletedBy: entry.deletedAt === null ? null : (world.connector.accountants[0] ?? null),
  };
}

function originType({ kind }: Entry, { createdFrom }: World["connector"]): LifeOrigin["type"] {
  if (kind === "CustRfnd") return "CustDep";
  return kind === "CashRfnd" && createdFrom === "CustInvc" ? "CashSale" : createdFrom;
}

const SOURCE_PREFIX = {
  SalesOrd: "SO",
  CustInvc: "INV",
  CashSale: "CS",
  RtnAuth: "RMA",
  CustDep: "DEP",
};

function version(
  entry: Entry,
  edit: Edit,
  now: {
    memo: string | null;
    lines: readonly EntryLine[];
    approved: boolean;
    voided: boolean;
    paid: boolean;
  },
): LifeDocumentVersion {
  const digits = digitsOf(entry.currency);
  const [status, words] = statusOf(entry.kind, now);
  return {
    at: iso(edit.at),
    by: edit.by,
    externalId: entry.externalId,
    otherRefNum: entry.otherRefNum,
    memo: now.voided ? `VOID ${now.memo ?? ""}`.trim() : now.memo,
    tranDate: entry.tranDate,
    currency: entry.currency,
    exchangeRate: entry.exchangeRate,
    total: amountText(totalOf(now.lines), digits),
    // The payout of a deposit has no items.
    lines: (entry.kind === "CustRfnd" ? [] : now.lines).map(({ type, name, quantity, amount }) => ({
      itemType: type,
      itemName: name,
      quantity,
      rate: quantity === null ? null : (amount / quantity / 10 ** digits).toFixed(digits + 2),
      amount: amountText(amount, digits),
      taxLine: type === "TaxItem",
    })),
    status,
    statusText: words,
    voided: now.voided,
    posting: now.approved && !now.voided,
  };
}

/** NetSuite's status letters have another meaning for each type; only the texts are clear. */
function statusOf(
  kind: Entry["kind"],
  { approved, voided, paid }: { approved: boolean; voided: boolean; paid: boolean },
): [string, string] {
  const name = STATUS_NAMES[kind];
  if (voided) return ["V", `${name} : Voided`];
  if (!approved) return ["P", `${name} : Pending Approval`];
  if (kind === "CashRfnd") return ["C", "Cash Refund : Deposited"];
  if (kind === "CustRfnd") return ["R", "Customer Refund : Deposited"];
  return paid ? ["B", "Credit Memo : Fully Applied"] : ["A", "Credit Memo : Open"];
}

const STATUS_NAMES = {
  CustCred: "Credit Memo",
  CashRfnd: "Cash Refund",
  CustRfnd: "Customer Refund",
};

/** The payout of a credit memo: its total minus the part that stays in the shop; without lines. */
function payoutOf(entry: Entry, id: string, tranId: string, world: World): LifeDocument {
  const at = entry.payout?.at ?? entry.at;
  const by = entry.payout?.by ?? entry.by;
  const lines = entry.edits
    .filter((edit) => edit.at <= at)
    .reduce((before, edit) => edit.lines ?? before, entry.lines);
  return {
    documentId: id,
    type: "CustRfnd",
    tranId,
    createdFrom: null,
    pays: entry.documentId,
    entity: entry.entity,
    subsidiary: entry.subsidiary,
    source: entry.source,
    createdBy: by,
    versions: [
      {
        at: iso(at),
        by,
        externalId: null,
        otherRefNum: null,
        memo: entry.memo,
        tranDate: world.calendar.date(at),
        currency: entry.currency,
        exchangeRate: entry.exchangeRate,
        total: amountText(totalOf(lines) - (entry.payout?.kept ?? 0), digitsOf(entry.currency)),
        lines: [],
        status: "R",
        statusText: "Customer Refund : Deposited",
        voided: false,
        posting: true,
      },
    ],
    deletedAt: null,
    deletedBy: null,
  };
}

export function iso(instant: number): string {
  return new Date(instant).toISOString();
}
