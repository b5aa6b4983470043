// Chapter 3, dispatch: what still waits for an officer since the county came out of a backup, as long as it waits.
import { every } from '@laba/runtime/clock';
import type { DispatchDeps } from './dispatch-deps.ts';
import { heldNow } from './hold-store.ts';

const LOOK_MS = 10_000;
const NAMED = 3;

export class RestoredWatch {
  readonly #deps: DispatchDeps;
  #now: Awaited<ReturnType<typeof heldNow>> = { held: 0, over: [] };
  #stop = () => {};

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { clock, log } = this.#deps;
    await this.look();
    this.#stop = every(
      clock,
      LOOK_MS,
      () => this.look(),
      (error) => log.error({ why: String(error) }, 'the watch over held alerts failed'),
    );
  }

  stop(): void {
    this.#stop();
  }

  async look(): Promise<void> {
    this.#now = await heldNow(this.#deps.db);
  }

  degraded(): string[] {
    const { held, over } = this.#now;
    return [
      ...(held > 0 ? [`restore: ${held} alerts are held: nothing of them is sent until an officer updates, extends, ends or cancels each`] : []),
      ...(over.length > 0 ? [`restore: loudspeakers know ${over.slice(0, NAMED).join(', ')} to be over, this county does not: end or cancel it here`] : []),
    ];
  }
}
