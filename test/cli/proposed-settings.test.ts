import { describe, expect, it } from "vitest";

import { proposeSettings } from "../../cli/proposed-settings.ts";
import { policyOf } from "../../lambdas/ledger/policy.ts";
import type {
  ErpDocument,
  StorefrontRefund,
} from "../../lambdas/refund/observation/observation.ts";
import { brandInStep } from "../jobs/brand-in-step.ts";
import { aPayment } from "../refund/order-in-step.ts";
import { documentInStep, refundInStep } from "../refund/record-in-step.ts";

const NOW = "2026-11-30T00:00:00.000Z";
const IDS = ["1", "2", "3", "4"];

function proposed(
  documentOf: (id: string) => Partial<ErpDocument>,
  fieldsOf: (id: string) => Record<string, string> = () => ({}),
  refundOf: (id: string) => Partial<StorefrontRefund> = () => ({}),
): readonly string[] {
  const brand = brandInStep();
  const refunds = IDS.map((id) =>
    refundInStep(id, { refundId: `87000111328${id}`, ...refundOf(id) }),
  );
  const documents = IDS.map((id) => documentInStep(id, documentOf(id)));
  const fields = new Map(
    documents.map(({ documentId }, at) => [documentId, fieldsOf(IDS[at] ?? "")]),
  );
  return proposeSettings(
    { refunds, documents, fields },
    { brand, policy: policyOf(brand), now: NOW },
  ).lines;
}

describe("the settings that the data of the last days suggest", () => {
  it("are none where every document agrees with its refund", () => {
    expect(proposed((id) => ({ references: [{ field: "order", text: `#10${id}` }] }))).toEqual([]);
  });

  it("name the text before order numbers that nobody has configured", () => {
    expect(
      proposed((id) => ({ references: [{ field: "other_reference", text: `WEB-10${id}` }] })),
    ).toEqual(["matching:", '  orderPrefixes: ["WEB-"]']);
  });

  it("name the field in which a connector writes the refunds' ids", () => {
    expect(
      proposed(
        () => ({ references: [] }),
        (id) => ({ custbody_shop_refund: `Refund 87000111328${id}`, custbody_note: "1234567890" }),
      ),
    ).toEqual(["erp:", '  referenceFields: ["custbody_shop_refund"]']);
  });

  it("name the field in which the ERP has the processor's ids of the payments", () => {
    expect(
      proposed(
        (id) => ({ references: [{ field: "order", text: `#10${id}` }] }),
        (id) => ({ custbody_psp: `psp NC6HT9CRT65ZGN8${id}`, custbody_note: "NC6HT9CRT65ZGN00" }),
        (id) => ({ transactions: [aPayment({ references: [`NC6HT9CRT65ZGN8${id}`] })] }),
      ),
    ).toEqual(["erp:", '  paymentFields: ["custbody_psp"]']);
  });

  it("name a user that makes documents as a machine", () => {
    expect(
      proposed((id) => ({
        references: [{ field: "order", text: `#10${id}` }],
        createdBy: { id: "1455", kind: "integration" },
      })),
    ).toEqual(["erp:", '  integrationUsers: ["1455"]']);
  });
});
