// Who stands at the embedded broker's door, and what he may say and hear there.

/** Who is connected, and which exact topics are his. */
export interface Principal {
  clientId: string;
  mayPublish(topic: string, retain: boolean): boolean;
  /** Asked with the filter as sent; a device may subscribe to exact topics only. */
  maySubscribe(filter: string): boolean;
}

/** Undefined refuses the connection. */
export type Authenticate = (clientId: string, username: string, password: string) => Promise<Principal | undefined>;

/** What the broker needs of a logger; told ids and reasons only. */
export interface BrokerLog {
  warn(facts: Record<string, unknown>, words: string): void;
  debug(facts: Record<string, unknown>, words: string): void;
}
