// The MQTT port. A publish resolves only when the broker took it, and rejects when the line is down: nothing is queued out of sight.

export interface PublishOptions {
  retain?: boolean;
  /** MQTT 5: the broker throws the message away when it could not deliver it in this time. Without meaning on 3.1.1. */
  expirySeconds?: number;
}

export interface SubscribeOptions {
  /** MQTT 5: each message goes to one member of the group (`$share/{group}/{filter}`). On 3.1.1 everybody hears everything. */
  group?: string;
  /**
   * Only what is said now: what the broker kept (retained) of earlier is not handed over but taken away from it. Nobody keeps anything on these
   * topics, and not every broker can forbid it. A group is never told what was kept; what it sees somebody ask to be kept, it hears and takes away.
   */
  live?: boolean;
}

export type MessageHandler = (topic: string, payload: Buffer) => void | Promise<void>;

export interface Mqtt {
  readonly online: boolean;
  /** What is wrong with the line, in one line for the operator: why it is down, or that its client id is fought over. */
  readonly trouble?: string | undefined;
  /**
   * QoS 1. @throws `broker-offline` at once when there is no connection, or when it broke before the broker's PUBACK; `too-large`;
   * on MQTT 5 `role-refused` when the broker does not let us publish there (3.1.1 has no word for it)
   */
  publish(topic: string, payload: string | Buffer, options?: PublishOptions): Promise<void>;
  /**
   * Subscribes now and again after every reconnect; without a connection it only takes note and resolves at once. Every handler whose
   * filter fits is called; the same message may come twice. The message is acknowledged when all its handlers have resolved; when one
   * rejects, it is refused for good: who must not lose it keeps it until the county says that it holds it.
   * @throws `role-refused` when the broker refuses the topic
   */
  subscribe(filter: string, handler: MessageHandler, options?: SubscribeOptions): Promise<void>;
  /** Called with true after connecting and subscribing, with false when the line breaks. Returns how to stop listening. */
  onLine(listener: (online: boolean) => void): () => void;
  close(): Promise<void>;
}

export interface MqttConnection {
  /** `mqtt://host:port` or `mqtts://host:port` */
  url: string;
  /** The protocol level: 5, or 4 for MQTT 3.1.1. 4 when not given: the embedded broker speaks nothing newer. */
  version?: 4 | 5;
  /** PEM of the authority that signed the broker's certificate; the machine's own list when not given. */
  ca?: string;
  clientId: string;
  username: string;
  password: string;
  /** Published, retained, by the broker when the connection dies. */
  will?: { topic: string; payload: string };
  /** Seconds between pings. */
  keepaliveSeconds?: number;
}
