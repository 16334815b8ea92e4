/**
 * The parameters of a search. Each condition is a filter group of its own, so all of them must hold.
 * Only the first page is ever asked for: a page past the end repeats the last one, and rows that
 * change while the pages are read move them.
 *
 * Source: Adobe Commerce, "Search using REST endpoints"; magento2 issues 3787, 8099 and 26986.
 */
export function searchParameters({
  filters,
  sort,
  fields,
  pageSize,
}: Search): Readonly<Record<string, string>> {
  const parameters: Record<string, string> = {};
  for (const [at, [field, condition, value]] of filters.entries()) {
    const name = `searchCriteria[filterGroups][${at}][filters][0]`;
    parameters[`${name}[field]`] = field;
    parameters[`${name}[conditionType]`] = condition;
    parameters[`${name}[value]`] = value;
  }
  for (const [at, field] of sort.entries()) {
    parameters[`searchCriteria[sortOrders][${at}][field]`] = field;
    parameters[`searchCriteria[sortOrders][${at}][direction]`] = "ASC";
  }
  parameters["searchCriteria[pageSize]"] = String(pageSize);
  parameters["searchCriteria[currentPage]"] = "1";
  if (fields !== undefined) parameters["fields"] = fields;
  return parameters;
}

export type Search = {
  readonly filters: readonly Filter[];
  /** Fields, all ascending. */
  readonly sort: readonly string[];
  /** Only these fields of the answer, such as "items[entity_id],total_count". */
  readonly fields?: string;
  readonly pageSize: number;
};

type Filter = readonly [
  field: string,
  condition: "eq" | "gt" | "gteq" | "lteq" | "in",
  value: string,
];
