/** The settings of the brand file by which rows of an ERP become documents. */
export type ErpSettings = {
  readonly integrationUsers: readonly string[];
  readonly referenceFields?: readonly string[];
  readonly paymentFields?: readonly string[];
  /** The ERP's own codes, each with the code of ISO 4217. */
  readonly currencies?: Readonly<Record<string, string>>;
  /** Items, materials and memo lines that stand for shipping. */
  readonly shippingItems?: readonly string[];
  readonly scope?: {
    readonly companies: readonly string[];
    readonly documentPrefixes: readonly string[];
    readonly channels: readonly string[];
  };
};
