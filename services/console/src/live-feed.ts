// Chapter 6, watch: one reader of the event table per process, woken by commits, fanning out to every open page.
import { setImmediate as otherWork } from 'node:timers/promises';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import { every } from '@laba/runtime/clock';
import type { Deps } from '@laba/runtime/service';
import { EventOrder } from '@laba/storage/postgres-event-order';
import { eventsAfter } from './event-store.ts';
import { tellEvents } from './event-view.ts';
import { frame, LivePage, type LiveFilter, type LiveSource, type Sent } from './live-page.ts';
import { officersSignedIn } from './overview-store.ts';

export const HEARTBEAT_EVERY_MS = 15_000;
const RETRY_MS = 1_000;

export class LiveFeed implements LiveSource {
  readonly #deps: Deps;
  readonly #order: EventOrder;
  readonly #pages = new Set<LivePage>();
  #position = 0;
  #reading: Promise<void> | undefined;
  #again = false;
  #unlisten = () => {};
  #stopBeat = () => {};

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#order = new EventOrder(deps.db);
  }

  get position(): number {
    return this.#position;
  }

  get openPages(): number {
    return this.#pages.size;
  }

  async start(): Promise<void> {
    const { db, clock, log } = this.#deps;
    this.#position = await this.#order.settled();
    this.#unlisten = db.onCommit(() => this.#wake());
    this.#stopBeat = every(
      clock,
      HEARTBEAT_EVERY_MS,
      () => this.#beat(),
      (error) => log.error({ why: String(error) }, 'the live heartbeat failed'),
    );
  }

  /** Ends every page; they come back to the next process with their last event id. */
  async stop(): Promise<void> {
    this.#unlisten();
    this.#stopBeat();
    for (const page of this.#pages) page.push(null);
    this.#pages.clear();
    await this.#reading;
  }

  /**
   * A page that begins after `lastEventId` or now. Older than the replay limit, or from another database: the page is told to read everything anew.
   * @throws `overloaded` when too many pages are open
   */
  async open(officer: Officer, options: LiveFilter & { lastEventId?: number | undefined }): Promise<LivePage> {
    if (this.#pages.size >= LIMITS.liveConnections) throw new LabaError('overloaded', 'Too many live pages are open: close one, or read the timeline instead.');
    const newest = await this.#order.settled();
    const asked = options.lastEventId;
    const tooOld = asked !== undefined && (asked > newest || newest - asked > LIMITS.liveReplayEvents);
    const page = new LivePage(this, officer, asked === undefined || tooOld ? newest : asked, options);
    this.#pages.add(page);
    page.once('close', () => this.#pages.delete(page));
    const atMs = this.#deps.clock.now();
    if (asked === undefined) page.push(frame({ event: 'hello', id: newest, retryMs: RETRY_MS, data: { atMs } }));
    else if (tooOld) page.push(frame({ event: 'resync', id: newest, retryMs: RETRY_MS, data: { atMs } }));
    else page.push(frame({ event: 'hello', retryMs: RETRY_MS, data: { atMs } }));
    return page;
  }

  async readAfter(seq: number): Promise<Sent[]> {
    const { db, config } = this.#deps;
    const rows = await eventsAfter(db, seq, await this.#order.settled(), LIMITS.liveEventsPerRead);
    const told = await tellEvents(db, rows, config.utcOffsetMinutes);
    return told.map((one) => ({ told: one, seq: one.view.seq, bytes: frame({ event: 'event', id: one.view.seq, data: one.view }) }));
  }

  #wake(): void {
    if (this.#reading !== undefined) {
      this.#again = true;
      return;
    }
    this.#reading = this.#handOn()
      .catch((error: unknown) => this.#deps.log.error({ why: String(error) }, 'the live feed could not read'))
      .finally(() => {
        this.#reading = undefined;
        if (this.#again) {
          this.#again = false;
          this.#wake();
        }
      });
  }

  async #handOn(): Promise<void> {
    if (this.#pages.size === 0) {
      this.#position = await this.#order.settled();
      return;
    }
    for (let events = await this.readAfter(this.#position); events.length > 0; events = await this.readAfter(this.#position)) {
      this.#position = events.at(-1)!.seq;
      for (const page of this.#pages) page.offer(events);
      // Thousands of answers at once: what else waits comes in between.
      if (events.length === LIMITS.liveEventsPerRead) await otherWork();
    }
  }

  // A page outlives the request that opened it: whoever was signed out, disabled or given another scope meanwhile is looked up again.
  async #beat(): Promise<void> {
    if (this.#pages.size === 0) return;
    const { db, clock } = this.#deps;
    const signedIn = await officersSignedIn(db, [...new Set([...this.#pages].map((page) => page.officer.id))], clock.now());
    const known = new Map(signedIn.map((officer) => [officer.id, officer]));
    for (const page of this.#pages) {
      const officer = known.get(page.officer.id);
      if (officer === undefined) page.push(null);
      else {
        page.officer = { ...page.officer, ...officer };
        page.beat(clock.now());
      }
    }
  }
}
