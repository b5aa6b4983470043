// The fake clock of a whole town: between two timers it waits until the sockets, the database and the poles are quiet.
import type { Mqtt } from '@laba/messaging/mqtt';
import { FakeClock } from '@laba/runtime/fake-clock';

/** Every part of the town lives in this process: so many turns of its event loop carry a packet through broker, handler and commit. */
const QUIET_TURNS = 40;
const PATIENCE_TURNS = 20_000;

export class TownClock extends FakeClock {
  #pulse = 0;
  #underWay = 0;
  #stepping = false;

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
      subscribe: (filter, handler) =>
        line.subscribe(filter, (topic, payload) => {
          this.beat();
          return handler(topic, payload);
        }),
      onLine: (listener) => line.onLine(listener),
      close: () => line.close(),
    };
  }

  /** Waits until nothing is under way and nothing has happened for some turns of the event loop. */
  override async settle(): Promise<void> {
    let quiet = 0;
    for (let turn = 0; quiet < QUIET_TURNS && turn < PATIENCE_TURNS; turn++) {
      const before = this.#pulse;
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.#pulse === before && this.#underWay === 0 ? quiet + 1 : 0;
    }
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
