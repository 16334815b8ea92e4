import type { Story } from "../story.ts";

/** The kinds of transaction for which an integration may have its own mapping. */
export function profiles(story: Story): string[] {
  const { sale, flow, app, lines } = story;
  const gateway = story.payments[0]?.gateway.name ?? "none";
  const discount = discountOf(story);
  const partial = sale.lines.some(({ quantity, refunded }) => refunded < quantity) ? "part" : "all";
  const shape = lines.length === 0 ? "amount" : lines.length === 1 ? "one line" : "lines";
  return [
    `way ${gateway}`,
    `way ${gateway} ${sale.channel}`,
    `way ${gateway} ${flow}`,
    `flow ${flow} ${discount}`,
    `flow ${flow} ${partial}`,
    `app ${app.title} ${discount} ${shape}`,
    `channel ${sale.channel} ${discount}`,
    `channel ${sale.channel} ${shape} ${partial}`,
    `currency ${sale.presentment?.code ?? "home"} ${gateway}`,
    `shipping ${story.shipping === null ? "no" : "yes"} ${sale.channel}`,
    `return ${story.returnNumber === null ? "no" : "yes"} ${gateway}`,
  ];
}

export function discountOf(story: Story): string {
  const kinds = story.lines.flatMap(({ line }) => line.discounts.map(({ kind }) => kind));
  return kinds[0] ?? "none";
}
