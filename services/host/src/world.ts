// What the house takes from outside: tests bring their own.
import type { Ids } from '@laba/domain/ids';
import type { Mqtt } from '@laba/messaging/mqtt';
import type { Queue } from '@laba/messaging/queue';
import type { Channel } from '@laba/runtime/channel';
import type { Clock } from '@laba/runtime/clock';
import type { Machine } from '@laba/runtime/house-clock';
import type { Log } from '@laba/runtime/log';
import type { Database } from '@laba/storage/database';

/** What the house takes from outside: time, identifiers, a place to log. Tests bring their own. */
export interface World {
  clock: Clock;
  ids: Ids;
  log: Log;
  /** What a village's house stands on, whose clock may be wrong after a power cut; elsewhere the clock above is believed. */
  machine?: Machine | undefined;
  /** The ways to people; those of the configuration when not given. */
  channels?: readonly Channel[];
  /** Stand between the house and its engines: tests watch them, and cut them at exact moments. */
  line?: (mqtt: Mqtt) => Mqtt;
  database?: (db: Database) => Database;
  queue?: (queue: Queue) => Queue;
  /** For tests: no commit waits for the disk. */
  mayLoseCommits?: boolean;
}
