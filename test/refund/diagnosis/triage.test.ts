import * as fc from "fast-check";
import { expect, it } from "vitest";
import { triage, TRIAGE_QUESTIONS } from "../../../lambdas/refund/diagnosis/questions/triage.ts";

const answer = fc.constantFrom("yes" as const, "no" as const, "mixed" as const, "unknown" as const);
const answers = fc.record({ 1: answer, 2: answer, 3: answer, 4: answer, 5: answer });

it.each([
  [{ 1: "yes", 2: "no", 3: "no", 4: "yes", 5: "yes" }, "integration"],
  [{ 1: "no", 2: "yes", 3: "yes", 4: "no", 5: "no" }, "process"],
  [{ 2: "yes", 3: "yes" }, "process"],
  [{}, "undetermined"],
  [{ 1: "yes" }, "undetermined"],
  [{ 2: "yes", 3: "no", 5: "yes" }, "undetermined"],
] as const)("by hand, %j is %s", (given, cause) => {
  expect(triage({ answers: given }).cause).toBe(cause);
});

it("says what would settle it, the weightiest question first", () => {
  const { settledBy, cause, confidence } = triage({ answers: { 1: "yes" } });
  expect([cause, confidence]).toEqual(["undetermined", 0]);
  expect(settledBy[0]).toContain("Did a person edit");
});

it("puts a person's answer above the data's, and says whose it is", () => {
  const known = [
    { id: 2, answer: "no", points: "integration", evidence: "0 of 9 touched" },
  ] as const;
  expect(triage({ known }).questions[1]).toMatchObject({
    answer: "no",
    from: "data",
    evidence: "0 of 9 touched",
  });
  expect(triage({ known, answers: { 2: "yes" } }).questions[1]).toMatchObject({
    answer: "yes",
    from: "person",
  });
});

it("never says more with an answer taken away than with it, and mirrors the families", () => {
  const opposite = { yes: "no", no: "yes", mixed: "mixed", unknown: "unknown" } as const;
  fc.assert(
    fc.property(answers, (given) => {
      const one = triage({ answers: given });
      const mirrored = Object.fromEntries(
        TRIAGE_QUESTIONS.map(({ id }) => [id, opposite[given[id]]]),
      );
      const other = triage({ answers: mirrored });
      expect(other.confidence).toBeCloseTo(one.confidence, 9);
      const turned = { integration: "process", process: "integration" } as const;
      const wanted =
        one.cause === "integration" || one.cause === "process" ? turned[one.cause] : one.cause;
      expect(other.cause).toBe(wanted);
    }),
  );
});
