// Chapter 6, watch: one open live page as a stream of server-sent events. It replays at the reader's pace, then follows.
import { Readable } from 'node:stream';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
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

export function frame(fields: { event?: string; id?: number; retryMs?: number; data: unknown }): Buffer {
  const head = [fields.retryMs === undefined ? '' : `retry: ${fields.retryMs}\n`, fields.event === undefined ? '' : `event: ${fields.event}\n`, fields.id === undefined ? '' : `id: ${fields.id}\n`];
  return Buffer.from(`${head.join('')}data: ${JSON.stringify(fields.data)}\n\n`);
}

export class LivePage extends Readable {
  officer: Officer;
  readonly #source: LiveSource;
  readonly #alertId: string | undefined;
  #cursor: number;
  #live: boolean;

  /** Begins after the event `cursor`; `alertId` narrows to one alert. */
  constructor(source: LiveSource, officer: Officer, cursor: number, alertId: string | undefined) {
    super();
    this.#source = source;
    this.officer = officer;
    this.#cursor = cursor;
    this.#alertId = alertId;
    this.#live = cursor >= source.position;
  }

  /** Replay is pulled: nothing is read from the database before the reader took what came earlier. */
  override _read(): void {
    if (!this.#live) this.#replay().catch((error: unknown) => this.destroy(error as Error));
  }

  async #replay(): Promise<void> {
    for (;;) {
      if (this.destroyed) return;
      const events = await this.#source.readAfter(this.#cursor);
      const bytes = events.filter((event) => this.#wants(event)).map((event) => event.bytes);
      this.#cursor = events.at(-1)?.seq ?? this.#cursor;
      this.#live = events.length === 0 || this.#cursor >= this.#source.position;
      if (bytes.length > 0) {
        this.push(Buffer.concat(bytes));
        return;
      }
      if (this.#live) return;
    }
  }

  /** What just happened. While the page still replays it will come to this by itself. */
  offer(events: readonly Sent[]): void {
    if (!this.#live || this.destroyed) return;
    const bytes = events.filter((event) => event.seq > this.#cursor && this.#wants(event)).map((event) => event.bytes);
    this.#cursor = Math.max(this.#cursor, events.at(-1)?.seq ?? 0);
    if (bytes.length > 0) this.#send(Buffer.concat(bytes));
  }

  /** A comment that keeps proxies patient and an event that tells the page it is not looking at old news. */
  beat(atMs: number): void {
    if (this.#live && !this.destroyed) this.#send(Buffer.concat([Buffer.from(': heartbeat\n'), frame({ event: 'beat', id: this.#cursor, data: { atMs } })]));
  }

  // Who does not read is dropped, not buffered without end: he comes back with his last event id and misses nothing.
  #send(bytes: Buffer): void {
    if (this.readableLength + bytes.length > LIMITS.liveBufferedBytes) this.destroy();
    else this.push(bytes);
  }

  #wants(event: Sent): boolean {
    return (this.#alertId === undefined || event.told.view.alertId === this.#alertId) && maySee(this.officer, event.told);
  }
}
