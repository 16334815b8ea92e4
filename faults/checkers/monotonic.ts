import type { Checker } from "../checker.ts";
import type { Put } from "../cloud.ts";
import type { Simulation } from "../simulation.ts";
import { recordOf } from "../stored.ts";

/**
 * I3: a stored side never goes back to an older version; the position up to which a source was read
 * never goes back; no run overwrites an item that was written after the run had read it.
 */
export function monotonic(): Checker {
  const checkedCount = new WeakMap<Simulation, number>();
  return {
    name: "I3 monotonic",
    afterTick: (simulation) => {
      const { puts } = simulation.cloud;
      const from = checkedCount.get(simulation) ?? 0;
      checkedCount.set(simulation, puts.length);
      return puts.slice(from).flatMap((put) => [...sourceGoesBack(put), ...sideGoesBack(put)]);
    },
  };
}

function sourceGoesBack({ key, item, before }: Put): string[] {
  if (!/^source\|(?:storefront|erp)$/.test(key) || item === null || before === null) return [];
  const [now, was] = [stateIn(item["state"]), stateIn(before["state"])];
  const back = ["completeThrough", "watermark", "readThrough"].flatMap((name) => {
    const [to, from] = [now[name], was[name]];
    const isBack = typeof from === "string" && (typeof to !== "string" || to < from);
    return isBack ? [`${name} of the ${key.slice(7)} goes back from ${from} to ${String(to)}`] : [];
  });
  const token = Number(before["v"]) + 1;
  const stolen =
    Number(item["v"]) === token
      ? []
      : [
          `the state of the ${key.slice(7)} is written under token ${String(item["v"])}, not ${token}`,
        ];
  return [...back, ...stolen];
}

function sideGoesBack({ key, item, before }: Put): string[] {
  const [now, was] = [
    item === null ? null : recordOf(item),
    before === null ? null : recordOf(before),
  ];
  if (now === null || was === null) return [];
  // A time in the future was replaced by the time of reading: the true time may be earlier.
  const isOurs = was.refund?.marks.includes("future_dated") === true;
  const refund =
    !isOurs &&
    was.refund !== null &&
    now.refund !== null &&
    now.refund.updatedAt < was.refund.updatedAt
      ? [`${key}: the refund goes back from ${was.refund.updatedAt} to ${now.refund.updatedAt}`]
      : [];
  const documents = was.documents.flatMap((old) => {
    const same = now.documents.find(({ documentId }) => documentId === old.documentId);
    if (same === undefined || same.modifiedAt >= old.modifiedAt) return [];
    return [
      `${key}: document ${old.documentId} goes back from ${old.modifiedAt} to ${same.modifiedAt}`,
    ];
  });
  const skipped =
    now.version === was.version + 1
      ? []
      : [`${key} is written as version ${now.version} over version ${was.version}`];
  return [...refund, ...documents, ...skipped];
}

function stateIn(text: unknown): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(String(text));
  return typeof value === "object" && value !== null ? { ...value } : {};
}
