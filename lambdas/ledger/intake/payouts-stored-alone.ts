import type { ErpDocument } from "../../refund/observation/observation.ts";
import { partitionOfDocument } from "../documents-without-order.ts";
import type { Stores } from "../ports.ts";
import { storedRecord } from "../store/record-item.ts";

/**
 * Documents that were stored as separate documents and are now known as payouts of a credit memo.
 * When they were read, the link was not readable or the source did not show the memo yet.
 */
export async function payoutsStoredAlone(
  { ports: { table } }: { readonly ports: Stores },
  ids: readonly string[],
): Promise<readonly ErpDocument[]> {
  const found: ErpDocument[] = [];
  for (const id of ids) {
    const home = await partitionOfDocument(table, id);
    const item = home === null ? null : await table.get(home);
    const [document] = item === null ? [] : storedRecord(item).documents;
    if (document !== undefined && document.state !== "payout")
      found.push({ ...document, state: "payout", final: true });
  }
  return found;
}
