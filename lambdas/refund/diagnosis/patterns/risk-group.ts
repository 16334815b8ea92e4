/**
 * Who shares the risk of one process failure: everybody on the same way (`way`), and those on it at
 * the same place or by the same hand (`place`). Miss rates are learned for both.
 */
export type RiskGroup = { readonly way: string; readonly place: string };
