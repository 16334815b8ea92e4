import { laterOf } from "../time/instant.ts";
import { groupBy } from "../collections/group-by.ts";
import { byKey } from "../collections/order.ts";
import type { Link } from "./matching/matches.ts";
import { lifecycleOf, plainHistory, staleWords, waitingWords } from "../record/lifecycle.ts";
import { instantOf, msOf } from "../time/instant.ts";
import { isNetOnly, separateVoid } from "../observation/live-documents.ts";
import { amountKey } from "../observation/amount-key.ts";
import { amountKeys } from "../observation/amount-key.ts";
import { pairOne } from "./matching/match-by-circumstance.ts";
import type { Paired } from "./matching/match-by-circumstance.ts";
import type { ErpDocument } from "../observation/observation.ts";
import type { Instant } from "../time/instant.ts";
import type { Amount } from "../money/amount.ts";
import { clockStart, knownSince } from "../observation/refund-figures.ts";
import { applyResolution } from "../record/apply-resolution.ts";
import type { HistoryEntry, Resolution, SyncRecord } from "../record/sync-record.ts";
import type { Policy } from "../policy.ts";
import { recordOf } from "./tie-out.ts";
import { evaluateLink } from "./evaluate-link.ts";
import { evaluateDocument, evaluateVoidDocument } from "./evaluate-unmatched.ts";

/**
 * The key by which documents without an order are compared with refunds without a document. It has
 * no sign, so a reversal gets the same key as its original.
 */
export function unsignedAmountKey(currency: string, amount: Amount): string {
  return amountKey(currency, amount.replace(/^-/, ""));
}

/**
 * Rule 5: pairs refunds that have no document with documents that name no order.
 *
 * A refund and a document are paired only if each is the only candidate of the other. The record is
 * never clean: it is `mismatched` with `order_reference_missing`. A refund still inside its window
 * counts as a rival, but it is paired only by its id or its payment, because its own document may
 * still arrive.
 *
 * @returns the same refund records, paired or with their candidates, and one record for each
 *   document without a pair; sorted by id
 */
export function pairByCircumstance(
  seen: {
    readonly refunds: readonly SyncRecord[];
    readonly documents: readonly ErpDocument[];
    readonly resolutions?: ReadonlyMap<string, Resolution>;
  },
  policy: Policy,
  now: Instant,
): SyncRecord[] {
  const { valid, voided } = separateVoid(seen.documents);
  const documentsBy = groupBy(valid, (document) =>
    isNetOnly(document) ? [] : [amountKey(document.currency, document.total)],
  );
  const withoutDocument = seen.refunds.filter(({ documents }) => documents.length === 0);
  const refundsBy = groupBy(withoutDocument, ({ refund }) =>
    refund === null ? [] : amountKeys(refund),
  );
  const records = new Map(seen.refunds.map((record) => [record.id, record]));
  const used = new Set<ErpDocument>();
  const candidates = new Map<ErpDocument, readonly string[]>();
  for (const [key, documents] of [...documentsBy].toSorted(byKey)) {
    const free = (refundsBy.get(key) ?? []).filter(
      ({ id }) => (records.get(id)?.documents.length ?? 0) === 0,
    );
    const result = pairOne(free, documents, policy, now);
    for (const pair of result.pairs) {
      used.add(pair.document);
      records.set(pair.record.id, pairedRecord(pair, policy, now));
    }
    for (const { record, documentIds } of result.ambiguousRefunds) {
      const known = records.get(record.id) ?? record;
      const ambiguous = [...new Set([...known.ambiguous, ...documentIds])].toSorted();
      records.set(record.id, { ...known, ambiguous });
    }
    for (const { document, refundIds } of result.ambiguousDocuments) {
      candidates.set(document, refundIds);
    }
  }
  const alone = valid
    .filter((document) => !used.has(document))
    .map((document) => {
      const ambiguous = candidates.get(document) ?? [];
      const note = ambiguous.length > 0 ? SEVERAL : null;
      return evaluateDocument(document, null, { ambiguous, note }, policy, now);
    });
  const unpaired = [...alone, ...voided.map((one) => evaluateVoidDocument(one, null))].map(
    (evaluation) =>
      applyResolution(
        recordOf(evaluation, plainHistory(evaluation, policy)),
        seen.resolutions?.get(evaluation.id),
        now,
      ),
  );
  return [...records.values(), ...unpaired].toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

function pairedRecord({ record, document, how }: Paired, policy: Policy, now: Instant): SyncRecord {
  const { refund } = record;
  if (refund === null) return record;
  const link: Link = {
    refunds: [refund],
    documents: [document],
    extra: [],
    rule: how.rule,
    reason: how.reason,
  };
  const [evaluation] = evaluateLink(link, { order: record.order, voided: [] }, policy, now);
  if (evaluation === undefined) return record;
  const limit = instantOf(msOf(clockStart(refund)) + policy.staleAfterMs);
  const pairedAt = laterOf(document.createdAt, how.atOnce ? knownSince(refund) : limit);
  const history: HistoryEntry[] = [
    { at: knownSince(refund), status: "pending", why: waitingWords(policy) },
  ];
  if (pairedAt > limit) history.push({ at: limit, status: "stale", why: staleWords(policy) });
  history.push({ at: pairedAt, status: evaluation.status, why: evaluation.why });
  const lifecycle = lifecycleOf(history.filter(({ at }, index) => index > 0 || at < pairedAt));
  const paired = { ...recordOf(evaluation, []), ...lifecycle };
  return applyResolution(paired, record.resolution ?? undefined, now);
}

const SEVERAL = "more than one refund fits this document, and nothing decides between them";
