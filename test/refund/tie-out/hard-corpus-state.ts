import { aPayment, componentsOf, hours, NOON } from "../order-in-step.ts";
import { after, label } from "./hard-corpus-draw.ts";
import type { Draw, Made } from "./hard-corpus-draw.ts";

/** What changes with time and state. */
export const STATES: Readonly<Record<string, (draw: Draw) => Made>> = {
  "the ERP first": (draw) => {
    const refund = draw.refund({ processedAt: hours(5) });
    const document = draw.booking(refund, { createdAt: hours(3) });
    return { refunds: [refund], documents: [document], labels: [label(refund, [document])] };
  },
  "an exchange that nets": (draw) => {
    const refund = draw.refund({
      settled: "0.00",
      settledAt: null,
      transactions: [],
      benign: ["exchange_netted"],
      components: componentsOf("40.00", "USD"),
    });
    const gross = draw.booking(refund, { total: "40.00" });
    const booked = draw.below(2) === 0;
    return {
      refunds: [refund],
      documents: booked ? [gross] : [],
      labels: [label(refund, booked ? [gross] : [])],
    };
  },
  "pending, then settled": (draw) => {
    const settledAt = hours(40);
    const amount = draw.amount();
    const refund = draw.refund({
      processedAt: NOON,
      amount,
      settledAt,
      transactions: [aPayment({ amount, processedAt: settledAt })],
    });
    const document = draw.booking(refund, { createdAt: hours(43) });
    return { refunds: [refund], documents: [document], labels: [label(refund, [document])] };
  },
  "still pending": (draw) => {
    const amount = draw.amount();
    const refund = draw.refund({
      settled: "0.00",
      pending: amount,
      settledAt: null,
      transactions: [aPayment({ amount, status: "pending", processedAt: null })],
    });
    return { refunds: [refund], documents: [], labels: [label(refund, [])] };
  },
  "pending, then failed, and booked": (draw) => {
    const amount = draw.amount();
    const refund = draw.refund({
      settled: "0.00",
      settledAt: null,
      benign: ["payment_failed"],
      transactions: [aPayment({ amount, status: "failure", processedAt: hours(30) })],
    });
    const document = draw.booking(refund, { total: amount });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "status")],
    };
  },
  "booked as something that is no refund document": (draw) => {
    const refund = draw.refund({});
    const document = draw.booking(refund, { kind: "other" });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "transaction_type")],
    };
  },
  "the ERP names another payment of the same scheme": (draw) => {
    const amount = draw.amount();
    const refund = draw.refund({
      amount,
      transactions: [aPayment({ amount, references: ["re_3Nabcdefghijklmn"] })],
    });
    const document = draw.booking(refund, { paymentReferences: ["re_3Nzyxwvutsrqponm"] });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "payment_reference_missing")],
    };
  },
  "the hour that clocks repeat, at the end of a month": (draw) => {
    // 2026-11-01 01:30 in New York comes twice; both are November there and October nowhere.
    const refund = draw.refund({
      processedAt: draw.below(2) === 0 ? "2026-11-01T05:30:00.000Z" : "2026-11-01T06:30:00.000Z",
    });
    const document = draw.booking(refund, {
      createdAt: "2026-11-01T08:00:00.000Z",
      bookedOn: "2026-11-01",
    });
    return { refunds: [refund], documents: [document], labels: [label(refund, [document])] };
  },
  "booked into the next month": (draw) => {
    const refund = draw.refund({ processedAt: "2026-11-01T02:00:00.000Z" });
    const document = draw.booking(refund, {
      createdAt: "2026-11-01T05:00:00.000Z",
      bookedOn: "2026-11-01",
    });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "period")],
    };
  },
  "late, after the alert": (draw) => {
    const refund = draw.refund();
    const document = draw.booking(refund, { createdAt: after(refund, 15) });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "late")],
    };
  },
  "the same page twice and out of order": (draw) => {
    const refund = draw.refund();
    const document = draw.booking(refund, { modifiedAt: after(refund, 8) });
    const before = { ...document, total: "1.00", modifiedAt: document.createdAt };
    return {
      refunds: [refund, refund],
      documents: [document, before, document],
      labels: [label(refund, [document])],
    };
  },
  "voided and posted again": (draw) => {
    const refund = draw.refund();
    const [voided, again] = [
      draw.booking(refund, { state: "voided" }),
      draw.booking(refund, { createdAt: after(refund, 5) }),
    ];
    return {
      refunds: [refund],
      documents: [voided, again],
      labels: [
        label(refund, [again]),
        { id: `document:${voided.documentId}`, documents: [voided.documentId], kinds: [] },
      ],
    };
  },
  "voided for good": (draw) => {
    const refund = draw.refund();
    const document = draw.booking(refund, { state: "voided", refers: draw.naming(refund) });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "status")],
    };
  },
  "never approved": (draw) => {
    const refund = draw.refund();
    const document = draw.booking(refund, { state: "unapproved", final: false });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "status")],
    };
  },
};
