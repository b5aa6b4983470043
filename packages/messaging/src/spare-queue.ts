// When the engine of the queue is away, jobs are carried in this process, as the embedded profile carries all of them.
import type { Queue, QueueStats } from './queue.ts';

export class SpareQueue implements Queue {
  readonly #main: Queue;
  readonly #spare: Queue;

  /** Both are closed with it. `main` must refuse soon when its engine is away. */
  constructor(main: Queue, spare: Queue) {
    this.#main = main;
    this.#spare = spare;
  }

  get outlivesProcess(): boolean {
    return this.#main.outlivesProcess;
  }

  async push(queue: string, jobIds: readonly string[], options: { urgent?: boolean } = {}): Promise<void> {
    // Some may have been taken before the refusal: carried twice, they are done once.
    await this.#main.push(queue, jobIds, options).catch(() => this.#spare.push(queue, jobIds, options));
  }

  work(queue: string, handler: (jobId: string) => Promise<void>): void {
    this.#main.work(queue, handler);
    this.#spare.work(queue, handler);
  }

  async stats(): Promise<QueueStats> {
    const [main, spare] = await Promise.all([this.#main.stats(), this.#spare.stats()]);
    return { waiting: main.waiting + spare.waiting, running: main.running + spare.running, failed: main.failed + spare.failed };
  }

  async close(): Promise<void> {
    await Promise.all([this.#main.close(), this.#spare.close()]);
  }
}
