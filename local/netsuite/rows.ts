import type { Life, LifeDocument, LifeDocumentVersion } from "../life/life.ts";
import { linkRows } from "./link-rows.ts";
import type { Versioned } from "./tables.ts";

/** A life as rows of NetSuite's tables: one for each version of a document and of its lines. */
export function rowsOf({
  documents,
}: Pick<Life, "documents">): ReadonlyMap<string, readonly Versioned[]> {
  const books = new Books(documents);
  return new Map([
    ["transaction", [...origins(documents), ...documents.flatMap((each) => books.headers(each))]],
    [
      "transactionline",
      [...originLines(documents), ...documents.flatMap((each) => books.lines(each))],
    ],
    ["previoustransactionlinelink", linkRows(documents)],
    ["subsidiary", subsidiaryRows(documents)],
    ["currency", books.currencyRows()],
    ["accountingperiod", books.periodRows()],
    ["deletedrecord", documents.flatMap(deletion)],
  ]);
}

/** Gives every currency, period and item an id, in alphabetical order. */
class Books {
  readonly #currencies: readonly string[];
  readonly #months: readonly string[];
  readonly #items: readonly string[];

  constructor(documents: readonly LifeDocument[]) {
    const versions = documents.flatMap((document) => document.versions);
    this.#currencies = distinct(versions.map(({ currency }) => currency));
    this.#months = distinct(versions.map(({ tranDate }) => tranDate.slice(0, 7)));
    this.#items = distinct(versions.flatMap(({ lines }) => lines.map(({ itemName }) => itemName)));
  }

  headers(document: LifeDocument): Versioned[] {
    return seen(document).map(({ version, ...span }) => ({
      ...span,
      id: document.documentId,
      type: document.type,
      df_type: TYPE_NAMES[document.type],
      tranid: document.tranId,
      transactionnumber: `${document.type.toUpperCase()}${document.documentId}`,
      externalid: version.externalId,
      otherrefnum: version.otherRefNum,
      memo: version.memo,
      trandate: version.tranDate,
      createddate: toSecond(document.versions[0]?.at ?? version.at),
      lastmodifieddate: toSecond(version.at),
      status: version.status,
      df_status: version.statusText,
      voided: flag(version.voided),
      posting: flag(version.posting),
      postingperiod: 300 + this.#months.indexOf(version.tranDate.slice(0, 7)),
      df_postingperiod: monthName(version.tranDate),
      currency: 1 + this.#currencies.indexOf(version.currency),
      df_currency: version.currency,
      exchangerate: version.exchangeRate,
      foreigntotal: negated(version.total),
      total: negated(version.total),
      entity: document.entity.id,
      df_entity: document.entity.name,
      source: document.source,
      createdby: document.createdBy.id,
      df_createdby: document.createdBy.name,
      lastmodifiedby: version.by.id,
      df_lastmodifiedby: version.by.name,
    }));
  }

  /** The document's main line and its other lines, which add up to zero. */
  lines(document: LifeDocument): Versioned[] {
    return seen(document).flatMap(({ version, ...span }) => {
      const common = {
        ...span,
        transaction: document.documentId,
        iscogs: "F",
        donotdisplayline: "F",
        createdfrom: madeFromId(document),
        subsidiary: document.subsidiary,
      };
      const { locations = [] } = document;
      const own = {
        ...common,
        ...place(0),
        ...stored(locations[0]),
        mainline: "T",
        foreignamount: negated(version.total),
      };
      const others = version.lines.map((line, at) => ({
        ...common,
        ...place(at + 1),
        ...stored(locations[at % locations.length]),
        mainline: "F",
        itemtype: line.itemType,
        item: 40 + this.#items.indexOf(line.itemName),
        df_item: line.itemName,
        taxline: flag(line.taxLine),
        transactiondiscount: flag(line.itemType === "Discount"),
        quantity: line.quantity,
        rate: line.rate,
        foreignamount: line.amount,
        netamount: line.amount,
      }));
      const against = { ...common, ...place(1), mainline: "F", foreignamount: version.total };
      return [own, ...(others.length === 0 ? [against] : others)];
    });
  }

