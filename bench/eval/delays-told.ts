import type { Figure } from "../figure.ts";
import { DELAY_LIFE_END, delayLife, sayDelays } from "./delay-lives.ts";
import { figureOf } from "./figures.ts";

/**
 * How well the delay is told on brands with drawn delays: the percentiles of the gap, whether a
 * missing refund still comes, and how often a lost refund was promised although the integration had
 * brought twenty refunds after it.
 */
export function delayFigures(quick: boolean): readonly Figure[] {
  const lives = Array.from({ length: quick ? 8 : 60 }, (_, index) => delayLife(35_000 + index));
  const said = lives.flatMap((life) =>
    LOOKS.map((back) => sayDelays(life, DELAY_LIFE_END - back * DAY_MS)),
  );
  const figure = figureOf("delay");
  const missing = said.flatMap((one) => one.said);
  const lost = missing.filter(({ comes }) => !comes);
  const promised = lost.filter(
    ({ chance, overtaken }) => chance !== null && chance >= HALF && overtaken >= MANY,
  );
  const tenths = tenthsOf(missing);
  const worst = Math.max(...tenths.filter(({ count }) => count >= LEAST).map(({ off }) => off));
  for (const { from, count, stated, came } of tenths) {
    process.stdout.write(
      `delay: said ${from.toFixed(1)} ${String(count).padStart(6)} refunds, mean said ${stated.toFixed(3)}, came ${came.toFixed(3)}\n`,
    );
  }
  return [
    ...[0.5, 0.9, 0.99].map((share) => {
      const all = said.flatMap(({ percentiles }) =>
        percentiles.filter((one) => one.share === share),
      );
      const right = all.filter(({ off }) => off !== null && off <= 1).length;
      const what = `p${share * 100} within one bucket of the truth`;
      return figure(what, right / all.length, "share", "at least 0.95", (value) => value >= 0.95);
    }),
    figure("still coming, worst tenth", worst, "off", "at most 0.05", (value) => value <= 0.05),
    figure("missing refunds asked about", missing.length, "refunds", "none set", () => true),
    figure(
      `promised though lost, of ${lost.length} lost`,
      promised.length,
      "refunds",
      "0",
      (value) => value === 0,
    ),
    figure(
      "not watched long enough to say",
      missing.filter(({ chance }) => chance === null).length,
      "refunds",
      "none set",
      () => true,
    ),
  ];
}

type Said = ReturnType<typeof sayDelays>["said"];

function tenthsOf(said: Said) {
  return Array.from({ length: 10 }, (_, tenth) => {
    const some = said.filter(
      ({ chance }) => chance !== null && Math.min(9, Math.floor(chance * 10)) === tenth,
    );
    const stated = some.reduce((sum, { chance }) => sum + (chance ?? 0), 0) / some.length;
    const came = some.filter(({ comes }) => comes).length / some.length;
    return { from: tenth / 10, count: some.length, stated, came, off: Math.abs(stated - came) };
  });
}

const DAY_MS = 86_400_000;
/** Days before the end of the life, at several hours of the day. */
const LOOKS = [0, 5, 9.4, 13.7];
const HALF = 0.5;
const MANY = 20;
/** A tenth with fewer refunds is not judged: its share may be off by chance. */
const LEAST = 30;
