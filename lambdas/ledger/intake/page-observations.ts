import { after } from "../../refund/time/instant.ts";
import { laterDocument, laterRefund } from "../../refund/observation/newest.ts";
import type { Observation } from "../../refund/observation/observation.ts";
import type { Instant } from "../../refund/time/instant.ts";
import { idOf } from "./commit-page.ts";

/** One version of each record: the latest one when a page has several. */
export function newestOfEach(
  observations: readonly Observation[],
  now: Instant,
): readonly Observation[] {
  const byId = new Map<string, Observation>();
  for (const seen of observations.map((one) => dated(one, now))) {
    const known = byId.get(idOf(seen));
    byId.set(idOf(seen), known === undefined ? seen : laterOf(known, seen));
  }
  return [...byId.values()];
}

function laterOf(known: Observation, seen: Observation): Observation {
  if (known.role === "erp" && seen.role === "erp") return laterDocument(known, seen);
  if (known.role === "storefront" && seen.role === "storefront") return laterRefund(known, seen);
  return seen;
}

/**
 * A change time in the future comes from a wrong clock or another mistake of the source. If it were
 * stored, every real change would look older. So `now` is stored instead, and a refund gets a mark.
 */
function dated(seen: Observation, now: Instant): Observation {
  const limit = after(now, FUTURE_MS);
  if (seen.role === "erp") {
    const { createdAt, modifiedAt } = seen;
    if (modifiedAt <= limit && createdAt <= limit) return seen;
    return {
      ...seen,
      createdAt: createdAt > limit ? now : createdAt,
      modifiedAt: modifiedAt > limit ? now : modifiedAt,
    };
  }
  const { updatedAt, processedAt, createdAt, settledAt } = seen;
  if ([updatedAt, processedAt, createdAt, settledAt ?? ""].every((at) => at <= limit)) return seen;
  return {
    ...seen,
    updatedAt: updatedAt > limit ? now : updatedAt,
    marks: [...new Set([...seen.marks, "future_dated" as const])],
  };
}

/** Clocks differ by minutes; a time that is further in the future is a mistake. */
const FUTURE_MS = 3_600_000;
