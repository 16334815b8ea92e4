import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

import { CATALOGUE, catalogueTable } from "../../faults/catalogue.ts";
import { PLANTED_BUGS } from "../../faults/planted.ts";
import { FAULT_KINDS } from "../../faults/suite.ts";

it("names what holds each of the 52 faults, or why nothing does", () => {
  expect(CATALOGUE.map(({ row }) => row)).toEqual(Array.from({ length: 52 }, (_, at) => at + 1));
  const held = CATALOGUE.filter(
    ({ injected, inEveryWorld, tests }) => injected || inEveryWorld || tests.length > 0,
  );
  expect(held).toHaveLength(46);
  expect(CATALOGUE.filter(({ not }) => not !== null).map(({ row }) => row)).toEqual([
    8, 29, 35, 40, 41, 52,
  ]);
});

it("injects only faults that are in the catalogue", () => {
  const rows = new Set(CATALOGUE.map(({ row }) => row));
  expect(FAULT_KINDS.filter(({ row }) => !rows.has(row))).toEqual([]);
});

it("points at tests that are there", () => {
  const lost = CATALOGUE.flatMap(({ tests }) => tests).filter(
    ([file, words]) => !readFileSync(file, "utf8").includes(words),
  );
  expect(lost).toEqual([]);
});

it("plants its bugs in code that is there once", () => {
  const lost = PLANTED_BUGS.flatMap(({ name, changes }) =>
    changes
      .filter(({ file, find }) => readFileSync(file, "utf8").split(find).length !== 2)
      .map(({ file }) => `${name}: ${file}`),
  );
  expect(lost).toEqual([]);
});

it("is the table of docs/reliability.md", () => {
  expect(columns(readFileSync("docs/reliability.md", "utf8"))).toContain(columns(catalogueTable()));
});

/** Without the spaces that a formatter puts between columns. */
function columns(text: string): string {
  return text.replaceAll(/ +\|/g, " |").replaceAll(/-+/g, "-");
}
