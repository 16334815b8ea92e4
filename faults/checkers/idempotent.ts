import type { Checker } from "../checker.ts";
import { Simulation, tickOf } from "../simulation.ts";
import { verdictsOf } from "../verdicts.ts";

/**
 * I2: records that were read twice, in any order and by several runs at once, have the same result
 * as when one run reads them once from the beginning. Reading them once more changes nothing.
 */
export function idempotent(): Checker {
  return {
    name: "I2 idempotent and commutative",
    atEnd: async (simulation) => {
      const { clock, cloud } = simulation;
      const before = await verdictsOf(simulation);
      const wrote = cloud.puts.length;
      for (const job of ["pull-storefront", "pull-erp", "watch"] as const) {
        await simulation.fire([{ ...tickOf(job, clock.ms), run: `again ${job}` }]);
      }
      const more = cloud.puts
        .slice(wrote)
        .filter(({ key }) => /^(?:order|loose)#/.test(key))
        .map(({ key }) => `reading the same once more wrote ${key}`);
      const fresh = await readAnew(simulation);
      const differences = [...new Set([...before.keys(), ...fresh.keys()])].flatMap((id) => {
        const [here, there] = [before.get(id), fresh.get(id)];
        if (here === there) return [];
        return [`${id} ends as ${here ?? "nothing"}, but a fresh run gives ${there ?? "nothing"}`];
      });
      return [...more, ...differences];
    },
  };
}

/** Reads the same world once, with an empty product that starts at the end of the schedule. */
async function readAnew({ world, platforms, clock }: Simulation): Promise<Map<string, string>> {
  const fresh = await Simulation.open(world, { seed: 1, platforms, injections: [] });
  fresh.moveTo(clock.ms);
  for (let turn = 0; turn < 3; turn += 1) {
    for (const job of ["pull-storefront", "pull-erp", "watch"] as const) {
      await fresh.fire([tickOf(job, fresh.clock.ms)]);
      fresh.moveTo(fresh.clock.ms + 60_000);
    }
  }
  return verdictsOf(fresh);
}
