import type { Brand } from "../lambdas/brand.ts";
import { counted } from "../lambdas/reports/figures.ts";
import type { Proposal } from "./proposed-settings.ts";
import { report } from "./report-line.ts";

/** Prints whose documents the ERP showed, and what each company, number and user means. */
export function reportOwners({ learned, makers }: Proposal, { erp }: Brand): void {
  const { companies } = erp.scope;
  for (const { value, seen, agreed, ownership } of learned.company) {
    const isLeftOut = companies.length > 0 && !companies.includes(value);
    const whose = isLeftOut
      ? ownership === "ours"
        ? "erp.scope leaves it out, although it seems to be this shop's: add it to erp.scope.companies"
        : "erp.scope leaves it out"
      : WHOSE[ownership];
    report("note", `company ${value}: ${agreement(seen, agreed)}; ${whose}.`);
  }
  for (const { value, seen, agreed, ownership } of learned.prefix) {
    report("note", `number prefix ${value}: ${agreement(seen, agreed)}; ${WHOSE[ownership]}.`);
  }
  const machines = makers.filter(({ isMachine }) => isMachine);
  for (const { id, documents, agreed, isOurs } of machines.slice(0, MOST_MAKERS)) {
    const what = erp.integrationUsers.includes(id)
      ? "a machine, listed in erp.integrationUsers"
      : isOurs
        ? "a machine: add it to erp.integrationUsers"
        : "a machine, but not certainly this shop's: nothing to add";
    report("note", `user ${id}: ${agreement(documents, agreed)}; ${what}.`);
  }
  if (machines.length > MOST_MAKERS) {
    report("note", `and ${machines.length - MOST_MAKERS} more machines.`);
  }
  const people = makers.filter(({ isMachine }) => !isMachine);
  if (people.length > 0) {
    const made = counted(
      people.reduce((sum, { documents }) => sum + documents, 0),
      "document",
    );
    report(
      "note",
      `${counted(people.length, "more user")} made ${made}, and are not in erp.integrationUsers, so they count as people. Add those that are machines: ${people.map(({ id }) => id).join(", ")}.`,
    );
  }
}

function agreement(seen: number, agreed: number): string {
  return `${agreed} of ${counted(seen, "document")} ${agreed === 1 ? "agrees" : "agree"} with a refund`;
}

const WHOSE = {
  ours: "this shop's",
  unclear: "it is unclear whose they are: erp.scope decides it",
  probably_not_ours: "they are probably another business's",
} as const;

const MOST_MAKERS = 12;
