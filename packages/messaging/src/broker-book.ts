// The accounts at a broker that is not ours: it must be told who may connect. The embedded broker asks the database instead.

/** One device: client id, user name and role are its id; the topics are exact, never wildcards. */
export interface BrokerAccount {
  id: string;
  password: string;
  publish: readonly string[];
  subscribe: readonly string[];
}

export interface BrokerBook {
  /**
   * Enters the accounts, or changes them to be so; what is there already is left alone. A device whose account changed is cut off and
   * comes back. @throws `broker-offline`, `role-refused`
   */
  put(accounts: readonly BrokerAccount[]): Promise<void>;
  /** Their open connections end. Who is not there is no error. @throws `broker-offline`, `role-refused` */
  remove(ids: readonly string[]): Promise<void>;
  /** Every account at the broker: its id, and the mark it was written with; no mark when somebody else wrote it. @throws `broker-offline`, `role-refused` */
  list(): Promise<Map<string, string | undefined>>;
}
