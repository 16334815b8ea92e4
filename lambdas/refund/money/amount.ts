/** A canonical decimal of the currency beside it, such as "12.50". */
export type Amount = string;
