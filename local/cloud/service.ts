/** Something of AWS that runs on this machine. */
export type Service = {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  stop(): Promise<void>;
};

export type Database = Service & {
  /** Which it is, and why. */
  readonly label: string;
};
