import { configuredField } from "../references.ts";
import type {
  Actor,
  DocumentKind,
  DocumentLine,
  DocumentReference,
  ErpDocument,
} from "../../../refund/observation/observation.ts";
import { Money } from "../../../refund/money/money.ts";
import { documentNumber, hasMailAddress, isListed, referenceTokens } from "../../redact.ts";
import { SEGMENTS } from "./query.ts";
import { type Header, type Line, type Origin, readAmount } from "./row.ts";

/**
 * Converts one NetSuite document to an ERP document.
 *
 * NetSuite writes the total of a credit memo as a negative amount and its lines with the opposite
 * sign, so that the total and the lines add up to zero. In the result, an amount that goes back to
 * the buyer is positive.
 */
export function erpDocument({
  header,
  lines,
  origins,
  payout,
  periods,
  ...known
}: DocumentInput): ErpDocument {
  const { currency_code: currency } = header;
  const total = Money.of(readAmount("foreigntotal", header.foreigntotal, currency), currency);
  const read = lines?.flatMap((line) => documentLine(line, currency, total)) ?? null;
  const state = stateOf(header);
  const segments = SEGMENTS.flatMap((name) => header[name] ?? []);
  return {
    role: "erp",
    documentId: header.id,
    documentNumber: header.tranid === null ? null : documentNumber(header.tranid),
    kind: KINDS[header.type],
    references: references(header, origins),
    paymentReferences: [...new Set([...header.payments, ...(payout?.payments ?? [])])],
    createdAt: header.created_utc,
    // The payout is part of this document, so a change of the payout is a change of the document.
    modifiedAt: [header.modified_utc, payout?.modifiedAt ?? ""].toSorted().at(-1) ?? "",
    bookedOn: header.trandate,
    period: header.period_name,
    periodDates: periods.get(header.postingperiod ?? "") ?? null,
    currency,
    total: total.absolute().toString(),
    tax: sumOf("tax", read, currency),
    shipping: sumOf("shipping", read, currency),
    discount: sumOf("discount", read, currency),
    lines: read,
    state,
    final: isFinal(state, header),
    settlement: payout?.settlement ?? null,
    reverses: null,
    createdBy: creator(header, known),
    modifiedBy: modifier(header, known),
    customerKey: null,
    company: header.subsidiary,
    ...(segments.length > 0 && { segments }),
  };
}

export type DocumentInput = {
  readonly header: Header;
  /** Null where the document has none that could be read. */
  readonly lines: readonly Line[] | null;
  /** Documents that it was made from, directly or through another document. */
  readonly origins: readonly Origin[];
  readonly payout: Payout | null;
  readonly periods: ReadonlyMap<string, { readonly from: string; readonly to: string }>;
  readonly integrationUsers: readonly string[];
  /** Whether this account has the field `source`: if not, an empty source means nothing. */
  readonly sourceKnown: boolean;
};

export type Payout = {
  readonly settlement: ErpDocument["settlement"];
  readonly modifiedAt: string;
  /** The ids of the payments, where the account has them. */
  readonly payments: readonly string[];
};

const KINDS: Record<Header["type"], DocumentKind> = {
  CustCred: "credit_memo",
  CashRfnd: "cash_refund",
  CustRfnd: "customer_refund",
};

function documentLine(line: Line, currency: string, total: Money): DocumentLine[] {
  if (line.foreignamount === null) return []; // descriptions and subtotals carry no amount
  const amount = readAmount(`line ${line.id}: foreignamount`, line.foreignamount, currency);
  const signed = Money.of(amount, currency);
  const positive = total.isNegative() || total.isZero() ? signed : signed.negated();
  const kind = lineKind(line);
  return [
    {
      sku: kind === "item" || kind === "other" ? line.item_name : null,
      kind,
      quantity: quantity(line.quantity),
      amount: positive.toString(),
    },
  ];
}

function lineKind({ taxline, itemtype, transactiondiscount }: Line): DocumentLine["kind"] {
  if (taxline === true || itemtype === "TaxItem" || itemtype === "TaxGroup") return "tax";
  if (itemtype === "ShipItem") return "shipping";
  if (itemtype === "Discount" || transactiondiscount === true) return "discount";
  return itemtype !== null && GOODS.has(itemtype) ? "item" : "other";
}

const GOODS: ReadonlySet<string> = new Set(
  "InvtPart NonInvtPart Service Kit Assembly GiftCert DwnLdItem Group".split(" "),
);

function quantity(text: string | null): number | null {
  const count = text === null ? Number.NaN : Math.abs(Number(text));
  return Number.isFinite(count) ? count : null;
}

/** Null for a document without lines. A discount is returned as a positive amount. */
function sumOf(
  kind: "tax" | "shipping" | "discount",
  lines: readonly DocumentLine[] | null,
  currency: string,
): string | null {
  if (lines === null || lines.length === 0) return null;
  const amounts = lines.filter((line) => line.kind === kind);
  const sum = Money.sum(
    amounts.map(({ amount }) => Money.of(amount, currency)),
    currency,
  );
  return (kind === "discount" ? sum.negated() : sum).toString();
}

