// The embedded broker: aedes behind a guard. Contract; the guard's rules stand in broker-guard.ts.

/** Who is connected, and which exact topics are his. */
export interface Principal {
  clientId: string;
  mayPublish(topic: string, retain: boolean): boolean;
  /** Asked with the filter as sent; a device may subscribe to exact topics only. */
  maySubscribe(filter: string): boolean;
}

/** Undefined refuses the connection. */
export type Authenticate = (clientId: string, username: string, password: string) => Promise<Principal | undefined>;

export interface EmbeddedBroker {
  /** The port it listens on. */
  readonly port: number;
  /** Connected clients. */
  readonly connections: number;
  close(): Promise<void>;
}
