import type { Checker } from "../checker.ts";
import { documentsIn, quarantinedIn, refundsIn, stateOf } from "../stored.ts";
import type { Simulation } from "../simulation.ts";
import { Truth } from "../truth.ts";

/**
 * I1: every version that a source showed until its `completeThrough` is in the store or counted in
 * quarantine.
 */
export function noLoss(): Checker {
  const truths = new WeakMap<Simulation, Truth>();
  return {
    name: "I1 no loss",
    afterTick: async (simulation) => {
      const truth = truths.get(simulation) ?? new Truth(simulation.world);
      truths.set(simulation, truth);
      return [
        ...(await lostRefunds(simulation, truth)),
        ...settledUnseen(simulation, truth),
        ...(await lostDocuments(simulation, truth)),
      ];
    },
  };
}

async function lostRefunds(simulation: Simulation, truth: Truth): Promise<string[]> {
  const { completeThrough } = await stateOf(simulation, "storefront");
  if (completeThrough === null) return [];
  const stored = refundsIn(simulation);
  const quarantined = await quarantinedNames(simulation, "storefront");
  const now = truth.refundsAt(simulation.clock.ms);
  return [...truth.refundsAt(Date.parse(completeThrough))].flatMap(([id, seen]) => {
    // A refund that changed again later is listed under its new time and read with the next window.
    if ((now.get(id)?.listedAt ?? 0) > Date.parse(completeThrough)) return [];
    const order = `order:${seen.refund.orderId}`;
    // It is listed by its order's last change, which the source may not show yet.
    const changed = { at: seen.listedAt, readAt: Date.parse(completeThrough) };
    if (isQuarantined(quarantined, id, order) || simulation.isHidden(id, changed)) return [];
    const known = stored.get(id);
    if (known !== undefined && Date.parse(known.updatedAt) >= Date.parse(seen.updatedAt)) return [];
    const has = known === undefined ? "nothing of it" : `its version of ${known.updatedAt}`;
    return [
      `the storefront is complete through ${completeThrough}, refund ${id} changed at ${seen.updatedAt}, and the store has ${has}`,
    ];
  });
}

/**
 * A payment can end without a new change time. If there is no fault, the product notices that,
 * because it reads pending refunds again.
 */
function settledUnseen(simulation: Simulation, truth: Truth): string[] {
  const { injections, clock, world } = simulation;
  if (injections.length > 0 || clock.ms > world.to) return [];
  const stored = refundsIn(simulation);
  return [...truth.refundsAt(simulation.clock.ms - ASKED_WITHIN_MS)].flatMap(([id, seen]) => {
    const open = stored.get(id)?.transactions.some(({ status }) => status === "pending");
    const isOver = seen.payments.every(({ status }) => status !== "PENDING");
    return open === true && isOver
      ? [`refund ${id} was paid or failed long ago, but is still pending in the store`]
      : [];
  });
}

/** At most six hours between two readings, a quarter of an hour, and 75 minutes to the next run. */
const ASKED_WITHIN_MS = 8 * 3_600_000;

async function lostDocuments(simulation: Simulation, truth: Truth): Promise<string[]> {
  const { completeThrough } = await stateOf(simulation, "erp");
  if (completeThrough === null) return [];
  const stored = documentsIn(simulation);
  const quarantined = await quarantinedNames(simulation, "erp");
  const at = Date.parse(completeThrough);
  const now = truth.documentsAt(simulation.clock.ms);
  const lost = [...truth.documentsAt(at)].flatMap(([id, { version }]) => {
    if (now.get(id)?.version !== version) return [];
    const changed = { at: Date.parse(version.at), readAt: at };
    if (isQuarantined(quarantined, id, "") || simulation.isHidden(id, changed)) return [];
    const known = stored.get(id);
    if (known !== undefined && Date.parse(known.modifiedAt) + 999 >= Date.parse(version.at))
      return [];
    const has = known === undefined ? "nothing of it" : `its version of ${known.modifiedAt}`;
    return [
      `the ERP is complete through ${completeThrough}, document ${id} changed at ${version.at}, and the store has ${has}`,
    ];
  });
  const kept = simulation.world.life.documents.flatMap(({ documentId, deletedAt }) => {
    if (deletedAt === null || Date.parse(deletedAt) > at) return [];
    const known = stored.get(documentId);
    if (known === undefined || known.state === "deleted" || quarantined.has(documentId)) return [];
    return [
      `the ERP is complete through ${completeThrough}, document ${documentId} was deleted at ${deletedAt}, but the store has it as ${known.state}`,
    ];
  });
  return [...lost, ...kept];
}

async function quarantinedNames(
  simulation: Simulation,
  source: "storefront" | "erp",
): Promise<ReadonlySet<string>> {
  const entries = await quarantinedIn(simulation);
  return new Set(entries.filter((one) => one.source === source).map(({ name }) => name));
}

function isQuarantined(quarantined: ReadonlySet<string>, id: string, order: string): boolean {
  // In quarantine, a record without a readable id has a hash as its name, and a record of another
  // shop has that shop's id. It is counted, but it cannot be identified here.
  const isNameless = [...quarantined].some((name) => /^(?:unnamed|odd)-|^19\d{6}$/.test(name));
  return quarantined.has(id) || quarantined.has(order) || isNameless;
}
