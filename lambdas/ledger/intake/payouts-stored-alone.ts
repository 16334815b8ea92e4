import type { ErpDocument } from "../../refund/observation/observation.ts";
import { partitionOfDocument } from "../documents-without-order.ts";
import type { Stores } from "../ports.ts";
import { storedRecord } from "../store/record-item.ts";

/**
 * Documents that were stored as separate documents, without an order, and are now known as parts of
 * another one: payouts of a credit memo, and requests from which a credit memo was made. When they
 * were read, the link was not readable or the other document did not exist yet.
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
    if (document === undefined) continue;
    const state = document.kind === "credit_memo_request" ? "billed" : "payout";
    if (document.state !== state) found.push({ ...document, state, final: true });
  }
  return found;
}
