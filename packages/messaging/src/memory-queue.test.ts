// The embedded queue passes what every queue of the house must pass, on a time of its own.
import { MemoryQueue } from './memory-queue.ts';
import { queueContract, type QueueUnderTest } from './queue.contract.ts';

// A time that only tests move; the runtime's fake clock lies beyond this room.
class Waiting {
  readonly #sleepers: { atMs: number; wake: () => void }[] = [];
  #nowMs = 0;

  sleep = (ms: number): Promise<void> => new Promise((wake) => this.#sleepers.push({ atMs: this.#nowMs + ms, wake }));

  async pass(ms: number): Promise<void> {
    this.#nowMs += ms;
    for (const sleeper of this.#sleepers.splice(0)) {
      if (sleeper.atMs <= this.#nowMs) sleeper.wake();
      else this.#sleepers.push(sleeper);
    }
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

queueContract('in memory', async (): Promise<QueueUnderTest> => {
  const waiting = new Waiting();
  const queue = new MemoryQueue(waiting.sleep);
  return { queue, pass: (ms) => waiting.pass(ms), stop: () => queue.close(), bounded: true };
});
