import type { Life } from "../../local/life/life.ts";
import type { JudgedException, JudgedLife } from "./judged-life.ts";
import { truthsById } from "./truths-by-id.ts";

/** Counts the product's verdicts against the truth, over any number of lives. */
export class Scoreboard {
  readonly causes = new Confusion();
  readonly patterns = new Confusion();
  readonly kinds = new Map<string, { found: number; invented: number; overlooked: number }>();
  /** By tenth of the stated confidence: all verdicts, the right ones, the sum of confidences. */
  readonly calibration = new Map<number, { said: number; right: number; stated: number }>();
  /** Verdicts with a stated confidence of 0.85 to 0.95. */
  readonly nearNinety = { said: 0, right: 0 };
  lives = 0;
  exceptions = 0;
  /** Exceptions of refunds without a fault. */
  falseAlarms = 0;
  /** Documents that the product set apart as probably another business's. */
  setApart = 0;
  /** Of these, the ones that are this shop's own faults: the product hid them. */
  hidden = 0;
  cohorts = 0;
  /** Cohorts in which at least half of the records have no fault. */
  falseCohorts = 0;
  /** Cohorts that name a cause, and those whose cause is that of most of their records. */
  decidedCohorts = 0;
  rightCohorts = 0;
  links = 0;
  wrongLinks = 0;
  missedLinks = 0;

  /** One verdict per record: the last one that was given while it was an exception. */
  countExceptions(exceptions: Iterable<JudgedException>): void {
    for (const { record, truth, cause, pattern, confidence } of exceptions) {
      if (record.ownership === "probably_not_ours") {
        this.setApart += 1;
        if (truth !== null && truth.cause !== null) this.hidden += 1;
        continue;
      }
      this.exceptions += 1;
      if (truth === null || truth.cause === null) {
        this.falseAlarms += 1;
        continue;
      }
      this.causes.count(truth.cause, cause);
      this.patterns.count(truth.pattern ?? NONE, pattern ?? NONE);
      if (cause === "undetermined") continue;
      if (confidence >= 0.85 && confidence <= 0.95) {
        this.nearNinety.said += 1;
        if (truth.cause === cause) this.nearNinety.right += 1;
      }
      const tenth = Math.min(9, Math.floor(confidence * 10));
      const seen = this.calibration.get(tenth) ?? { said: 0, right: 0, stated: 0 };
      this.calibration.set(tenth, {
        said: seen.said + 1,
        right: seen.right + (truth.cause === cause ? 1 : 0),
        stated: seen.stated + confidence,
      });
    }
  }

  /** Counts what is known only at the end of a life: kinds of mismatch, links and cohorts. */
  countEnd(life: Life, { records, said, exceptions }: JudgedLife): void {
    this.lives += 1;
    const truths = truthsById(life);
    for (const record of records) {
      const truth = truths.of(record);
      const wanted = new Set(truth?.mismatches);
      const given = new Set<string>(record.mismatches.map(({ kind }) => kind));
      for (const kind of new Set([...wanted, ...given])) {
        const seen = this.kinds.get(kind) ?? { found: 0, invented: 0, overlooked: 0 };
        if (!given.has(kind)) seen.overlooked += 1;
        else if (wanted.has(kind)) seen.found += 1;
        else seen.invented += 1;
        this.kinds.set(kind, seen);
      }
      if (record.refund === null || truth === null) continue;
      const own = new Set(truth.documentIds);
      const foreign = record.documents.filter(({ documentId }) => !own.has(documentId));
      if (record.documents.length > 0) this.links += 1;
      else if (own.size > 0 && !wanted.has("missing_in_erp")) this.missedLinks += 1;
      if (foreign.length > 0) this.wrongLinks += 1;
    }
    this.#countCohorts(said, exceptions);
  }

  #countCohorts({ cohorts, members }: JudgedLife["said"], exceptions: readonly JudgedException[]) {
    const causes = new Map(
      exceptions.map(({ record, truth }) => [record.id, truth?.cause ?? NONE]),
    );
    for (const [index, cohort] of cohorts.entries()) {
      this.cohorts += 1;
      const own = (members[index] ?? []).map((id) => causes.get(id) ?? NONE);
      const share = (cause: string): number =>
        own.filter((one) => one === cause).length / Math.max(1, own.length);
      if (share(NONE) >= 0.5) this.falseCohorts += 1;
      if (cohort.cause === "undetermined") continue;
      this.decidedCohorts += 1;
      if (share(cohort.cause) > 0.5) this.rightCohorts += 1;
    }
  }
}

/** Counts each pair of a true value and the value that the product said. */
export class Confusion {
  readonly #rows = new Map<string, Map<string, number>>();

  count(so: string, said: string): void {
    const row = this.#rows.get(so) ?? new Map<string, number>();
    row.set(said, (row.get(said) ?? 0) + 1);
    this.#rows.set(so, row);
  }

  at(so: string, said: string): number {
    return this.#rows.get(so)?.get(said) ?? 0;
  }

  names(): string[] {
    const said = [...this.#rows.values()].flatMap((row) => [...row.keys()]);
    return [...new Set([...this.#rows.keys(), ...said])].toSorted();
  }

  total(): number {
    let total = 0;
    for (const row of this.#rows.values()) for (const count of row.values()) total += count;
    return total;
  }

  right(): number {
    return this.names().reduce((sum, name) => sum + this.at(name, name), 0);
  }

  /** For how many the product said this value, whatever the truth is. */
  said(name: string): number {
    return this.names().reduce((sum, so) => sum + this.at(so, name), 0);
  }

  /** For how many this value is true, whatever the product said. */
  so(name: string): number {
    return this.names().reduce((sum, said) => sum + this.at(name, said), 0);
  }

  /** Harmonic mean of precision and recall; null where there was nothing of the kind to find. */
  f1(name: string): number | null {
    if (this.so(name) === 0) return null;
    return (2 * this.at(name, name)) / (this.so(name) + this.said(name));
  }
}

export const NONE = "none";
