import { nameOf } from "./document-names.ts";
import type { ErpDocument } from "./observation.ts";

/**
 * Separates the valid documents of an order from the void ones. A void document does not count by
 * itself. These are void:
 *
 * - a voided, rejected or deleted document;
 * - a document with a negative total that `reverses` another one, and the reversed document;
 * - a document that is replaced: another one `reverses` it and has a positive total;
 * - the payout of a credit memo: it is a part of that memo, not a second booking;
 * - a request from which the booking was made.
 */
export function separateVoid(documents: readonly ErpDocument[]): {
  readonly valid: readonly ErpDocument[];
  readonly voided: readonly VoidDocument[];
} {
  if (documents.every(isPlain) && !hasRequests(documents)) return { valid: documents, voided: [] };
  const byId = new Map(documents.map((document) => [document.documentId, document]));
  const payouts = new Map(
    documents.flatMap((document) => payoutsOf(document).map((id) => [id, nameOf(document)])),
  );
  const successors = new Map(
    documents.flatMap((document) =>
      document.reverses === null ? [] : [[document.reverses, document]],
    ),
  );
  const valid: ErpDocument[] = [];
  const voided: VoidDocument[] = [];
  for (const document of documents) {
    const why = whyVoid(document, byId, payouts, successors.get(document.documentId));
    if (why === null) valid.push(document);
    else voided.push({ document, ...why });
  }
  return withoutBilled(valid, voided);
}

function hasRequests(documents: readonly ErpDocument[]): boolean {
  return documents.length > 1 && documents.some(({ madeFrom }) => madeFrom !== undefined);
}

/** While a document counts, the requests from which it was made do not. */
function withoutBilled(
  documents: readonly ErpDocument[],
  voided: readonly VoidDocument[],
): { readonly valid: readonly ErpDocument[]; readonly voided: readonly VoidDocument[] } {
  const billedBy = new Map(
    documents.flatMap((document) => (document.madeFrom ?? []).map((id) => [id, document] as const)),
  );
  if (billedBy.size === 0) return { valid: documents, voided };
  const isBilled = ({ documentId }: ErpDocument): boolean => billedBy.has(documentId);
  const billed = documents.filter(isBilled).map((document): VoidDocument => {
    const booking = billedBy.get(document.documentId);
    const why = `billed by ${nameOf(booking)}, not a second booking`;
    return { document, end: "billed", since: booking?.createdAt ?? document.modifiedAt, why };
  });
  return { valid: documents.filter((one) => !isBilled(one)), voided: [...voided, ...billed] };
}

export type VoidDocument = {
  readonly document: ErpDocument;
  readonly end:
    | "voided"
    | "rejected"
    | "deleted"
    | "reversed"
    | "replaced"
    | "reversal"
    | "payout"
    | "billed";
  /** When it became void. */
  readonly since: string;
  readonly why: string;
};

function isPlain({ state, reverses, settlement }: ErpDocument): boolean {
  return !VOID_STATES.has(state) && reverses === null && settlement === null;
}

function whyVoid(
  document: ErpDocument,
  byId: ReadonlyMap<string, ErpDocument>,
  payouts: ReadonlyMap<string, string>,
  successor: ErpDocument | undefined,
): Omit<VoidDocument, "document"> | null {
  const { documentId, createdAt, state, reverses, total } = document;
  const memo = payouts.get(documentId);
  if (memo !== undefined) {
    return { end: "payout", since: createdAt, why: `the payout of ${memo}, not a second booking` };
  }
  if (state === "payout") {
    const why = "the payout of a credit memo, not a second booking";
    return { end: "payout", since: createdAt, why };
  }
  if (reverses !== null && total.startsWith("-") && byId.has(reverses)) {
    return { end: "reversal", since: createdAt, why: `reverses ${nameOf(byId.get(reverses))}` };
  }
  if (successor !== undefined) {
    const end = successor.total.startsWith("-") ? "reversed" : "replaced";
    return { end, since: successor.createdAt, why: `${end} by ${nameOf(successor)}` };
  }
  if (state === "deleted") return ended("deleted", document);
  if (state === "billed") {
    const why = "a request that is billed, not a second booking";
    return { end: "billed", since: createdAt, why };
  }
  return state === "voided" || state === "rejected" ? ended(state, document) : null;
}

/** With when and by whom: the last change of such a document is its end. */
function ended(
  end: "deleted" | "voided" | "rejected",
  { modifiedAt, modifiedBy: { id } }: ErpDocument,
): Omit<VoidDocument, "document"> {
  const by = id === null ? "" : ` by user ${id}`;
  return { end, since: modifiedAt, why: `${end} in the ERP at ${modifiedAt}${by}` };
}

/** The ids of the payouts that settled a credit, the newest first. */
export function payoutsOf({ settlement }: Pick<ErpDocument, "settlement">): readonly string[] {
  return settlement === null ? [] : [settlement.documentId, ...(settlement.olderIds ?? [])];
}

const VOID_STATES: ReadonlySet<ErpDocument["state"]> = new Set([
  "voided",
  "rejected",
  "deleted",
  "payout",
  "billed",
]);

/** The total of such a document is without tax: it must not be compared with a refund's total. */
export function isNetOnly({ kind }: Pick<ErpDocument, "kind">): boolean {
  return kind === "credit_memo_request";
}
