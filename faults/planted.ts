/** A bug put into the product's own code, and the checker that must see it. */
export type PlantedBug = {
  readonly name: string;
  /** The checker, by the beginning of its name. */
  readonly caughtBy: string;
  readonly changes: readonly Change[];
  /** Rows of the faults to inject until it is found; empty for schedules without a fault. */
  readonly rows: readonly number[];
};

type Change = {
  readonly file: string;
  /** Must occur exactly once in the file: if not, the bug cannot be planted, which is an error. */
  readonly find: string;
  readonly replace: string;
};

/** Bugs that are known from other projects, and at least one bug for each checker. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: "the next window begins after the watermark, without an overlap",
    caughtBy: "I1",
    rows: [15, 17],
    changes: [
      change(
        "lambdas/ledger/intake/window-reader.ts",
        ": after(watermark, -milliseconds(this.#reading.brand.pull.overlap));",
        ": after(watermark, 60_000);",
      ),
    ],
  },
  {
    name: "the watermark comes from our clock",
    caughtBy: "I1",
    rows: [6, 18],
    changes: [
      change(
        "lambdas/ledger/intake/window-reader.ts",
        "const watermark = latest(this.#state.watermark, earliest(highWater, until));\n    await this.#save({\n      watermark,\n      // After",
        "const watermark = asked;\n    await this.#save({\n      watermark,\n      // After",
      ),
      change(
        "lambdas/ledger/intake/window-reader.ts",
        "const until = latest(readThrough, this.#toldThrough(asked)) ?? asked;",
        "const until = asked;",
      ),
      change(
        "lambdas/ledger/intake/window-reader.ts",
        ": after(watermark, -milliseconds(this.#reading.brand.pull.overlap));",
        ": watermark;",
      ),
    ],
  },
  {
    name: "a page is acknowledged before it is committed",
    caughtBy: "I1",
    rows: [4, 30, 28],
    changes: [
      change(
        "lambdas/ledger/intake/window-reader.ts",
        "({ hasNews } = await this.#take(page, { kind, since: progress.since }));",
        "if (page.next !== null) await this.#save({ [kind]: { ...progress, cursor: page.next } });\n      ({ hasNews } = await this.#take(page, { kind, since: progress.since }));",
      ),
    ],
  },
  {
    name: "a message is published before it is claimed",
    caughtBy: "I6",
    rows: [1, 6],
    changes: [
      change(
        "lambdas/ledger/store/outbox.ts",
        "if (!(await table.put(claimed(message, version, clock()), version))) continue;",
        "",
      ),
    ],
  },
  {
    name: "a message is not marked as sent",
    caughtBy: "I6",
    rows: [4, 28, 30],
    changes: [
      change("lambdas/ledger/store/outbox.ts", 'await table.put(sent(message, now), "any");', ""),
      change(
        "lambdas/ledger/store/outbox.ts",
        'await table.remove({ pk: "outbox", sk: dedupeKey });\n    } catch',
        "\n    } catch",
      ),
    ],
  },
  {
    name: "pages are cut by offset",
    caughtBy: "I1",
    rows: [15],
    changes: [
      change(
        "lambdas/systems/erp/netsuite/query.ts",
        '...(after === null ? [] : [keyset("t.lastmodifieddate", "t.id", after)]),',
        "",
      ),
      change(
        "lambdas/systems/erp/netsuite/query.ts",
        'return `${headers(account)} WHERE ${conditions.join(" AND ")} ORDER BY t.lastmodifieddate, t.id`;',
        'const all = `${headers(account)} WHERE ${conditions.join(" AND ")} ORDER BY t.lastmodifieddate, t.id`;\n  return after === null ? all : `SELECT * FROM (${all} OFFSET ${after.id}) AS paged`;',
      ),
      change(
        "lambdas/systems/erp/netsuite/netsuite.ts",
        "const next = client.goesOn(page) ? cursorAfter(page.rows, after) : null;",
        "const counted = String(Number(after?.id ?? 0) + page.rows.length);\n    const next = client.goesOn(page) ? JSON.stringify({ at: cursorAt(page.rows, after), id: counted }) : null;",
      ),
      change(
        "lambdas/systems/erp/netsuite/netsuite.ts",
        "function readCursor(",
        "function cursorAt(rows: readonly Row[], _after: Key | null): unknown {\n  return JSON.parse(cursorAfter(rows, null)).at;\n}\n\nfunction readCursor(",
      ),
    ],
  },
  {
    name: "pages are cut by time alone, and the source's count is not compared",
    caughtBy: "I1",
    rows: [15],
    changes: [
      change(
        "lambdas/ledger/intake/window-doubt.ts",
        "if (reported !== null && counted < reported) {",
        "if (reported !== null && counted < 0) {",
      ),
      change(
        "lambdas/systems/erp/netsuite/query.ts",
        "return `((${time} > ${at}) OR (${time} = ${at} AND ${key} > ${id(after.id)}))`;",
        "return `(${time} > ${at} AND ${key} <> ${id(after.id)})`;",
      ),
    ],
  },
  {
    name: "no fence: the state of a source is overwritten even if another run wrote it in between",
    caughtBy: "I3",
    rows: [5, 1, 6],
    changes: [
      change(
        "lambdas/ledger/store/source-state.ts",
        "state: body }, version);",
        'state: body }, "any");',
      ),
    ],
  },
  {
    name: "no condition: a record overwrites any stored version",
    caughtBy: "I3",
    rows: [5, 6, 1],
    changes: [
      change(
        "lambdas/ledger/order-records.ts",
        "if (!(await table.put(item, before?.version ?? 0))) return false;",
        'await table.put(item, "any");',
      ),
    ],
  },
  {
    name: "a capped list: only the first due item is evaluated",
    caughtBy: "I6",
    rows: [],
    changes: [
      change(
        "lambdas/jobs/watch.ts",
        "      await due.evaluate(item);\n      done.push(item);\n    }\n    from = next;",
        "      if (done.length === 0) await due.evaluate(item);\n      done.push(item);\n    }\n    from = next;",
      ),
      change(
        "lambdas/jobs/watch.ts",
        "    await due.evaluate(item);\n    done.push(item);\n  }\n  if (before",
        "    if (done.length === 0) await due.evaluate(item);\n    done.push(item);\n  }\n  if (before",
      ),
    ],
  },
  {
    name: "documents without a refund are left out of the digest",
    caughtBy: "I4",
    rows: [],
    changes: [
      change(
        "lambdas/ledger/gather-day.ts",
        "return EXCEPTION_STATUSES.has(status);",
        'return status !== "orphaned" && EXCEPTION_STATUSES.has(status);',
      ),
    ],
  },
  {
    name: "the sum of the day's refunds is what the ERP booked",
    caughtBy: "I4",
    rows: [],
    changes: [
      change(
        "lambdas/refund/summary/summarise.ts",
        "if (refund !== null) return refund.settled;",
        "if (refund !== null) return documents[0]?.total ?? refund.settled;",
      ),
    ],
  },
  {
    name: "open alerts are repeated in every run",
    caughtBy: "I6",
    rows: [],
    changes: [
      change(
        "lambdas/refund/alerts/alert-messages.ts",
        'return told.repeatDueAt <= situation.now ? "repeat" : null;',
        'return "repeat";',
      ),
    ],
  },
  {
    name: "a record that did not change is written again",
    caughtBy: "I2",
    rows: [],
    changes: [
      change(
        "lambdas/ledger/store/record-item.ts",
        "if (stored?.content === JSON.stringify([status, at.loose, sides])) return null;",
        "",
      ),
      change(
        "lambdas/ledger/intake/seen-versions.ts",
        "this.#known = new Set(names);",
        "this.#known = new Set([...names].slice(names.length));",
      ),
    ],
  },
  {
    name: "the table of exceptions lacks its first row",
    caughtBy: "I4",
    rows: [],
    changes: [
      change(
        "lambdas/reports/exceptions-csv.ts",
        "const rows = summary.exceptions.map(",
        "const rows = summary.exceptions.slice(1).map(",
      ),
    ],
  },
  {
    name: "what is skipped is not counted",
    caughtBy: "I4",
    rows: [],
    changes: [
      change(
        "lambdas/ledger/intake/page-counts.ts",
        "to.skipped += Object.values(page.skipped).reduce((sum, count) => sum + count, 0);",
        "",
      ),
    ],
  },
  {
    name: "the age is counted from the refund's creation",
    caughtBy: "I5",
    rows: [],
    changes: [
      change(
        "lambdas/refund/observation/refund-figures.ts",
        "return settledAt !== null && settledAt > processedAt ? settledAt : processedAt;",
        "return createdAt;",
      ),
    ],
  },
  {
    name: "stale refunds raise no alert",
    caughtBy: "I6",
    rows: [],
    changes: [
      change("lambdas/refund/alerts/alert-member.ts", '? record.status === "stale"', "? false"),
    ],
  },
  {
    name: "a pull that did not reach its end is counted as one that did",
    caughtBy: "I7",
    rows: [37, 7],
    changes: [
      change(
        "lambdas/jobs/pull.ts",
        'if (report.complete) count("pullCompleted", 1, source);',
        'count("pullCompleted", 1, source);',
      ),
    ],
  },
  {
    name: "the digest says that every source is complete through now",
    caughtBy: "I8",
    rows: [2, 10],
    changes: [
      change(
        "lambdas/ledger/gather-day.ts",
        "      watermark,\n      completeThrough,\n",
        "      watermark,\n      completeThrough: now,\n",
      ),
    ],
  },
  {
    name: "a pull runs until Lambda ends it",
    caughtBy: "I9",
    rows: [7, 15],
    changes: [
      change(
        "lambdas/jobs/pull.ts",
        "context.getRemainingTimeInMillis() - STOP_BEFORE_MS;",
        "context.getRemainingTimeInMillis() - STOP_BEFORE_MS + 45_000;",
      ),
      // The HTTP client of a source then also waits longer for an answer.
      change("faults/simulation.ts", "const STOP_BEFORE_MS = 45_000;", "const STOP_BEFORE_MS = 0;"),
    ],
  },
  {
    name: "another shop's answers are stored",
    caughtBy: "I10",
    rows: [50],
    changes: [
      change(
        "lambdas/jobs/pull.ts",
        "throw new AnotherSource(source, state.identity, answer.identity);",
        'log({ level: "warn", code: "X", sentence: new AnotherSource(source, state.identity, answer.identity).message });',
      ),
    ],
  },
  {
    name: "a buyer's note is kept",
    caughtBy: "I11",
    rows: [],
    changes: [
      change(
        "lambdas/systems/storefront/shopify/client.ts",
        "const told = withoutNotes(parseJson(await send(body), what));",
        "void withoutNotes;\n      const told = parseJson(await send(body), what);",
      ),
    ],
  },
  {
    name: "a record that is not final is read again only once",
    caughtBy: "I1",
    rows: [],
    changes: [
      change(
        "lambdas/ledger/intake/window-reader.ts",
        "const isRead = seen !== undefined && isFinal(seen) && !isUnread;",
        "const isRead = seen !== undefined && !isUnread;",
      ),
    ],
  },
  {
    name: "the look back recognises a record by its id alone, whatever its version",
    caughtBy: "I2",
    rows: [17],
    changes: [
      change(
        "lambdas/ledger/intake/known-listings.ts",
        "has: (seen) => hashes.get(nameOf(seen))?.hash === hashOf(seen),",
        "has: (seen) => hashes.has(nameOf(seen)),",
      ),
    ],
  },
  {
    name: "a message is marked as sent before it is published",
    caughtBy: "I6",
    rows: [33],
    changes: [
      change(
        "lambdas/ledger/store/outbox.ts",
        'await notifier.publish(message);\n        published += 1;\n        await table.put(sent(message, now), "any");',
        'await table.put(sent(message, now), "any");\n        await notifier.publish(message);\n        published += 1;',
      ),
    ],
  },
  {
    name: "a business day has 24 hours",
    caughtBy: "I4",
    rows: [],
    changes: [
      change(
        "lambdas/refund/time/business-day.ts",
        "to: midnight(new Date(noon.getTime() + DAY_MS), timeZone),",
        "to: new Date(Date.parse(midnight(noon, timeZone)) + DAY_MS).toISOString(),",
      ),
    ],
  },
  {
    name: "the table of exceptions shows the amount where the exposure belongs",
    caughtBy: "I4",
    rows: [],
    changes: [
      change(
        "lambdas/reports/exceptions-csv.ts",
        'name: "exposure", cell: ({ exposure }) => number(exposure)',
        'name: "exposure", cell: ({ amount }) => number(amount)',
      ),
    ],
  },
  {
    name: "a digest takes its creation time from the real clock",
    caughtBy: "I12",
    rows: [],
    changes: [
      change(
        "lambdas/ledger/gather-day.ts",
        "generatedAt: evidence.generatedAt,",
        "generatedAt: new Date().toISOString(),",
      ),
    ],
  },
];

function change(file: string, find: string, replace: string): Change {
  return { file, find, replace };
}
