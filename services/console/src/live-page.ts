// Chapter 6, watch: one open live page as a stream of server-sent events. It replays at the reader's pace, then follows.
// By hand and not by @fastify/sse: its heartbeat ignores the Clock, it serialises once per page, and a burst waits in its memory instead of in the table.
import { Readable } from 'node:stream';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import { frame } from '@laba/runtime/server-sent';
import { PER_TARGET } from './event-store.ts';
import { maySee, type Told } from './event-view.ts';

/** An event with its bytes, made once for all pages. */
export interface Sent {
  told: Told;
  seq: number;
  bytes: Buffer;
}

export interface LiveSource {
  /** The last event that was handed to the pages. */
  readonly position: number;
  /** The next events after `seq`, in order; empty when there are none. */
  readAfter(seq: number): Promise<Sent[]>;
}

/** Narrows what a page gets, inside what its officer may see. */
export interface LiveFilter {
  alertId?: string | undefined;
  /** Without what is told once per target. */
  calm?: boolean | undefined;
  /** Calm, but for the marks of this alert's roll-call; `marksAt`: under this grid code alone. */
  marksOf?: string | undefined;
  marksAt?: string | undefined;
}

/** Heartbeats that a reader may let pass without taking anything. */
const STALLED_BEATS = 4;

export class LivePage extends Readable {
  officer: Officer;
  readonly #source: LiveSource;
  readonly #filter: LiveFilter;
  #cursor: number;
  #live: boolean;
  #wanted = false;
  #stalled = 0;

  /** Begins after the event `cursor`. */
  constructor(source: LiveSource, officer: Officer, cursor: number, filter: LiveFilter) {
    super();
    this.#source = source;
    this.officer = officer;
    this.#cursor = cursor;
    this.#filter = filter;
    this.#live = cursor >= source.position;
  }

  /** Replay is pulled: nothing is read from the database before the reader took what came earlier. */
  override _read(): void {
    this.#stalled = 0;
    if (this.#live) this.#wanted = true;
    else this.#replay().catch((error: unknown) => this.destroy(error as Error));
  }

  async #replay(): Promise<void> {
    for (;;) {
      if (this.destroyed) return;
      const events = await this.#source.readAfter(this.#cursor);
      const bytes = this.#bytesOf(events);
      this.#cursor = events.at(-1)?.seq ?? this.#cursor;
      this.#live = events.length === 0 || this.#cursor >= this.#source.position;
      if (bytes.length > 0) {
        this.push(bytes);
        return;
      }
      this.#wanted = this.#live;
      if (this.#live) return;
    }
  }

  /** What just happened. A page that replays comes to it by itself; one that is too far behind is dropped and comes back later. */
  offer(events: readonly Sent[]): void {
    if (this.destroyed) return;
    const newest = events.at(-1)?.seq ?? 0;
    if (!this.#live) {
      if (newest - this.#cursor > LIMITS.liveReplayEvents) this.destroy();
      return;
    }
    const bytes = this.#bytesOf(events.filter((event) => event.seq > this.#cursor));
    if (this.readableLength + bytes.length > LIMITS.liveBufferedBytes) return this.#fallBehind();
    this.#cursor = Math.max(this.#cursor, newest);
    if (bytes.length > 0) this.#send(bytes);
  }

  /** A comment that keeps proxies patient and an event that tells the page it is not looking at old news. */
  beat(atMs: number): void {
    if (this.destroyed) return;
    if (this.#live && this.readableLength === 0)
      this.#send(Buffer.concat([Buffer.from(': heartbeat\n'), frame({ event: 'beat', id: this.#cursor, data: { atMs } })]));
    else if (++this.#stalled >= STALLED_BEATS) this.destroy();
  }

  // Too much for the buffer is not buffered: the page reads it from the table at its reader's pace, as it does after a reconnect.
  #fallBehind(): void {
    this.#live = false;
    if (!this.#wanted) return;
    this.#wanted = false;
    this._read();
  }

  #send(bytes: Buffer): void {
    this.#wanted = false;
    this.push(bytes);
  }

  #bytesOf(events: readonly Sent[]): Buffer {
    return Buffer.concat(events.filter((event) => this.#wants(event)).map((event) => event.bytes));
  }

  #wants({ told }: Sent): boolean {
    const { alertId, calm } = this.#filter;
    const isLoud = calm === true && PER_TARGET.includes(told.view.type) && !this.#isWantedMark(told);
    return (alertId === undefined || told.view.alertId === alertId) && !isLoud && maySee(this.officer, told);
  }

  #isWantedMark({ view: { type, alertId, gridCode } }: Told): boolean {
    const { marksOf, marksAt = '' } = this.#filter;
    return type === 'person.marked' && marksOf !== undefined && alertId === marksOf && gridCode.startsWith(marksAt);
  }
}
