// Chapter 6, watch: one reader of the event table per process, woken by commits, fanning out to every open page.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import { every } from '@laba/runtime/clock';
import { EventTail, type EventRow } from '@laba/runtime/event-tail';
import { frame, HEARTBEAT_EVERY_MS } from '@laba/runtime/server-sent';
import type { Deps } from '@laba/runtime/service';
import { tellEvents } from './event-view.ts';
import { LivePage, type LiveFilter, type LiveSource, type Sent } from './live-page.ts';
import { officersSignedIn } from './overview-store.ts';

const RETRY_MS = 1_000;

export class LiveFeed implements LiveSource {
  readonly #deps: Deps;
  readonly #tail: EventTail;
  readonly #pages = new Set<LivePage>();
  #stopBeat = () => {};

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#tail = new EventTail(deps, { isIdle: () => this.#pages.size === 0, hear: (events) => this.#hear(events) });
  }

  get position(): number {
    return this.#tail.position;
  }

  get openPages(): number {
    return this.#pages.size;
  }

  async start(): Promise<void> {
    const { clock, log } = this.#deps;
    await this.#tail.start();
    this.#stopBeat = every(
      clock,
      HEARTBEAT_EVERY_MS,
      () => this.#beat(),
      (error) => log.error({ why: String(error) }, 'the live heartbeat failed'),
    );
  }

  /** Ends every page; they come back to the next process with their last event id. */
  async stop(): Promise<void> {
    this.#stopBeat();
    for (const page of this.#pages) page.push(null);
    this.#pages.clear();
    await this.#tail.stop();
  }

  /**
   * A page that begins after `lastEventId` or now. Older than the replay limit, or from another database: the page is told to read everything anew.
   * @throws `overloaded` when too many pages are open
   */
  async open(officer: Officer, options: LiveFilter & { lastEventId?: number | undefined }): Promise<LivePage> {
    if (this.#pages.size >= LIMITS.liveConnections) throw new LabaError('overloaded', 'Too many live pages are open: close one, or read the timeline instead.');
    const newest = await this.#tail.settled();
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
    return this.#told(await this.#tail.readAfter(seq));
  }

  async #told(rows: readonly EventRow[]): Promise<Sent[]> {
    const { db, config } = this.#deps;
    const told = await tellEvents(db, rows, config.utcOffsetMinutes);
    return told.map((one) => ({ told: one, seq: one.view.seq, bytes: frame({ event: 'event', id: one.view.seq, data: one.view }) }));
  }

  async #hear(rows: readonly EventRow[]): Promise<void> {
    const events = await this.#told(rows);
    for (const page of this.#pages) page.offer(events);
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
