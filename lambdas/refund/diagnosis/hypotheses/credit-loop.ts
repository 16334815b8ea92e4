import type { CreditLoop, GivenCredit } from "../knowledge/credit-loops.ts";
import type { BrandKnowledge } from "../knowledge/brand-knowledge.ts";
import type { SyncRecord } from "../../record/sync-record.ts";
import { dayAndMonth } from "../../time/days-in-words.ts";
import { besideOthers, signOf } from "./hypothesis.ts";
import type { Hypothesis } from "./hypothesis.ts";

/**
 * The refund is one of the two events of a store credit loop, so people who handled one problem
 * twice may have entered it once.
 *
 * @param others the weight of all other reasons together
 */
export function inCreditLoop(
  { refund }: SyncRecord,
  { loops }: BrandKnowledge,
  others: number,
): Hypothesis[] {
  const [loop] = refund === null ? [] : loops.of(refund.refundId);
  return loop === undefined ? [] : [besideOthers(signOf("credit_loop", loopInWords(loop)), others)];
}

function loopInWords({ issued, rivals, again }: CreditLoop): string {
  const others = rivals === 0 ? "" : ` (or one of ${rivals} other credits of this customer)`;
  return `One problem may have two refunds: ${eventInWords(issued)} gave credit${others}, the same customer's credit paid order ${again.orderNumber}, and ${eventInWords(again)} was given as credit again.`;
}

function eventInWords({ orderNumber, amount, currency, at }: GivenCredit): string {
  return `the refund of order ${orderNumber} (${amount} ${currency}, ${dayAndMonth(at.slice(0, 10))})`;
}
