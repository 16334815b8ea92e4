import { digest } from "../../lambdas/jobs/digest.ts";
import { pull } from "../../lambdas/jobs/pull.ts";
import { watch } from "../../lambdas/jobs/watch.ts";
import type { Ports } from "../../lambdas/ledger/ports.ts";
import type { Log } from "../../lambdas/log.ts";
import type {
  ErpDocument,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";
import { scriptedSystem } from "../fakes/scripted-system.ts";
import { brandInStep } from "./brand-in-step.ts";

const silent: Log = () => undefined;

/**
 * Seven refunds of one afternoon: three in step, one that never arrives, one with another amount,
 * one that arrives late, one whose document names no order; and a credit that no refund explains.
 */
export function smallWorld(): { refunds: StorefrontRefund[]; documents: ErpDocument[] } {
  return {
    refunds: [
      refund("11", "12:00"),
      refund("12", "12:10"),
      refund("13", "12:20"),
      refund("14", "12:30", "80.00"),
      refund("15", "12:40"),
      refund("16", "12:50"),
      refund("17", "13:00", "33.33"),
    ],
    documents: [
      document("11", "16:00"),
      document("12", "16:00"),
      document("13", "16:01"),
      document("15", "16:01", { total: "45.00" }),
      document("16", "23:30"),
      document("17", "16:02", { references: [], total: "33.33" }),
      document("99", "16:03", { total: "12.00" }),
    ],
  };
}

function at(time: string): string {
  return `2026-11-22T${time}:00.000Z`;
}

/** One cycle of every job, as the command line runs it. */
export async function cycle(
  ports: Ports,
  now: string,
  world: { refunds: readonly StorefrontRefund[]; documents: readonly ErpDocument[] } = smallWorld(),
  pageSize = 2,
): Promise<void> {
  const brand = brandInStep();
  const reading = { ports, brand, now, remainingMs: () => 600_000, log: silent };
  await pull({
    ...reading,
    source: "storefront",
    run: `pull-storefront ${now}`,
    system: scriptedSystem(() => world.refunds, { pageSize }),
  });
  await pull({
    ...reading,
    source: "erp",
    run: `pull-erp ${now}`,
    system: scriptedSystem(() => world.documents, { pageSize }),
  });
  await watch(reading);
  await digest({ ...reading, bucket: "evidence" });
}

function refund(id: string, time: string, settled = "50.00"): StorefrontRefund {
  return refundInStep(id, {
    settled,
    createdAt: at(time),
    processedAt: at(time),
    updatedAt: at(time),
    settledAt: at(time),
    components: { ...refundInStep(id).components, items: settled },
  });
}

function document(id: string, time: string, change: Partial<ErpDocument> = {}): ErpDocument {
  return documentInStep(id, {
    createdAt: at(time),
    modifiedAt: at(time),
    references: [
      { field: "external_id", text: id },
      { field: "order", text: `#10${id}` },
    ],
    ...change,
  });
}
