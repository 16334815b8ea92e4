import { expect, it } from "vitest";

import { tieOut } from "../../../lambdas/refund/tie-out/tie-out.ts";
import { aDocument, aRefund, hours, policy } from "../order-in-step.ts";

it("says one thing of the instant asked for, though a document is dated after it", () => {
  const refund = aRefund({ processedAt: hours(2) });
  const documents = [
    aDocument({ documentId: "7000", createdAt: hours(6) }),
    aDocument({ documentId: "7001", createdAt: hours(-30) }),
  ];
  const [record] = tieOut({ order: "1001", refunds: [refund], documents }, policy, hours(2));
  const told = record?.history.filter(({ at }) => at === hours(2));
  expect(told?.map(({ status }) => status)).toEqual(["duplicated"]);
});
