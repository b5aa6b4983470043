// The letters between a village's house and the county's, in the hands of a schedule: lost, doubled, held back and shuffled, altered, brought again.
import type { Mqtt } from '@laba/messaging/mqtt';
import type { Way } from './village-schedule.ts';

type Brings = (letter: Buffer) => unknown;

/** Old letters that somebody may bring again. */
const KEPT = 60;

export class LetterPost {
  readonly #brings: Partial<Record<Way, Brings>> = {};
  readonly #deaf = new Set<Way>();
  readonly #kept: { way: Way; letter: Buffer }[] = [];
  #held: { way: Way; letter: Buffer }[] | undefined;
  #isDoubling = false;

  /** Of the village's house; its other lines are left as they are. */
  over(line: Mqtt): Mqtt {
    return {
      get online() {
        return line.online;
      },
      publish: async (topic, payload, options) => {
        if (!topic.endsWith('/up') || !topic.includes('/node/')) return line.publish(topic, payload, options);
        this.#brings.up = (letter) => line.publish(topic, letter, options);
        await this.#carry('up', Buffer.from(payload));
      },
      subscribe: (filter, handler, ...rest) => {
        if (!filter.endsWith('/down') || !filter.includes('/node/')) return line.subscribe(filter, handler, ...rest);
        this.#brings.down = (letter) => handler(filter, letter);
        return line.subscribe(filter, (_topic, payload) => this.#carry('down', payload), ...rest);
      },
      onLine: (listener) => line.onLine(listener),
      close: () => line.close(),
    };
  }

  isDeaf(ways: readonly Way[]): void {
    for (const way of ways) this.#deaf.add(way);
  }

  doubles(): void {
    this.#isDoubling = true;
  }

  holds(): void {
    this.#held ??= [];
  }

  /** A good line again; what was held back arrives, the last first. */
  async heal(): Promise<void> {
    this.#deaf.clear();
    this.#isDoubling = false;
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { way, letter } of held.reverse()) await this.bring(way, letter);
  }

  /** Every letter that is remembered, once more, the last first. */
  async bringsAll(): Promise<void> {
    for (const { way, letter } of this.#kept.toReversed()) await this.bring(way, letter);
  }

  /** The last letter of each way with one bit changed. */
  async bringsAltered(): Promise<void> {
    for (const way of ['up', 'down'] as const) {
      const last = this.#kept.findLast((one) => one.way === way)?.letter;
      if (last === undefined) continue;
      const altered = Buffer.from(last);
      altered[altered.length - 40]! ^= 1;
      await this.bring(way, altered);
    }
  }

  /** What the line refuses is lost. */
  async bring(way: Way, letter: Buffer): Promise<void> {
    try {
      await this.#brings[way]?.(letter);
    } catch {
      // The line is down, or who would hear it is dead.
    }
  }

  async #carry(way: Way, letter: Buffer): Promise<void> {
    this.#kept.push({ way, letter });
    this.#kept.splice(0, this.#kept.length - KEPT);
    if (this.#deaf.has(way)) return;
    if (this.#held !== undefined) return void this.#held.push({ way, letter });
    await this.#brings[way]?.(letter);
    if (this.#isDoubling) await this.bring(way, letter);
  }
}
