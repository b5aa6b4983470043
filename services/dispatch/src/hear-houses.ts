// Chapter 3, dispatch, between houses: what another house's rows ask of the loudspeakers here. Rows make no jobs: what a process did not come to
// before it died, or while its broker was away, is looked for again.
import { every } from '@laba/runtime/clock';
import type { TakenRows } from '@laba/runtime/service';
import { stopOvertaken } from './announce-end.ts';
import { alertsOverAndSounding, commandsNotSaid } from './command-store.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { hasHouses } from './house-store.ts';
import { relayCommands } from './relay-commands.ts';

const LOOK_MS = 30_000;

// A row's key comes as a JSON list of its key columns.
const idsIn = (keys: readonly string[] = []) => keys.map((key) => (JSON.parse(key) as string[])[0]!);

export class HouseHearing {
  readonly #deps: DispatchDeps;
  #isLeftOver = true;
  #stop = () => {};

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#stop = every(
      this.#deps.clock,
      LOOK_MS,
      () => this.look(),
      (error) => this.#log(error),
    );
    await this.look().catch((error: unknown) => this.#log(error));
  }

  stop(): void {
    this.#stop();
  }

  async hear(rows: TakenRows): Promise<void> {
    const [commands, alerts] = [idsIn(rows.get('command')), idsIn(rows.get('alert'))];
    await this.#act(commands, alerts).catch((error: unknown) => {
      this.#isLeftOver = true;
      this.#log(error);
    });
  }

  /** Cheap unless something was left. */
  async look(): Promise<void> {
    const { db, clock } = this.#deps;
    if (!this.#isLeftOver) return;
    // What is left over while this looks is for the next look.
    this.#isLeftOver = false;
    try {
      if (!(await hasHouses(db))) return;
      const nowMs = clock.now();
      await this.#act(await commandsNotSaid(db, nowMs), await alertsOverAndSounding(db, nowMs));
    } catch (error) {
      this.#isLeftOver = true;
      throw error;
    }
  }

  /** Silence first: it does not wait for what cannot be said. */
  async #act(commands: readonly string[], alerts: readonly string[]): Promise<void> {
    const [stopped, relayed] = await Promise.allSettled([stopOvertaken(this.#deps, alerts), relayCommands(this.#deps, commands)]);
    for (const one of [stopped, relayed]) if (one.status === 'rejected') throw one.reason;
  }

  #log(error: unknown): void {
    this.#deps.log.warn({ why: String(error) }, 'what another house decided was not said to all loudspeakers here yet');
  }
}
