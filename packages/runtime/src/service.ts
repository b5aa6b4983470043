// What a service is to the house: a name, its reactions, its routes, a start and a stop. Constructors do nothing.
import type { ConsumerName } from '@laba/domain/events';
import type { Ids } from '@laba/domain/ids';
import type { Mqtt } from '@laba/messaging/mqtt';
import type { Database, Op } from '@laba/storage/database';
import type { Job } from '@laba/storage/jobs';
import type { Tables } from '@laba/storage/tables';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { App } from './http.ts';
import type { Log } from './log.ts';
import type { Vault } from './vault.ts';

/** What every service is given, always the same. */
export interface Deps {
  config: Config;
  db: Database;
  mqtt: Mqtt;
  clock: Clock;
  ids: Ids;
  log: Log;
  vault: Vault;
}

/** What a reaction leaves behind: ops for the commit that finishes the job; `againAtMs` keeps the job open until then. */
export interface Reaction {
  ops?: readonly Op[];
  againAtMs?: number;
}

/** Runs at least once per job; its ops are committed together with the job's end, so a second run changes nothing. */
export type Consumer = (job: Job) => Promise<Reaction>;

/** Rows that another house told and this one did not have so: their key columns as a JSON list, by table. */
export type TakenRows = ReadonlyMap<keyof Tables, readonly string[]>;

export interface Service {
  readonly name: string;
  readonly consumers?: Partial<Record<ConsumerName, Consumer>>;
  routes?(app: App): void;
  start?(): Promise<void>;
  stop?(): Promise<void>;
  /** Rows of another house's telling stand here now; they made no jobs. */
  heard?(rows: TakenRows): Promise<void>;
  /**
   * A clock that had lost the time is about to be set on by `byMs`: what began here after `sinceMs` by the clock's own count must still last as
   * long as it was meant to. @returns what goes into the commit of that
   */
  setOn?(sinceMs: number, byMs: number): Promise<readonly Op[]>;
  /** What is wrong now, in words for `/readyz`; empty when all is well. */
  degraded?(): string[];
  /** How long ago this service last proved, past the queue, that what waits goes on: ms by what was proven. */
  proofAges?(): Readonly<Record<string, number | undefined>>;
}