  currencyRows(): Versioned[] {
    return this.#currencies.map((code, at) => ({
      ...ALWAYS,
      id: 1 + at,
      symbol: code,
      name: code,
    }));
  }

  periodRows(): Versioned[] {
    return this.#months.map((month, at) => ({
      ...ALWAYS,
      id: 300 + at,
      periodname: monthName(month),
      startdate: `${month}-01`,
      enddate: lastDay(month),
      closed: "F",
      isquarter: "F",
      isyear: "F",
      isadjust: "F",
    }));
  }
}

/** A payout is not made from its deposit: only the link names it. */
function madeFromId({ createdFrom }: LifeDocument): string | null {
  return createdFrom === null || createdFrom.type === "CustDep" ? null : createdFrom.internalId;
}

function subsidiaryRows(documents: readonly LifeDocument[]): Versioned[] {
  return distinct(documents.map(({ subsidiary }) => subsidiary)).map((id) => ({
    ...ALWAYS,
    id,
    name: `Subsidiary ${id}`,
  }));
}

/** Each version with its period: until the next version, the last one until the deletion. */
function seen(document: LifeDocument) {
  return document.versions.map((version, at) => ({
    version,
    seen_from: version.at,
    seen_to: document.versions[at + 1]?.at ?? document.deletedAt,
  }));
}

function origins(documents: readonly LifeDocument[]): Versioned[] {
  return distinctOrigins(documents).map(
    ({ internalId, type, tranId, otherRefNum, externalId }) => ({
      ...ALWAYS,
      id: internalId,
      type,
      tranid: tranId,
      otherrefnum: otherRefNum,
      externalid: externalId,
      createddate: LONG_AGO,
      lastmodifieddate: LONG_AGO,
      trandate: LONG_AGO,
    }),
  );
}

function originLines(documents: readonly LifeDocument[]): Versioned[] {
  return distinctOrigins(documents).map(({ internalId, madeFrom }) => ({
    ...ALWAYS,
    ...place(0),
    transaction: internalId,
    createdfrom: madeFrom?.internalId ?? null,
    mainline: "T",
    iscogs: "F",
  }));
}

function distinctOrigins(documents: readonly LifeDocument[]) {
  const found = documents
    .flatMap(({ createdFrom }) => createdFrom ?? [])
    .flatMap((origin) => [origin, ...(origin.madeFrom === undefined ? [] : [origin.madeFrom])]);
  return [...new Map(found.map((origin) => [origin.internalId, origin])).values()];
}

function deletion(document: LifeDocument): Versioned[] {
  const { documentId, type, tranId, createdBy, deletedAt, deletedBy } = document;
  if (deletedAt === null) return [];
  const name = TYPE_NAMES[type];
  return [
    {
      seen_from: deletedAt,
      seen_to: null,
      recordid: documentId,
      recordtypeid: -30,
      type: name,
      name: `${name} #${tranId}`,
      context: "UI",
      deletedby: (deletedBy ?? createdBy).id,
      deleteddate: toSecond(deletedAt),
    },
  ];
}

function place(line: number): { id: number; linesequencenumber: number } {
  return { id: line, linesequencenumber: line };
}

function stored(location: string | undefined): Record<string, string> {
  return location === undefined ? {} : { location, df_location: `Warehouse ${location}` };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].toSorted();
}

function flag(is: LifeDocumentVersion["voided"]): "T" | "F" {
  return is ? "T" : "F";
}

function negated(amount: string): string {
  return amount.startsWith("-") ? amount.slice(1) : `-${amount}`;
}

/** NetSuite stores whole seconds only. */
function toSecond(instant: string): string {
  return instant.replace(/\.\d+Z$/, "Z");
}

function monthName(date: string): string {
  const [year = "", month = "01"] = date.split("-");
  return `${MONTHS[Number(month) - 1] ?? ""} ${year}`;
}

function lastDay(month: string): string {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year ?? 0, number ?? 1, 0)).toISOString().slice(0, 10);
}

const ALWAYS = { seen_from: null, seen_to: null };
const LONG_AGO = "2026-01-01T00:00:00Z";
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const TYPE_NAMES: Record<LifeDocument["type"], string> = {
  CustCred: "Credit Memo",
  CashRfnd: "Cash Refund",
  CustRfnd: "Customer Refund",
};
