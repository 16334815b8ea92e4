import { beginCorpus, Draw } from "./hard-corpus-draw.ts";
import type { Case } from "./hard-corpus-draw.ts";
import { MATCHING } from "./hard-corpus-matching.ts";
import { MONEY } from "./hard-corpus-money.ts";
import { STATES } from "./hard-corpus-state.ts";

/** The labelled hard corpus: every kind of case, drawn `times` over from the seed. */
export function hardCorpus(seed: number, times: number): readonly Case[] {
  const cases: Case[] = [];
  beginCorpus();
  for (let round = 0; round < times; round++) {
    for (const [name, make] of Object.entries({ ...MATCHING, ...MONEY, ...STATES })) {
      const draw = new Draw(seed * 7_919 + cases.length);
      cases.push({ name, ...make(draw) });
    }
  }
  return cases;
}
