import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { asOf } from "../../../lambdas/refund/record/as-of.ts";
import { Money } from "../../../lambdas/refund/money/money.ts";
import { tieOut } from "../../../lambdas/refund/tie-out/tie-out.ts";
import { hours, LATER, nth, policy, tie } from "../order-in-step.ts";
import { orders, shuffled, usd, told, alike, documentIds } from "./any-order.ts";

describe("tie-out, whatever the order", () => {
  it("gives the same records for any order of arrival and any repetition", () => {
    fc.assert(
      fc.property(orders, fc.nat(1_000), (order, seed) => {
        const records = tie(order.refunds, order.documents);
        expect(
          tie(
            shuffled([...order.refunds, ...order.refunds.slice(0, 3)], seed),
            shuffled([...order.documents, ...order.documents.slice(0, 3)], seed + 1),
          ),
        ).toEqual(records);
      }),
    );
  });

  it("has one record for each refund and holds each document exactly once", () => {
    fc.assert(
      fc.property(orders, ({ refunds: some, documents: others }) => {
        const records = tie(some, others);
        const ids = records.flatMap(({ refund }) => refund?.refundId ?? []);
        expect(ids.toSorted()).toEqual(some.map(({ refundId }) => refundId).toSorted());
        expect(documentIds(records).toSorted()).toEqual(
          others.map(({ documentId }) => documentId).toSorted(),
        );
      }),
    );
  });

  it("tells differences that add up: booked is expected and the differences", () => {
    fc.assert(
      fc.property(orders, ({ refunds: some, documents: others }) => {
        const records = tie(some, others).filter((record) =>
          record.documents.every(({ currency, state }) => currency === "USD" && state !== "voided"),
        );
        const expected = Money.sum(
          records.flatMap(({ refund }) => (refund === null ? [] : [usd(refund.settled)])),
          "USD",
        );
        const pending = records.filter(
          ({ status, documents: held }) => status === "pending" || held.length === 0,
        );
        const open = Money.sum(
          pending.flatMap(({ refund, status }) =>
            refund === null || status === "stale" ? [] : [usd(refund.settled)],
          ),
          "USD",
        );
        const early = Money.sum(
          pending.flatMap(({ refund, documents: held }) =>
            refund === null ? held.map(({ total }) => usd(total)) : [],
          ),
          "USD",
        );
        const counted = new Set<string>();
        const booked = Money.sum(
          records.flatMap(({ documents: held }) =>
            held.flatMap(({ documentId, total }) => {
              if (counted.has(documentId)) return [];
              counted.add(documentId);
              return [usd(total)];
            }),
          ),
          "USD",
        );
        const differences = Money.sum(
          records.flatMap(({ mismatches }) =>
            mismatches
              .filter(
                ({ kind }) =>
                  kind === "amount" || kind.startsWith("missing") || kind === "duplicate_in_erp",
              )
              .map(({ difference }) => usd(difference)),
          ),
          "USD",
        );
        expect(booked.minus(early).toString()).toBe(
          expected.minus(open).plus(differences).toString(),
        );
      }),
    );
  });

  it("swaps nothing but labels when equal refunds swap theirs", () => {
    fc.assert(
      fc.property(orders, ({ refunds: some, documents: others }) => {
        const plain = others.map((document) => ({
          ...document,
          references: document.references.slice(0, 1),
        }));
        const relabelled = some.map((refund, index) => ({
          ...refund,
          refundId: `80000${some.length - index}`,
        }));
        expect(told(tie(relabelled, plain))).toEqual(told(tie(some, plain)));
      }),
    );
  });

  it("says at an instant what it would have said then, of what was there", () => {
    fc.assert(
      fc.property(
        orders,
        fc.integer({ min: 0, max: 48 }),
        ({ refunds: some, documents: others }, at) => {
          const seen = { order: "1001", refunds: some, documents: others };
          const then = tieOut(asOf(seen, hours(at)), policy, hours(at));
          const before = {
            order: "1001",
            refunds: some.filter(({ processedAt }) => processedAt <= hours(at)),
            documents: others.filter(({ createdAt }) => createdAt <= hours(at)),
          };
          expect(then.map(({ id }) => id)).toEqual(
            tieOut(before, policy, hours(at)).map(({ id }) => id),
          );
        },
      ),
    );
  });

  it("lets the history of a later look begin with that of an earlier one", () => {
    fc.assert(
      fc.property(
        orders,
        fc.integer({ min: 0, max: 40 }),
        ({ refunds: some, documents: others }, at) => {
          const seen = { order: "1001", refunds: some, documents: others };
          const now = tieOut(seen, policy, LATER);
          for (const then of tieOut(asOf(seen, hours(at)), policy, hours(at))) {
            const later = now.find(({ id }) => id === then.id);
            // What was told of a document before its refund came stays with the document.
            const since = then.refund?.processedAt ?? "";
            const settled = then.history.filter(
              ({ at: when }) => when < hours(at - 0.25) && when >= since,
            );
            for (const { at: when, status } of settled) {
              const steps = later?.history ?? [];
              if (steps.length === 0 || nth(steps, 0).at < nth(then.history, 0).at) continue; // began as an orphan
              expect(
                steps.some((step) => step.at === when && alike(step.status) === alike(status)),
              ).toBe(true);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
