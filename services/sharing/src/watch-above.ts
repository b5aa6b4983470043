// The village alone: it is, when the house above was not heard for so long; and it is not any more, when a letter of it was taken. A county is never
// alone: a prefecture above it only watches.
import { every } from '@laba/runtime/clock';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { listPeers, wasAlone } from './house-store.ts';

/** Three beats and a little: a silent site is red within 90 s, on both sides. */
export const ALONE_AFTER_MS = 65_000;
const LOOK_MS = 5_000;

export class WatchAbove {
  readonly #deps: Deps;
  #isAlone = false;
  #isUnwatched = false;
  #lastHeardMs = 0;
  #stop = () => {};

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get isAlone(): boolean {
    return this.#isAlone;
  }

  async start(): Promise<void> {
    const { db, clock, config, log } = this.#deps;
    if (config.node !== undefined) this.#isAlone = await wasAlone(db, config.node);
    const onError = (error: unknown) => log.error({ why: String(error) }, 'whether this house is alone could not be looked up');
    this.#stop = every(clock, LOOK_MS, () => this.look(), onError);
  }

  stop(): void {
    this.#stop();
  }

  degraded(): string[] {
    const since = new Date(this.#lastHeardMs).toISOString();
    if (this.#isUnwatched) return [`above: the prefecture was not heard since ${since}: nothing changes here, and it is told when it is back`];
    return this.#isAlone ? [`above: alone since ${since}: this house goes on by itself`] : [];
  }

  async look(): Promise<void> {
    const { db, clock, ids, config } = this.#deps;
    const [above] = await listPeers(db, { side: 'above', statuses: ['active'] });
    if (above === undefined) {
      this.#isUnwatched = false;
      return;
    }
    this.#lastHeardMs = above.lastHeardAtMs ?? above.createdAtMs;
    const nowMs = clock.now();
    const isAlone = nowMs - this.#lastHeardMs > ALONE_AFTER_MS;
    if (config.node === undefined) {
      this.#isUnwatched = isAlone;
      return;
    }
    if (isAlone === this.#isAlone) return;
    const told = { atMs: nowMs, who: 'system', via: 'job', gridCode: config.node, subjectId: above.id } as const;
    await db.atomically(
      isAlone
        ? record(ids, { ...told, type: 'house.alone', data: { lastHeardMs: this.#lastHeardMs }, urgent: true })
        : record(ids, { ...told, type: 'house.together', data: {} }),
    );
    this.#isAlone = isAlone;
  }
}
