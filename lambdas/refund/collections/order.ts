/** The order of texts by their UTF-16 units: instants and ids come in their own order. */
export function byText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** The same for the entries of a map, by their keys. */
export function byKey([one]: [string, unknown], [other]: [string, unknown]): number {
  return byText(one, other);
}
