import type { Observation } from "../../lambdas/refund/observation/observation.ts";
import type { SourcePage, Window } from "../../lambdas/systems/source.ts";

export const NOVEMBER = { since: "2026-11-01T00:00:00.000Z", until: "2026-11-30T00:00:00.000Z" };

/** Every page of a window, as a pull asks for them, as one page. */
export async function allPages<Seen extends Observation>(
  since: (window: Window, cursor: string | null) => Promise<SourcePage<Seen>>,
  window: Window,
): Promise<SourcePage<Seen>> {
  const first = await since(window, null);
  const pages = [first];
  for (let { next } = first; next !== null;) {
    const page = await since(window, next);
    pages.push(page);
    ({ next } = page);
  }
  return {
    ...first,
    observations: pages.flatMap(({ observations }) => observations),
    rejected: pages.flatMap(({ rejected }) => rejected),
    partOf: pages.flatMap(({ partOf = [] }) => partOf),
    raw: pages.flatMap(({ raw }) => raw),
    next: null,
  };
}
