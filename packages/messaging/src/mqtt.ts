// The MQTT port. A publish resolves only when the broker took it, and rejects when the line is down: nothing is queued out of sight.

export interface PublishOptions {
  retain?: boolean;
}

export type MessageHandler = (topic: string, payload: Buffer) => void | Promise<void>;

export interface Mqtt {
  readonly online: boolean;
  /** QoS 1. @throws `broker-offline` at once when there is no connection, or when it broke before the broker's PUBACK; `too-large` */
  publish(topic: string, payload: string, options?: PublishOptions): Promise<void>;
  /**
   * Subscribes now and again after every reconnect; without a connection it only takes note and resolves at once. Every handler whose
   * filter fits is called; the same message may come twice.
   * @throws `role-refused` when the broker refuses the topic
   */
  subscribe(filter: string, handler: MessageHandler): Promise<void>;
  /** Called with true after connecting and subscribing, with false when the line breaks. Returns how to stop listening. */
  onLine(listener: (online: boolean) => void): () => void;
  close(): Promise<void>;
}

export interface MqttConnection {
  /** `mqtt://host:port` */
  url: string;
  clientId: string;
  username: string;
  password: string;
  /** Published, retained, by the broker when the connection dies. */
  will?: { topic: string; payload: string };
  /** Seconds between pings. */
  keepaliveSeconds?: number;
}
