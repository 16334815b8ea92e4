import { milliseconds } from "../../lambdas/brand.ts";
import { findRecords } from "../../lambdas/ledger/find-records.ts";
import type { FoundRecord } from "../../lambdas/ledger/find-records.ts";
import { resolveByPerson } from "../../lambdas/ledger/resolve-by-person.ts";
import { EXCEPTION_STATUSES } from "../../lambdas/refund/record/sync-record.ts";
import { money } from "../../lambdas/reports/figures.ts";
import { atState } from "../at-state.ts";
import { clock, readOptions, required } from "../options.ts";
import { personsName, personsNote } from "../person-input.ts";
import { say } from "../say.ts";
import { NothingKnown } from "./status.ts";
import { UsageError } from "../usage-error.ts";

/** Resolves an exception by a person's decision; it opens again by itself when a side changes. */
export async function resolve(words: readonly string[]): Promise<number> {
  const { values, words: named } = readOptions(words, ["config", "state", "by", "note", "now"], {
    words: 1,
  });
  const [wanted] = named;
  if (wanted === undefined) throw new UsageError("give the refund or the order to resolve");
  const decision = { by: personsName(values.by), note: personsNote(required(values.note, "note")) };
  const now = clock(values.now);
  return atState(values, now, async ({ stores, brand, policy, at }) => {
    const found = await findRecords(stores, wanted, policy, at);
    const { key, record } = theOpenOne(found, wanted);
    const rules = { policy, now, horizon: at, retentionMs: milliseconds(brand.retention.matched) };
    const resolved = await resolveByPerson(stores, key, decision, rules);
    say(
      `${resolved.id} is resolved: ${money(record.exposure, record.currency)} is no longer at risk. It opens again by itself when a side changes.`,
    );
    return 0;
  });
}

function theOpenOne(found: readonly FoundRecord[], wanted: string): FoundRecord {
  const all = found.filter(({ record }) => EXCEPTION_STATUSES.has(record.status));
  // Another business may have an order of the same number; its document can be named by its id.
  const ours = all.filter(({ record }) => record.ownership !== "probably_not_ours");
  const open = ours.length > 0 ? ours : all;
  const [only, another] = open;
  if (only !== undefined && another === undefined) return only;
  if (found.length === 0) throw new NothingKnown(wanted);
  if (only === undefined) {
    const said = found.map(({ record: { id, status } }) => `${id} is ${status}`).join(", ");
    throw new UsageError(`nothing of ${JSON.stringify(wanted)} is open: ${said}`);
  }
  const ids = open.map(({ record }) => record.id).join(", ");
  throw new UsageError(`${JSON.stringify(wanted)} has more than one open record; name one: ${ids}`);
}
