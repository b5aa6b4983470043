// Chapter 3, dispatch: the line to the broker. When it comes back, what waited goes out at once.
import { record } from '@laba/storage/events';
import { postponeJob } from '@laba/storage/jobs';
import type { DispatchDeps } from './dispatch-deps.ts';
import { waitingPublishers } from './command-store.ts';

export class BrokerWatch {
  readonly #deps: DispatchDeps;
  readonly #onBack: () => void;
  #lostAtMs: number | undefined;
  #wasOnline = false;
  #startedAtMs = 0;
  #stop = () => {};
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: DispatchDeps, onBack: () => void) {
    this.#deps = deps;
    this.#onBack = onBack;
  }

  start(): void {
    this.#startedAtMs = this.#deps.clock.now();
    this.#wasOnline = this.#deps.mqtt.online;
    this.#stop = this.#deps.mqtt.onLine((online) => (online ? this.#back() : this.#lost()));
  }

  async stop(): Promise<void> {
    this.#stop();
    await this.#writing;
  }

  degraded(): string[] {
    const { online, trouble } = this.#deps.mqtt;
    if (online) return trouble === undefined ? [] : [`broker: ${trouble}`];
    const awayMs = this.#deps.clock.now() - (this.#lostAtMs ?? this.#startedAtMs);
    return [
      `broker: away for ${Math.round(awayMs / 1000)} s; loudspeakers cannot be reached, the system retries by itself${trouble === undefined ? '' : ` (${trouble})`}`,
    ];
  }

  #lost(): void {
    if (!this.#wasOnline || this.#lostAtMs !== undefined) return;
    this.#lostAtMs = this.#deps.clock.now();
    this.#write(() => this.#tell({ type: 'broker.lost', data: {} }));
  }

  #back(): void {
    const nowMs = this.#deps.clock.now();
    const lostAtMs = this.#lostAtMs;
    this.#lostAtMs = undefined;
    this.#wasOnline = true;
    this.#onBack();
    this.#write(async () => {
      if (lostAtMs !== undefined) await this.#tell({ type: 'broker.back', data: { awayMs: nowMs - lostAtMs } });
      await this.#wakePublishers(nowMs);
    });
  }

  // One after the other, so that the timeline tells lost and back in their order.
  #write(what: () => Promise<void>): void {
    this.#writing = this.#writing
      .then(what)
      .catch((error: unknown) => this.#deps.log.error({ why: String(error) }, 'what happened to the broker could not be written down'));
  }

  async #tell(event: { type: 'broker.lost'; data: Record<string, never> } | { type: 'broker.back'; data: { awayMs: number } }): Promise<void> {
    const { db, ids, clock, config } = this.#deps;
    await db.atomically(record(ids, { ...event, atMs: clock.now(), who: 'system', via: 'mqtt', gridCode: config.county, subjectId: 'broker' }));
  }

  // The queue's own back-off may be seconds long by now; a publish that only waited for the line must not wait for that too.
  async #wakePublishers(nowMs: number): Promise<void> {
    for (const job of await waitingPublishers(this.#deps.db, nowMs)) await this.#deps.db.atomically([postponeJob(job.id, nowMs)]).catch(() => {});
  }
}
