import type { Observation } from "../refund/observation.ts";
import type { SourcePage } from "../systems/source.ts";
import { quarantineName } from "./quarantine.ts";
import type { SourceState } from "./source-state.ts";

type Unfinished = Pick<SourceState, "unsettled" | "quarantined">;

/** What must be asked for again, and what lies in quarantine, after this page. */
export function stillUnfinished(
  { unsettled, quarantined }: Unfinished,
  { observations, rejected }: SourcePage<Observation>,
): Unfinished {
  const seen = new Map(observations.map((one) => [idOf(one), isFinal(one)]));
  const open = [...seen].flatMap(([id, final]) => (final ? [] : [id]));
  return {
    unsettled: newest([...unsettled.filter((id) => !seen.has(id)), ...open]),
    quarantined: newest([
      ...quarantined.filter((name) => !seen.has(name)),
      ...rejected.map(quarantineName),
    ]),
  };
}

export function idOf(seen: Observation): string {
  return seen.role === "erp" ? seen.documentId : seen.refundId;
}

function isFinal(seen: Observation): boolean {
  return seen.role === "erp"
    ? seen.final
    : seen.transactions.every(({ status }) => status !== "pending");
}

function newest(names: readonly string[]): string[] {
  return [...new Set(names)].slice(-MOST_NAMES);
}

const MOST_NAMES = 200;
