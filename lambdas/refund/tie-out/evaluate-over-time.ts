import { documentAsOf, refundAsOf } from "../record/as-of.ts";
import { documentRecordId } from "../record/record-id.ts";
import { plainHistory } from "../record/lifecycle.ts";
import { instantOf, msOf } from "../time/instant.ts";
import { evaluateOrder } from "./evaluate-order.ts";
import type { Sides } from "./evaluate-order.ts";
import { nameOf } from "../observation/document-names.ts";
import type { ErpDocument, StorefrontRefund } from "../observation/observation.ts";
import type { Instant } from "../time/instant.ts";
import { clockStart, knownSince, settlesAtOnce } from "../observation/refund-figures.ts";
import { payoutExpectedBy } from "./comparing/compare-habit.ts";
import { EXCEPTION_STATUSES } from "../record/sync-record.ts";
import type { HistoryEntry } from "../record/sync-record.ts";
import type { Policy } from "../policy.ts";
import type { Evaluation } from "../record/evaluation.ts";

/**
 * The evaluations of one order, and the history of each of its records. The order is evaluated
 * again at each instant at which a side changed or a limit passed. So the history contains a weaker
 * match that a better one replaced later, and it does not depend on how often or in which steps the
 * order was evaluated before.
 *
 * The usual order (one refund, one document after it) does not need these repeats. An order with
 * more than {@link MOST_INSTANTS} instants gets the plain history, because the repeats would take
 * quadratic time.
 */
export function evaluateOverTime(
  sides: Sides,
  policy: Policy,
  now: Instant,
): {
  readonly evaluations: readonly Evaluation[];
  readonly histories: ReadonlyMap<string, readonly HistoryEntry[]>;
} {
  const instants = isPlain(sides, policy) ? [] : instantsOf(sides, policy, now);
  if (instants.length === 0 || instants.length > MOST_INSTANTS) {
    const evaluations = evaluateOrder(sides, policy, now);
    const plain = evaluations.map((one) => [one.id, plainHistory(one, policy)] as const);
    return { evaluations, histories: new Map(plain) };
  }
  const timelines = new Map<string, TimedEvaluation>();
  let before: readonly Evaluation[] = [];
  let sidesThen = NOTHING;
  for (const [at, changed] of instants) {
    // While no side changes, only a record that is due can get another status.
    if (!changed && !before.some(({ dueAt }) => dueAt !== null && dueAt <= at)) continue;
    // At `now` all sides are used, as for the record itself: a source can give a document a time in
    // the future.
    sidesThen = at === now ? sides : sidesAsOf(sides, at);
    before = evaluateOrder(sidesThen, policy, at);
    for (const evaluation of before) addEntry(timelines, evaluation, at);
  }
  // The last evaluation is still valid at `now` if it used all sides: a side with a time in the
  // future was not in it.
  const evaluations = hasAllSides(sidesThen, sides) ? before : evaluateOrder(sides, policy, now);
  for (const evaluation of evaluations) addEntry(timelines, evaluation, now);
  const histories = evaluations.map((one) => [one.id, withOrphans(one, timelines)] as const);
  return { evaluations, histories: new Map(histories) };
}

const NOTHING: Sides = { order: null, refunds: [], documents: [] };

/** Whether the sides of that instant are all sides, each in its current state. */
function hasAllSides(sidesThen: Sides, { refunds, documents }: Sides): boolean {
  return (
    sidesThen.refunds.length === refunds.length &&
    sidesThen.documents.length === documents.length &&
    refunds.every((refund, index) => sidesThen.refunds[index] === refund) &&
    documents.every((document, index) => sidesThen.documents[index] === document)
  );
}

const MOST_INSTANTS = 256;

type TimedEvaluation = { readonly entries: HistoryEntry[]; documents: readonly ErpDocument[] };

