import { Money } from "../money/money.ts";
import type { Amount } from "../money/amount.ts";
import type { LearnedOwnership } from "../observation/learned-ownership.ts";
import { otherOwnerTrait, proposedScope, TRAITS } from "../observation/ownership.ts";
import { EXCEPTION_STATUSES } from "../record/sync-record.ts";
import type { SyncRecord } from "../record/sync-record.ts";
import type { Summary, SummaryException } from "./summary.ts";

/** What is another business's, or may be, and the setting that leaves it out. */
export function otherBusinesses(
  rows: readonly SummaryException[],
  { brand, learned, records }: Day,
): Summary["otherBusinesses"] {
  const theirs = rows.filter((row) => !isOurs(row));
  const unclear = rows.filter(isUnclear);
  const sumOf = (some: readonly SummaryException[]): Amount => {
    const own = some.filter(({ currency }) => currency === brand.currency);
    const amounts = own.map(({ amount, currency }) => Money.of(amount, currency));
    return Money.sum(amounts, brand.currency).toString();
  };
  const found =
    theirs.length + unclear.length === 0 || learned === null ? NOTHING_LEARNED : learned;
  const owners = records
    .filter((record) => EXCEPTION_STATUSES.has(record.status) && record.ownership !== null)
    .flatMap(({ documents }) => documents.slice(0, 1))
    .flatMap((document) => otherOwnerTrait(document, found) ?? []);
  const traits = TRAITS.flatMap((trait) =>
    found[trait].flatMap(({ value, seen, agreed, ownership }) => {
      const open = owners.filter((one) => one.trait === trait && one.value === value).length;
      return ownership === "ours" ? [] : [{ trait, value, ownership, open, seen, agreed }];
    }),
  );
  return {
    count: theirs.length,
    amount: sumOf(theirs),
    unclear: { count: unclear.length, amount: sumOf(unclear) },
    setting: proposedScope(found),
    traits,
  };
}

type Day = {
  readonly brand: { readonly currency: string };
  /** Each open exception is among them. */
  readonly records: readonly SyncRecord[];
  /** Null before anything was learned. */
  readonly learned: LearnedOwnership | null;
};

type Owned = { readonly ownership?: SyncRecord["ownership"] | undefined };

export function isOurs({ ownership }: Owned): boolean {
  return ownership !== "probably_not_ours";
}

export function isUnclear({ ownership }: Owned): boolean {
  return ownership === "unclear";
}

const NOTHING_LEARNED: LearnedOwnership = { company: [], prefix: [], maker: [] };
