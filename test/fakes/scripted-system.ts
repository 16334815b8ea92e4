import type { Observation } from "../../lambdas/refund/observation/observation.ts";
import type { SourcePage, System } from "../../lambdas/systems/source.ts";

/**
 * A source that shows the observations changed in the window, so many a page. `rejected` records
 * come with the first page.
 */
export function scriptedSystem(
  observations: () => readonly Observation[],
  options: {
    pageSize?: number;
    rejected?: () => SourcePage<Observation>["rejected"];
    changedAt?: (seen: Observation) => string;
  } = {},
): System {
  const { pageSize = 2, rejected = () => [], changedAt = changeTime } = options;
  const page = (
    all: readonly Observation[],
    from: number,
    out: SourcePage<Observation>["rejected"],
  ): SourcePage<Observation> => {
    const shown = all.slice(from, from + pageSize);
    const next = from + pageSize < all.length ? String(from + pageSize) : null;
    return {
      ...(shown.length > 0 && { newest: idOf(shown.at(-1)) }),
      raw: [JSON.stringify({ from, ids: shown.map(changedAt) })],
      observations: shown,
      rejected: from === 0 ? out : [],
      skipped: {},
      next,
      highWater: shown.map(changedAt).toSorted().at(-1) ?? null,
      fetched: shown.length + (from === 0 ? out.length : 0),
      reported: null,
    };
  };
  return {
    since: async ({ since, until }, cursor) => {
      const all = observations()
        .filter((seen) => changedAt(seen) >= since && changedAt(seen) <= until)
        .toSorted((a, b) => (changedAt(a) < changedAt(b) ? -1 : 1));
      return page(all, Number(cursor ?? 0), rejected());
    },
    byId: async (ids) =>
      page(
        observations().filter((seen) =>
          ids.includes(seen.role === "erp" ? seen.documentId : seen.refundId),
        ),
        0,
        [],
      ),
  };
}

function idOf(seen: Observation | undefined): string {
  if (seen === undefined) return "";
  return seen.role === "erp" ? seen.documentId : seen.refundId;
}

function changeTime(seen: Observation): string {
  return seen.role === "erp" ? seen.modifiedAt : seen.updatedAt;
}
