import type { LifeDocument } from "../life/life.ts";
import type { Versioned } from "./tables.ts";

/** One row for each pair of lines: a credit and its order, or a payout and the credit it pays. */
export function linkRows(documents: readonly LifeDocument[]): Versioned[] {
  const byId = new Map(documents.map((document) => [document.documentId, document]));
  return documents.flatMap((document): Versioned[] => {
    const { documentId, type, createdFrom, pays, versions } = document;
    const span = { seen_from: versions[0]?.at ?? null, seen_to: document.deletedAt };
    const next = { ...span, nextdoc: documentId, nexttype: type };
    const lines = versions[0]?.lines ?? [];
    // A payout of a deposit has no items: its only line is connected with the deposit's line.
    const connected = lines.length > 0 ? lines : [{ amount: versions[0]?.total ?? null }];
    const made = connected.map((line, at) => ({
      ...next,
      previousdoc: createdFrom?.internalId ?? null,
      previousline: at + 1,
      previoustype: createdFrom?.type ?? null,
      nextline: at + 1,
      linktype: "SaleRet",
      foreignamount: line.amount,
    }));
    const paid = pays === null ? undefined : byId.get(pays);
    const payment =
      paid === undefined
        ? []
        : [
            {
              ...next,
              seen_to:
                [paid.deletedAt, document.deletedAt].flatMap((at) => at ?? []).toSorted()[0] ??
                null,
              previousdoc: paid.documentId,
              previousline: 0,
              previoustype: paid.type,
              nextline: 1,
              linktype: "Payment",
              foreignamount: versions.at(-1)?.total ?? null,
            },
          ];
    return [...(createdFrom === null ? [] : made), ...payment];
  });
}