/** The references in an unreadable row, because the row may be the booking of a refund. */
export function referencesOfRow(
  row: Readonly<Record<string, string>>,
  referenceFields: readonly string[],
): DocumentReference[] {
  const text = (name: string): string | null => row[name] ?? null;
  const configured = referenceFields.flatMap((name) => {
    const own = row[name] ?? row[`src_${name}`];
    return own === undefined ? [] : [{ name, text: own }];
  });
  return references(
    {
      externalid: text("externalid"),
      src_otherrefnum: text("src_otherrefnum"),
      src_externalid: text("src_externalid"),
      src_tranid: text("src_tranid"),
      otherrefnum: text("otherrefnum"),
      memo: text("memo"),
      tranid: text("tranid"),
      configured,
      srcConfigured: [],
    },
    [],
  );
}

type Naming = Pick<
  Header,
  | "externalid"
  | "src_otherrefnum"
  | "src_externalid"
  | "src_tranid"
  | "otherrefnum"
  | "memo"
  | "tranid"
  | "configured"
  | "srcConfigured"
>;

function references(header: Naming, origins: readonly Origin[]): DocumentReference[] {
  const configured = [
    ...header.configured,
    ...header.srcConfigured,
    ...origins.flatMap((origin) => origin.configured),
  ];
  const found: [DocumentReference["field"], string | null][] = [
    ["external_id", header.externalid],
    ...configured.map(({ name, text }): [DocumentReference["field"], string] => [
      configuredField(name),
      referenceTokens(text),
    ]),
    ...orderNames(header.src_otherrefnum, header.src_externalid, header.src_tranid),
    ...origins.flatMap(({ otherrefnum, externalid, tranid }) =>
      orderNames(otherrefnum, externalid, tranid),
    ),
    ["other_reference", tokens(header.otherrefnum)],
    ["memo", tokens(header.memo)],
    ["number", header.tranid === null ? null : documentNumber(header.tranid)],
  ];
  const seen = new Set<string>();
  return found.flatMap(([field, told]) => {
    const text = told?.trim().slice(0, 200) ?? "";
    const once = `${field} ${text}`;
    if (text === "" || seen.has(once) || hasMailAddress(text)) return [];
    seen.add(once);
    return [{ field, text }];
  });
}

/**
 * References to the document that this one was made from: the texts that the connector wrote on it.
 * If it wrote none, NetSuite's own number is the reference, with the field `source`, because this
 * number may look like the number of another order.
 */
function orderNames(
  otherRefNum: string | null,
  externalId: string | null,
  tranId: string | null,
): [DocumentReference["field"], string | null][] {
  const written = [tokens(otherRefNum), externalId].filter((text) => (text ?? "").trim() !== "");
  return written.length > 0 ? written.map((text) => ["order", text]) : [["source", tranId]];
}

function tokens(typed: string | null): string | null {
  return typed === null ? null : referenceTokens(typed);
}

/** A status letter has another meaning for each type, so NetSuite's own text is checked first. */
function stateOf({ type, status, status_text, voided, posting }: Header): ErpDocument["state"] {
  const words = status_text ?? "";
  if (voided === true || status === "V" || /\bvoid/i.test(words)) return "voided";
  if (/reject/i.test(words)) return "rejected";
  if (/pending|unapproved|not approved/i.test(words)) return "unapproved";
  if (posting === false) return "unposted";
  if (status === null && status_text === null) return "unknown";
  if (type !== "CustCred") return "applied"; // the other two types are payouts themselves
  if (/open/i.test(words) || status === "A") return "open";
  return /applied/i.test(words) || status === "B" ? "applied" : "unknown";
}

function isFinal(state: ErpDocument["state"], { posting }: Header): boolean {
  if (state === "voided" || state === "rejected") return true;
  return state !== "unapproved" && posting !== false;
}

type Machines = Pick<DocumentInput, "integrationUsers" | "sourceKnown">;

function creator(header: Header, { integrationUsers, sourceKnown }: Machines): Actor {
  const { createdby: id, createdby_name: name, source } = header;
  if (source !== null || isMachine(id, name, integrationUsers)) return { id, kind: "integration" };
  const isKnown = sourceKnown && id !== null && integrationUsers.length > 0;
  return { id, kind: isKnown ? "human" : "unknown" };
}

/** The field `source` shows how a document was created, not who changed it later. */
function modifier(header: Header, machines: Machines): Actor {
  const { lastmodifiedby: id, modifiedby_name: name, createdby } = header;
  const { integrationUsers } = machines;
  if (isMachine(id, name, integrationUsers)) return { id, kind: "integration" };
  if (id === null || integrationUsers.length === 0) return { id, kind: "unknown" };
  if (id !== createdby || header.source === null) return { id, kind: "human" };
  return { id, kind: header.modified_utc === header.created_utc ? "integration" : "unknown" };
}

function isMachine(
  id: string | null,
  name: string | null,
  integrationUsers: readonly string[],
): boolean {
  return [id, name].some((user) => user !== null && isListed(user, integrationUsers));
}
