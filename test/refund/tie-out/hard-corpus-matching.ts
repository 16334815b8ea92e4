import { aPayment, hours, NOON, nth } from "../order-in-step.ts";
import { Draw, LOOSE, after, label, orphan, plus } from "./hard-corpus-draw.ts";
import type { Label, Made } from "./hard-corpus-draw.ts";

/** Who belongs to whom. */
export const MATCHING: Readonly<Record<string, (draw: Draw) => Made>> = {
  "in step, by id": (draw) => {
    const refund = draw.refund();
    const document = draw.booking(refund, { refers: draw.naming(refund) });
    return { refunds: [refund], documents: [document], labels: [label(refund, [document])] };
  },
  "in step, by order and amount": (draw) => {
    const refund = draw.refund();
    const document = draw.booking(refund);
    return { refunds: [refund], documents: [document], labels: [label(refund, [document])] };
  },
  "missing in the ERP": (draw) => {
    const refund = draw.refund();
    return { refunds: [refund], documents: [], labels: [label(refund, [], "missing_in_erp")] };
  },
  "a credit that nobody refunded": (draw) => {
    const document = draw.booking(draw.refund());
    return { refunds: [], documents: [document], labels: [orphan(document)] };
  },
  "equal amounts in the same minute without a reference": (draw) => {
    const [one, amount] = [draw.refund(), draw.amount()];
    const pair = [draw, new Draw(7)].map((each) =>
      each.refund({ processedAt: one.processedAt, amount }),
    );
    const documents = pair.map((refund) =>
      draw.booking(refund, { ...LOOSE, createdAt: after(one, 3) }),
    );
    return {
      refunds: pair,
      documents,
      labels: [
        ...pair.map((refund): Label => ({ ...label(refund, [], "missing_in_erp"), abstain: true })),
        ...documents.map((document): Label => ({ ...orphan(document), abstain: true })),
      ],
    };
  },
  "two partial refunds of one order": (draw) => {
    const refunds = [draw.refund({ processedAt: NOON }), draw.refund({ processedAt: hours(20) })];
    const documents = refunds.map((refund) => draw.booking(refund));
    return {
      refunds,
      documents,
      labels: refunds.map((refund, index) => label(refund, [nth(documents, index)])),
    };
  },
  "two equal partial refunds of one order, days apart": (draw) => {
    const amount = draw.amount();
    const refunds = [
      draw.refund({ processedAt: NOON, amount }),
      draw.refund({ processedAt: hours(50), amount }),
    ];
    const documents = refunds.map((refund) => draw.booking(refund));
    return {
      refunds,
      documents,
      labels: refunds.map((refund, index) => label(refund, [nth(documents, index)])),
    };
  },
  "split and duplicate together": (draw) => {
    const refund = draw.refund({ amount: "87.40" });
    const parts = ["80.15", "7.25", "80.15", "7.25"].map((total, index) =>
      draw.booking(refund, { total, createdAt: after(refund, 2 + index * 0.001) }),
    );
    return {
      refunds: [refund],
      documents: parts,
      labels: [label(refund, parts, "duplicate_in_erp")],
    };
  },
  "tax booked by itself": (draw) => {
    const refund = draw.refund();
    const tax = refund.components.tax;
    const parts = [
      draw.booking(refund, {
        total: refund.components.items ?? "0.00",
        createdAt: after(refund, 2),
      }),
      draw.booking(refund, { total: tax, createdAt: after(refund, 2.001) }),
    ];
    return { refunds: [refund], documents: parts, labels: [label(refund, parts)] };
  },
  "two refunds batched into one document": (draw) => {
    const refunds = [draw.refund({ processedAt: NOON }), draw.refund({ processedAt: hours(1) })];
    const document = draw.booking(nth(refunds, 1), {
      total: plus(nth(refunds, 0).settled, nth(refunds, 1).settled),
      createdAt: hours(3),
    });
    return {
      refunds,
      documents: [document],
      labels: refunds.map((refund) => label(refund, [document])),
    };
  },
  "booked twice without a reference": (draw) => {
    const refund = draw.refund();
    const documents = [draw.booking(refund), draw.booking(refund)];
    return { refunds: [refund], documents, labels: [label(refund, documents, "duplicate_in_erp")] };
  },
  "a document that fits two orders": (draw) => {
    const other = new Draw(11);
    const amount = draw.amount();
    const refunds = [draw.refund({ amount }), other.refund({ amount })];
    const memo = { field: "memo" as const, text: `refund ${draw.order} ${other.order}` };
    const document = draw.booking(nth(refunds, 0), { createdAt: hours(25), references: [memo] });
    return {
      refunds,
      documents: [document],
      labels: [
        ...refunds.map((refund): Label => ({
          ...label(refund, [], "missing_in_erp"),
          abstain: true,
        })),
        { ...orphan(document), abstain: true },
      ],
    };
  },
  "an order with forty refunds": (draw) => {
    const refunds = Array.from({ length: 40 }, (_, index) =>
      draw.refund({ processedAt: hours(index) }),
    );
    const documents = refunds.slice(1).map((refund) => draw.booking(refund));
    return {
      refunds,
      documents,
      labels: refunds.map((refund, index) =>
        index === 0
          ? label(refund, [], "missing_in_erp")
          : label(refund, [nth(documents, index - 1)]),
      ),
    };
  },
  "partial sync, by payment": (draw) => {
    const amount = draw.amount();
    const reference = `re_3N${draw.order.slice(1)}xyz`;
    const refund = draw.refund({
      amount,
      transactions: [aPayment({ amount, references: [reference] })],
    });
    const document = draw.booking(refund, { ...LOOSE, paymentReferences: [reference] });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "order_reference_missing")],
    };
  },
  "partial sync, by amount alone": (draw) => {
    const refund = draw.refund({ amount: `77${draw.order.slice(1)}.13` });
    const document = draw.booking(refund, LOOSE);
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "order_reference_missing")],
    };
  },
  "only the refund's id": (draw) => {
    const refund = draw.refund();
    const document = draw.booking(refund, {
      ...LOOSE,
      refers: `gid://shopify/Refund/${refund.refundId}`,
    });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "order_reference_missing")],
    };
  },
  "an unrelated credit of the same order": (draw) => {
    const refund = draw.refund();
    const document = draw.booking(refund, { refers: draw.naming(refund) });
    const goodwill = draw.booking(refund, { total: "5.00", createdAt: after(refund, 4) });
    return {
      refunds: [refund],
      documents: [document, goodwill],
      labels: [label(refund, [document]), orphan(goodwill)],
    };
  },
};
