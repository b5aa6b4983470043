// The fake clock of a whole town: between two timers it waits until the sockets, the database and the poles are quiet.
import type { Mqtt } from '@laba/messaging/mqtt';
import type { Queue } from '@laba/messaging/queue';
import type { Channel } from '@laba/runtime/channel';
import { FakeClock } from '@laba/runtime/fake-clock';
import type { Database } from '@laba/storage/database';

/** Every part of the town lives in this process: so many turns of its event loop carry a packet through broker, handler and commit. */
const QUIET_TURNS = 40;
const PATIENCE_TURNS = 20_000;
/** Engines of their own may take longer than so many turns. */
const PATIENCE_MS = 2_000;

export class TownClock extends FakeClock {
  #pulse = 0;
  #underWay = 0;
  #stepping = false;
  #settledAtPulse = -1;
  readonly #carried = new Set<string>();
  /** The queue takes nothing: whoever pushes is refused, until it is back. */
  queueIsDead = false;
  /** Resolves when what a broker of its own had taken has reached the sockets of this process. */
  barrier: (() => Promise<void>) | undefined;

  /** Tell the clock that something happened: it waits for that to lead on. */
  readonly beat = (): void => {
    this.#pulse += 1;
  };

  /** The line with every publish watched: time stands still until the broker has taken it. */
  watch(line: Mqtt): Mqtt {
    line.onLine(this.beat);
    return {
      get online() {
        return line.online;
      },
      publish: (topic, payload, options) => {
        this.#underWay += 1;
        return line.publish(topic, payload, options).finally(() => {
          this.#underWay -= 1;
          this.beat();
        });
      },
      subscribe: (filter, handler, ...rest) =>
        line.subscribe(
          filter,
          (topic, payload) => {
            this.beat();
            return handler(topic, payload);
          },
          ...rest,
        ),
      onLine: (listener) => line.onLine(listener),
      close: () => line.close(),
    };
  }

  /** Time stands still while a statement is on its way to the database and back. */
  watchDatabase(db: Database): Database {
    db.onCommit(this.beat);
    return {
      read: (statement, values) => this.#during(db.read(statement, values)),
      atomically: (ops) => this.#during(db.atomically(ops)),
      onCommit: (listener) => db.onCommit(listener),
      close: () => db.close(),
    };
  }

  /** Time stands still while a job is carried to its worker, and while that works. */
  watchQueue(queue: Queue): Queue {
    return {
      outlivesProcess: queue.outlivesProcess,
      push: (name, jobIds, options) => {
        if (this.queueIsDead) return Promise.reject(new Error('The queue is dead.'));
        for (const id of jobIds) this.#carried.add(id);
        return this.#during(queue.push(name, jobIds, options));
      },
      work: (name, handler) =>
        queue.work(name, (id) => {
          this.#carried.delete(id);
          return this.#during(handler(id));
        }),
      stats: () => queue.stats(),
      close: () => queue.close(),
    };
  }

  /** Time stands still while a channel is asked. */
  watchChannel(channel: Channel): Channel {
    return { ...channel, send: (message) => this.#during(channel.send(message)) };
  }

  async #during<T>(work: Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work;
    } finally {
      this.#underWay -= 1;
      this.beat();
    }
  }

  /** Waits until nothing is under way and nothing has happened for some turns of the event loop. */
  override async settle(): Promise<void> {
    await this.#untilQuiet();
    // What a broker of its own hands on may lead to more, until nothing new came of it.
    while (this.barrier !== undefined && this.#settledAtPulse !== this.#pulse) {
      this.#settledAtPulse = this.#pulse;
      await this.barrier();
      await this.#untilQuiet();
    }
  }

  async #untilQuiet(): Promise<void> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    let quiet = 0;
    for (let turn = 0; quiet < QUIET_TURNS && (turn < PATIENCE_TURNS || performance.now() < giveUpAt); turn++) {
      const before = this.#pulse;
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.#pulse === before && this.#isIdle() ? quiet + 1 : 0;
    }
  }

  #isIdle(): boolean {
    return this.#underWay === 0 && this.#carried.size === 0;
  }

  /** `'5 min'`, `'30 s'`, `'2 h'`. */
  async pass(duration: string): Promise<void> {
    const [, count, unit] = /^(\d+) (s|min|h)$/.exec(duration) ?? [];
    const msPer = { s: 1_000, min: 60_000, h: 3_600_000 } as const;
    if (count === undefined || unit === undefined) throw new Error(`'${duration}': say '30 s', '5 min' or '2 h'.`);
    if (this.#stepping) throw new Error('Time passes already: await the last pass.');
    this.#stepping = true;
    await this.advance(Number(count) * msPer[unit as keyof typeof msPer]);
    await this.settle();
    this.#stepping = false;
  }
}