/** At most one refund, at most one document after it, and no state that shows an earlier change. */
function isPlain({ refunds, documents }: Sides, policy: Policy): boolean {
  if (refunds.length > 1 || documents.length > 1) return false;
  const [refund] = refunds;
  const [document] = documents;
  if (document !== undefined && !PLAIN_STATES.has(document.state)) return false;
  if (document !== undefined && document.reverses !== null) return false;
  if (refund === undefined) return true;
  const known = knownSince(refund);
  if (document !== undefined && document.createdAt < known) return false;
  if (document !== undefined && payoutExpectedBy(refund, document, policy) !== null) return false;
  return refund.transactions.every((one) => settlesAtOnce(refund, one));
}

const PLAIN_STATES: ReadonlySet<ErpDocument["state"]> = new Set(["open", "applied", "unknown"]);

/**
 * The instants at which a status may change: the changes of a side (true) and the limits (false).
 */
function instantsOf(
  { refunds, documents }: Sides,
  policy: Policy,
  now: Instant,
): readonly (readonly [Instant, boolean])[] {
  const instants = new Map<Instant, boolean>();
  const add = (at: Instant, changed = true): void => {
    if (at <= now) instants.set(at, changed || instants.get(at) === true);
  };
  for (const refund of refunds) {
    const known = knownSince(refund);
    add(known);
    add(instantOf(msOf(clockStart(refund)) + policy.staleAfterMs), false);
    for (const one of refund.transactions) {
      if (one.processedAt !== null && !settlesAtOnce(refund, one)) add(one.processedAt);
    }
    if (instants.size > MOST_INSTANTS) return [...instants];
  }
  for (const document of documents) {
    const { createdAt, modifiedAt, state, settlement } = document;
    add(createdAt);
    if (settlement?.at !== undefined) add(settlement.at);
    for (const refund of refunds) {
      const limit = payoutExpectedBy(refund, document, policy);
      if (limit !== null) add(limit, false);
    }
    add(instantOf(msOf(createdAt) + policy.staleAfterMs), false);
    if (state === "voided" || state === "rejected" || state === "deleted") add(modifiedAt);
    if (instants.size > MOST_INSTANTS) break;
  }
  return [...instants].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function sidesAsOf(sides: Sides, at: Instant): Sides {
  return {
    order: sides.order,
    refunds: sides.refunds.flatMap((refund): readonly StorefrontRefund[] =>
      knownSince(refund) <= at ? [refundAsOf(refund, at)] : [],
    ),
    documents: sides.documents.flatMap((document): readonly ErpDocument[] =>
      document.createdAt <= at ? [documentAsOf(document, at)] : [],
    ),
  };
}

function addEntry(
  timelines: Map<string, TimedEvaluation>,
  evaluation: Evaluation,
  at: Instant,
): void {
  const { id, status, why, documents } = evaluation;
  const known = timelines.get(id);
  if (known === undefined) {
    timelines.set(id, { entries: [{ at, status, why }], documents });
    return;
  }
  const replacedDocuments = replaced(known.documents, documents);
  if (known.entries.at(-1)?.status !== status || replacedDocuments.length > 0) {
    const replacing =
      replacedDocuments.length > 0
        ? ` (in the place of ${replacedDocuments.map(nameOf).join(", ")})`
        : "";
    known.entries.push({ at, status, why: `${why}${replacing}` });
  }
  known.documents = documents;
}

function replaced(
  before: readonly ErpDocument[],
  after: readonly ErpDocument[],
): readonly ErpDocument[] {
  if (after.length === 0) return [];
  const kept = new Set(after.map(({ documentId }) => documentId));
  return before.filter(({ documentId }) => !kept.has(documentId));
}

/** If a document was an exception before its refund came, the refund's history begins with that. */
function withOrphans(
  { id, refund, documents }: Evaluation,
  timelines: ReadonlyMap<string, TimedEvaluation>,
): readonly HistoryEntry[] {
  const own = timelines.get(id)?.entries ?? [];
  if (refund === null) return own;
  const known = knownSince(refund);
  const before = documents
    .flatMap(({ documentId }) => timelines.get(documentRecordId(documentId))?.entries ?? [])
    .filter(({ at }) => at < known);
  if (!before.some(({ status }) => EXCEPTION_STATUSES.has(status))) return own;
  return [...before.toSorted((one, other) => (one.at < other.at ? -1 : 1)), ...own];
}
