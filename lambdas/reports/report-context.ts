/** What a report needs to know beside the day's summary. */
export type ReportContext = {
  /** The brand's zone: every time of day is in it. */
  readonly timeZone: string;
  /** The two systems as people call them, "Shopify" and "NetSuite". */
  readonly storefront: string;
  readonly erp: string;
  /** Where the day's files are stored; the prefix ends without a slash. */
  readonly files: { readonly bucket: string; readonly prefix: string };
};
