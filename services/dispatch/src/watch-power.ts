// Chapter 4, speaker: a box on its battery falls silent in hours. That is known before, and said.
import { SILENCE_CHECK_MS } from '@laba/domain/gateway-protocol';
import { every } from '@laba/runtime/clock';
import type { DispatchDeps } from './dispatch-deps.ts';
import { countOnBattery } from './gateway-store.ts';

export class PowerWatch {
  readonly #deps: DispatchDeps;
  #counted = { onBattery: 0, low: 0 };
  #stop = () => {};

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    await this.check();
    this.#stop = every(
      this.#deps.clock,
      SILENCE_CHECK_MS,
      () => this.check(),
      (error) => this.#deps.log.error({ why: String(error) }, 'the watch for power failed'),
    );
  }

  stop(): void {
    this.#stop();
  }

  async check(): Promise<void> {
    this.#counted = await countOnBattery(this.#deps.db);
  }

  degraded(): string[] {
    const { onBattery, low } = this.#counted;
    return [
      ...(low > 0 ? [`power: ${low} gateways have battery for less than 2 h`] : []),
      ...(onBattery > low ? [`power: ${onBattery - low} gateways on battery`] : []),
    ];
  }
}
