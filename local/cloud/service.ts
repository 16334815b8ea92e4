/** An AWS service that runs on this machine. */
export type Service = {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  stop(): Promise<void>;
};

export type Database = Service & {
  /** The name of the database, and the reason for this choice. */
  readonly label: string;
};
