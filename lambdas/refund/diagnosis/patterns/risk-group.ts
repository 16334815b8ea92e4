/**
 * The labels of the refunds that share the risk of one process failure: first all refunds of that
 * kind, then those of them from the same place or person. Miss rates are learned for both.
 */
export type RiskGroup = { readonly group: string; readonly subgroup: string };
