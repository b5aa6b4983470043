// The live stream: what happens is told to whoever watches, and a broken line is known as broken. It goes on after the last event that was heard.
import type { EventView } from '@laba/domain/measures-view';
import { learnTime } from '../app/server-time.ts';
import { Store } from '../app/store.ts';
import { backAgain } from './session.ts';

export type LiveEvent = EventView;

/** `sinceMs`: when it was lost, by this machine's clock. */
export type Line = { is: 'up' } | { is: 'lost'; sinceMs: number } | { is: 'opening' };

/** The house sends a heartbeat every 15 s: silence for longer is a broken line, also when the browser has not noticed. */
const SILENT_MS = 20_000;
const RETRY_MS = 1_000;

export const line = new Store<Line>({ is: 'opening' });

const marksHeard = new Store('');

/** Of which roll-call the stream tells each mark, and of which place: nobody else wants them. Answers with how to hear them no more. */
export function hearMarks(alertId: string, code: string): () => void {
  marksHeard.set(`&${new URLSearchParams({ marksOf: alertId, marksAt: code }).toString()}`);
  return () => marksHeard.set('');
}

export interface Listener {
  onEvent: (event: LiveEvent) => void;
  /** What was missed cannot be told one by one: read everything anew. */
  onAnew: () => void;
}

export class LiveLine {
  readonly #listener: Listener;
  #source: EventSource | undefined;
  #lastId = '';
  #newsAtMs = Date.now();
  #isLost = false;
  #isClosed = false;
  #watch: number | undefined;
  #retry: number | undefined;
  #forget = () => {};

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  open(): void {
    line.set({ is: 'opening' });
    this.#watch = window.setInterval(() => Date.now() - this.#newsAtMs > SILENT_MS && this.#lost(), RETRY_MS);
    this.#connect();
    // The stream goes on after the last event that was heard: nothing falls between the two.
    this.#forget = marksHeard.watch(() => this.#isLost || this.#connect());
  }

  close(): void {
    this.#isClosed = true;
    this.#forget();
    window.clearInterval(this.#watch);
    window.clearTimeout(this.#retry);
    this.#source?.close();
  }

  /** A request found nobody: the stream is looked at now, not at the next heartbeat. */
  doubt(): void {
    if (!this.#isLost && !this.#isClosed) this.#lost();
  }

  #connect(): void {
    this.#source?.close();
    this.#newsAtMs = Date.now();
    const source = new EventSource(`/api/v1/live?calm=true${this.#lastId === '' ? '' : `&lastEventId=${this.#lastId}`}${marksHeard.value}`);
    this.#source = source;
    source.addEventListener('event', (message) => {
      this.#news(message);
      this.#listener.onEvent(JSON.parse(message.data as string) as LiveEvent);
    });
    for (const name of ['hello', 'beat', 'resync'])
      source.addEventListener(name, (message) => {
        learnTime((JSON.parse(message.data as string) as { atMs: number }).atMs);
        this.#news(message, name === 'resync');
      });
    source.addEventListener('error', () => this.#source === source && this.#lost());
  }

  #news(message: MessageEvent, anew = false): void {
    this.#newsAtMs = Date.now();
    if (message.lastEventId !== '') this.#lastId = message.lastEventId;
    if (this.#isLost || anew) this.#listener.onAnew();
    this.#isLost = false;
    line.set({ is: 'up' });
  }

  // Opened anew by hand: the browser gives up for good after a refusal, and waits long after a killed server.
  #lost(): void {
    if (this.#isClosed) return;
    if (!this.#isLost) line.set({ is: 'lost', sinceMs: this.#newsAtMs });
    this.#isLost = true;
    this.#source?.close();
    this.#newsAtMs = Date.now();
    window.clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => void this.#again(), RETRY_MS);
  }

  // A stream is refused without a reason: whether the session is over is asked by a request that says so.
  async #again(): Promise<void> {
    const response = await fetch('/api/v1/sessions/current', { cache: 'no-store', signal: AbortSignal.timeout(SILENT_MS) }).catch(() => undefined);
    if (response?.status === 401 && !(await backAgain())) return;
    if (this.#isClosed) return;
    if (response === undefined) this.#lost();
    else this.#connect();
  }
}
