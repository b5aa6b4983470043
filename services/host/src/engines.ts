// What stands behind the ports in one profile: opened before the house is built, closed after it has stopped.
import type { BullmqQueue } from '@laba/messaging/bullmq-queue';
import type { BrokerBook } from '@laba/messaging/broker-book';
import type { Mqtt } from '@laba/messaging/mqtt';
import type { Queue } from '@laba/messaging/queue';
import type { Part } from '@laba/runtime/lifecycle';
import type { Database } from '@laba/storage/database';

export interface Engines {
  db: Database;
  queue: Queue;
  mqtt: Mqtt;
  /** Where the broker listens; how many are connected is known of the embedded one only. */
  broker: { readonly port: number; readonly connections: number | undefined };
  /** Ends a gateway's open connection at once, where the broker lets us. */
  disconnect(gatewayId: string): Promise<void>;
  /** The accounts of a broker that does not ask the house who may connect. */
  book?: BrokerBook;
  /** BullMQ's queues, where there are any. */
  boards?: BullmqQueue['boards'];
  /** What is wrong with them now, in words for `/readyz`. */
  degraded(): string[];
  close(): Promise<void>;
}

/** Closes in reverse order, all of them. */
export async function closeAll(opened: readonly Part[]): Promise<void> {
  for (const part of opened.toReversed()) await part.stop?.();
}
