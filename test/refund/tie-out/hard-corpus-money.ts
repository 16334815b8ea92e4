import type { MismatchKind } from "../../../lambdas/refund/record/mismatch.ts";
import { componentsOf, NOON, nth } from "../order-in-step.ts";
import { after, label, plus } from "./hard-corpus-draw.ts";
import type { Draw, Made } from "./hard-corpus-draw.ts";

/** What differs in money, and what only seems to. */
export const MONEY: Readonly<Record<string, (draw: Draw) => Made>> = {
  "edited after posting": (draw) => {
    const refund = draw.refund();
    const document = draw.booking(refund, {
      total: plus(refund.settled, "-5.00"),
      refers: draw.naming(refund),
    });
    return {
      refunds: [{ ...refund, updatedAt: after(refund, 9) }],
      documents: [document],
      labels: [label(refund, [document], "amount")],
    };
  },
  "a cent of rounding drift": (draw) => {
    const refund = draw.refund();
    const document = draw.booking(refund, {
      total: plus(refund.settled, draw.below(2) === 0 ? "0.01" : "-0.01"),
    });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "amount")],
    };
  },
  "two drifted refunds of one order": (draw) => {
    const refunds = [draw.refund({ processedAt: NOON }), draw.refund({ processedAt: NOON })];
    const documents = refunds.map((refund, index) =>
      draw.booking(refund, { total: plus(refund.settled, index === 0 ? "0.01" : "-0.01") }),
    );
    return {
      refunds,
      documents,
      labels: refunds.map((refund, index) => label(refund, [nth(documents, index)], "amount")),
    };
  },
  "the discount forgotten": (draw) => {
    const amount = draw.amount();
    const refund = draw.refund({
      amount,
      components: { ...componentsOf(amount, "USD"), discount: "7.50" },
    });
    const document = draw.booking(refund, {
      total: plus(amount, "7.50"),
      discount: "0.00",
      refers: draw.naming(refund),
    });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "amount", "discount")],
    };
  },
  "shipping left out": (draw) => {
    const components = { ...componentsOf("54.00", "USD"), shipping: "6.50" };
    const refund = draw.refund({ settled: "60.50", components });
    const document = draw.booking(refund, {
      total: "54.00",
      shipping: "0.00",
      tax: components.tax,
      refers: draw.naming(refund),
    });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "amount", "shipping")],
    };
  },
  "tax at another rate, the total kept": (draw) => {
    const refund = draw.refund();
    const document = draw.booking(refund, { tax: plus(refund.components.tax, "0.50") });
    return { refunds: [refund], documents: [document], labels: [label(refund, [document], "tax")] };
  },
  yen: (draw) => {
    const refund = draw.refund({ currency: "JPY" });
    const document = draw.booking(refund, {
      total: plus(refund.settled, draw.below(2) === 0 ? "0" : "-1", "JPY"),
      refers: draw.naming(refund),
    });
    const kinds: MismatchKind[] = document.total === refund.settled ? [] : ["amount"];
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], ...kinds)],
    };
  },
  "Kuwaiti dinars": (draw) => {
    const refund = draw.refund({ currency: "KWD" });
    const document = draw.booking(refund, {
      total: plus(refund.settled, draw.below(2) === 0 ? "0.000" : "0.001", "KWD"),
      refers: draw.naming(refund),
    });
    const kinds: MismatchKind[] = document.total === refund.settled ? [] : ["amount"];
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], ...kinds)],
    };
  },
  "presentment beside shop currency": (draw) => {
    const settled = draw.amount("EUR");
    const presentment = {
      currency: "EUR",
      settled,
      pending: "0.00",
      components: componentsOf(settled, "EUR"),
    };
    const refund = draw.refund({ presentment });
    const document = draw.booking(refund, { currency: "EUR", total: settled });
    return { refunds: [refund], documents: [document], labels: [label(refund, [document])] };
  },
  "the buyer's number in the shop's currency": (draw) => {
    const settled = draw.amount("EUR");
    const presentment = {
      currency: "EUR",
      settled,
      pending: "0.00",
      components: componentsOf(settled, "EUR"),
    };
    const refund = draw.refund({ presentment });
    const document = draw.booking(refund, { total: settled, refers: draw.naming(refund) });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "amount", "currency")],
    };
  },
  "equal number in a foreign currency": (draw) => {
    const refund = draw.refund();
    const document = draw.booking(refund, { currency: "CAD", refers: draw.naming(refund) });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "currency")],
    };
  },
  "a balancing line": (draw) => {
    const refund = draw.refund();
    const short = plus(refund.components.items ?? "0.00", "-3.00");
    const lines = [
      ["item", "SHIRT", short],
      ["tax", null, refund.components.tax],
      ["other", null, "3.00"],
    ] as const;
    const document = draw.booking(refund, {
      tax: refund.components.tax,
      lines: lines.map(([kind, sku, amount]) => ({ kind, sku, amount, quantity: 1 })),
    });
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], "amount")],
    };
  },
  "beyond 2^53 minor units": (draw) => {
    const refund = draw.refund({ amount: "90071992547409930.17" });
    const document = draw.booking(refund, {
      total: draw.below(2) === 0 ? refund.settled : "90071992547409930.16",
    });
    const kinds: MismatchKind[] = document.total === refund.settled ? [] : ["amount"];
    return {
      refunds: [refund],
      documents: [document],
      labels: [label(refund, [document], ...kinds)],
    };
  },
};
