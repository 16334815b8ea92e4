import { findRecords } from "../../lambdas/ledger/find-records.ts";
import { openCollections } from "../../lambdas/ledger/open-records.ts";
import { reevaluateStored } from "../../lambdas/ledger/reevaluate.ts";
import { EXCEPTION_STATUSES } from "../../lambdas/refund/record/sync-record.ts";
import type { SyncRecord } from "../../lambdas/refund/record/sync-record.ts";
import { atState } from "../at-state.ts";
import type { OpenState } from "../at-state.ts";
import { readOptions } from "../options.ts";
import { say, sayJson } from "../say.ts";
import { UsageError } from "../usage-error.ts";

/** Open exceptions, or everything that is known about one refund or order, from a local state. */
export async function status(words: readonly string[]): Promise<number> {
  const options = readOptions(words, ["config", "state"], { flags: ["json"], words: 1 });
  const [wanted] = options.words;
  return atState(options.values, new Date().toISOString(), async (opened) => {
    const shown = wanted === undefined ? await allOpen(opened) : await known(opened, wanted);
    if (options.flags.has("json")) sayJson(shown);
    else say(listText(shown, wanted));
    return 0;
  });
}

async function allOpen({ stores, policy, at }: OpenState): Promise<readonly SyncRecord[]> {
  const stored = await openCollections(stores.table, policy);
  return reevaluateStored(stored, policy, at).filter((one) => EXCEPTION_STATUSES.has(one.status));
}

async function known(
  { stores, policy, at }: OpenState,
  wanted: string,
): Promise<readonly SyncRecord[]> {
  const found = await findRecords(stores, wanted, policy, at);
  if (found.length === 0) throw new NothingKnown(wanted);
  return found.map(({ record }) => record);
}

export class NothingKnown extends UsageError {
  constructor(wanted: string) {
    super(
      `nothing is known about ${JSON.stringify(wanted)}: give an order number, or the id of a refund or an ERP document`,
    );
  }
}

function listText(records: readonly SyncRecord[], wanted: string | undefined): string {
  if (records.length === 0) return "No exception is open.";
  if (wanted !== undefined) return records.map(everything).join("\n\n");
  const own = records.filter(({ ownership }) => ownership !== "probably_not_ours");
  const others = records.filter(({ ownership }) => ownership === "probably_not_ours");
  return [
    `${own.length} open:`,
    ...own.map(oneLine),
    ...(others.length === 0
      ? []
      : [`${others.length} probably another business's, open in the ERP:`, ...others.map(oneLine)]),
  ].join("\n");
}

function oneLine(record: SyncRecord): string {
  const { id, refund, status: now, exposure, currency, mismatches } = record;
  const kinds = mismatches.map(({ kind }) => kind).join(", ");
  const order = refund?.orderNumber ?? record.order ?? "no order";
  return `  ${order.padEnd(10)} ${id.padEnd(24)} ${now.padEnd(11)} ${exposure.padStart(10)} ${currency}  ${kinds}`;
}

function everything(record: SyncRecord): string {
  const { match, history, mismatches, documents } = record;
  return [
    oneLine(record).trim(),
    `  ERP documents: ${documents.map(({ documentId }) => documentId).join(", ") || "none"}`,
    `  match: ${match === null ? "none" : `${match.rule}, ${match.reason}`}`,
    ...mismatches.map(
      ({ kind, expected, actual, difference }) =>
        `  ${kind}: storefront ${expected || "nothing"}, ERP ${actual || "nothing"}${difference === "" ? "" : `, difference ${difference}`}`,
    ),
    ...history.map(({ at, status: was, why }) => `  ${at} ${was}: ${why}`),
  ].join("\n");
}
