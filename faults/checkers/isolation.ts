import type { Checker } from "../checker.ts";
import type { Simulation } from "../simulation.ts";
import { documentsIn, quarantinedIn, refundsIn } from "../stored.ts";

/** I10: a failure of one source, or of one record, changes nothing for the others. */
export function isolation(): Checker {
  const checkedCount = new WeakMap<Simulation, number>();
  return {
    name: "I10 isolation",
    afterTick: (simulation) => {
      const { ended, world, injections } = simulation;
      const from = checkedCount.get(simulation) ?? 0;
      checkedCount.set(simulation, ended.length);
      // An order that says refunded while its refunds are hidden is a claim, until they are shown.
      const known = new Set([
        ...world.life.refunds.map(({ refundId }) => refundId),
        ...world.life.orders.map(({ number }) => `order-${number}`),
      ]);
      const foreign = [...refundsIn(simulation).keys()]
        .filter((id) => !known.has(id))
        .map((id) => `refund ${id} belongs to another shop, but is stored`);
      const documents = new Set(world.life.documents.map(({ documentId }) => documentId));
      const strange = [...documentsIn(simulation).keys()]
        .filter((id) => !documents.has(id))
        .map((id) => `document ${id} is in no ERP of this brand`);
      const failed = ended.slice(from).flatMap(({ actor, how, error }) => {
        const untouched = injections.every(
          (one) => one.only !== undefined && one.only !== actor.job,
        );
        return how === "failed" && injections.length > 0 && untouched
          ? [`${actor.name} failed because of a fault in another job: ${error ?? ""}`]
          : [];
      });
      return [...foreign, ...strange, ...failed];
    },
    atEnd: async (simulation) =>
      (await quarantinedIn(simulation)).map(
        ({ source, name, reason }) => `${name} of the ${source} never left quarantine: ${reason}`,
      ),
  };
}
