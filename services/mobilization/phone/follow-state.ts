// The phone page: follows what the county holds, by server-sent events where they come through, by asking where not.
import type { PhoneState } from '@laba/domain/phone-page';

/** Longer than the county's heartbeat: what is silent for so long is dead. */
const SILENT_MS = 40_000;
const ASK_EVERY_MS = 10_000;
const STREAM_AGAIN_MS = 60_000;

interface Ears {
  onState: (state: PhoneState) => void;
  /** Whether the county was heard just now. */
  onLine: (isUp: boolean) => void;
}

export class StateFollower {
  readonly #base: string;
  readonly #ears: Ears;
  #stream: EventSource | undefined;
  #silence = 0;
  #ask = 0;
  #streamAgainAt = 0;

  constructor(base: string, ears: Ears) {
    this.#base = base;
    this.#ears = ears;
  }

  start(): void {
    this.#listen();
    addEventListener('online', () => this.now());
    addEventListener('offline', () => this.#ears.onLine(false));
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.now());
  }

  /** Asks at once: something was said, or the line may be back. */
  now(): void {
    clearTimeout(this.#ask);
    this.#read().then(
      () => this.#ears.onLine(true),
      () => this.#ears.onLine(false),
    );
    if (this.#stream === undefined) this.#askLater();
  }

  #listen(): void {
    if (typeof EventSource === 'undefined') return this.#askLater();
    const stream = new EventSource(`${this.#base}/events`);
    this.#stream = stream;
    const heard = (): void => {
      this.#ears.onLine(true);
      clearTimeout(this.#silence);
      this.#silence = setTimeout(() => this.#giveUp(stream), SILENT_MS);
    };
    stream.addEventListener('state', (event) => {
      heard();
      this.#ears.onState(JSON.parse((event as MessageEvent<string>).data) as PhoneState);
    });
    stream.addEventListener('beat', heard);
    // A browser goes on trying by itself, unless the county said no.
    stream.addEventListener('error', () => {
      this.#ears.onLine(false);
      if (stream.readyState === EventSource.CLOSED) this.#giveUp(stream);
    });
    heard();
  }

  #giveUp(stream: EventSource): void {
    clearTimeout(this.#silence);
    stream.close();
    this.#stream = undefined;
    this.#streamAgainAt = Date.now() + STREAM_AGAIN_MS;
    this.now();
  }

  #askLater(): void {
    clearTimeout(this.#ask);
    this.#ask = setTimeout(() => {
      if (typeof EventSource !== 'undefined' && Date.now() > this.#streamAgainAt) this.#listen();
      else this.now();
    }, ASK_EVERY_MS);
  }

  async #read(): Promise<void> {
    const response = await fetch(`${this.#base}/state`, { cache: 'no-store' });
    // Over for a day, or revoked: the page behind the link says so.
    if (response.status === 404) location.reload();
    if (!response.ok) throw new Error(String(response.status));
    this.#ears.onState((await response.json()) as PhoneState);
  }
}
