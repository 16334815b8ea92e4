import { describe, expect, it } from "vitest";

import { EXCEPTION_STATUSES } from "../../../lambdas/refund/record/sync-record.ts";
import type { SyncRecord } from "../../../lambdas/refund/record/sync-record.ts";
import { tieOutAll } from "../../../lambdas/refund/tie-out/tie-out-all.ts";
import { hardCorpus } from "./hard-corpus.ts";
import type { Label } from "./hard-corpus-draw.ts";
import { kindsOf, policy } from "../order-in-step.ts";

const NOW = "2026-11-20T12:00:00.000Z";

describe.each([1, 2, 3])("the hard corpus, seed %i", (seed) => {
  const cases = hardCorpus(seed, 12);
  const records = tieOutAll(
    {
      refunds: cases.flatMap(({ refunds }) => refunds),
      documents: cases.flatMap(({ documents }) => documents),
    },
    policy,
    NOW,
  );
  const byId = new Map(records.map((record) => [record.id, record]));
  const rows = cases.flatMap(({ name, labels }) =>
    labels.map((label) => ({ name, label, record: byId.get(label.id) })),
  );

  it("has a record for every label and a label for every record", () => {
    expect(rows.filter(({ record }) => record === undefined).map(({ name }) => name)).toEqual([]);
    expect(records.length).toBe(rows.length);
  });

  it("links nothing wrongly, row by row: precision is 1.000", () => {
    const wrong = rows.filter(({ label, record }) =>
      linksOf(record).some((id) => !label.documents.includes(id)),
    );
    expect(wrong.map(({ name, record }) => [name, record?.match?.reason])).toEqual([]);
  });

  it("finds every link that the data can prove: recall is 1.000", () => {
    const lost = rows.filter(
      ({ label, record }) =>
        label.abstain === undefined && label.documents.some((id) => !heldBy(record).includes(id)),
    );
    expect(lost.map(({ name }) => name)).toEqual([]);
  });

  it("tells exactly the kinds of mismatch that are there, row by row", () => {
    const wrong = rows.filter(
      ({ label, record }) =>
        record === undefined ||
        kindsOf(record).toSorted().join() !== [...label.kinds].toSorted().join(),
    );
    expect(
      wrong.map(({ name, label, record }) => [
        name,
        label.kinds,
        record === undefined ? null : kindsOf(record),
      ]),
    ).toEqual([]);
  });

  it("calls an exception what is one, and nothing else", () => {
    const wrong = rows.filter(({ label, record }) => {
      const isOne = label.kinds.some((kind) => kind !== "late");
      return record === undefined || EXCEPTION_STATUSES.has(record.status) !== isOne;
    });
    expect(wrong.map(({ name, record }) => [name, record?.status])).toEqual([]);
  });

  it("lists what it abstained on, with the candidates", () => {
    const abstained = rows.filter(({ label }) => label.abstain === true);
    expect(abstained.length).toBeGreaterThan(0);
    for (const { name, record } of abstained) {
      expect(record?.match, name).toBeNull();
      expect(record?.ambiguous.length, name).toBeGreaterThan(0);
    }
    process.stdout.write(`${report(seed, rows)}\n`);
  });
});

type Row = {
  readonly name: string;
  readonly label: Label;
  readonly record: SyncRecord | undefined;
};

function linksOf(record: SyncRecord | undefined): readonly string[] {
  return record === undefined || record.match === null ? [] : heldBy(record);
}

function heldBy(record: SyncRecord | undefined): readonly string[] {
  return record?.documents.map(({ documentId }) => documentId) ?? [];
}

/** Counts, recall by kind, and what was left alone: what somebody who doubts would ask for. */
function report(seed: number, rows: readonly Row[]): string {
  const kinds = [...new Set(rows.flatMap(({ label }) => label.kinds))].toSorted();
  const recall = kinds.map((kind) => {
    const there = rows.filter(({ label }) => label.kinds.includes(kind));
    const found = there.filter(({ record }) => kindsOf(record).includes(kind));
    return `${kind} ${found.length}/${there.length}`;
  });
  const links = rows.flatMap(({ record }) => linksOf(record)).length;
  const abstained = rows.filter(({ label }) => label.abstain === true);
  const names = [...new Set(abstained.map(({ name }) => name))].join("; ");
  return `hard corpus, seed ${seed}: ${rows.length} rows, ${links} links, recall ${recall.join(", ")}; abstained on ${abstained.length} rows (${names})`;
}
