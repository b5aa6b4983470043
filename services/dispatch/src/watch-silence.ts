// Chapter 4, speaker: a site that says nothing is a red event, within 90 seconds.
import { SILENCE_CHECK_MS, SILENT_AFTER_MS } from '@laba/domain/gateway-protocol';
import { LabaError } from '@laba/domain/errors';
import { every } from '@laba/runtime/clock';
import type { DispatchDeps } from './dispatch-deps.ts';
import { countSilent, unheardSince } from './gateway-store.ts';
import { silenceOps } from './on-heartbeat.ts';
import { watchHouses } from './watch-houses.ts';

const GATEWAYS_PER_CHECK = 2_000;

export class SilenceWatch {
  readonly #deps: DispatchDeps;
  #listeningSinceMs = 0;
  #checkedAtMs = 0;
  #silent = 0;
  #silentHouses = 0;
  #stop = () => {};

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.heardAgain();
    this.#checkedAtMs = this.#deps.clock.now();
    this.#silent = await countSilent(this.#deps.db);
    this.#stop = every(
      this.#deps.clock,
      SILENCE_CHECK_MS,
      () => this.check(),
      (error) => this.#deps.log.error({ why: String(error) }, 'the watch for silent sites failed'),
    );
  }

  stop(): void {
    this.#stop();
  }

  /** Gateways that are not online, as of the last check. */
  get silent(): number {
    return this.#silent;
  }

  /** Houses below this one, as of the last check. */
  get silentHouses(): number {
    return this.#silentHouses;
  }

  /** From now on gateways can be heard: each has the full time from here, after a restart of the county and after the broker was away. */
  heardAgain(): void {
    this.#listeningSinceMs = this.#deps.clock.now();
  }

  async check(): Promise<void> {
    const { db, clock, mqtt } = this.#deps;
    const nowMs = clock.now();
    // A clock that was stepped, or a machine that slept: what waits in the sockets has not been read yet, so nobody is to blame.
    if (Math.abs(nowMs - this.#checkedAtMs - SILENCE_CHECK_MS) > SILENCE_CHECK_MS) this.heardAgain();
    const isListening = nowMs - this.#listeningSinceMs >= SILENT_AFTER_MS;
    this.#silentHouses = await watchHouses(this.#deps, isListening);
    // Without a line nobody can be heard, and that is the broker's fault: it is said as such.
    if (mqtt.online && isListening) {
      const unheard = await unheardSince(db, nowMs - SILENT_AFTER_MS, nowMs, GATEWAYS_PER_CHECK);
      await Promise.all(
        unheard.map((status) =>
          db.atomically(silenceOps(this.#deps, status, 'no-heartbeat', 'watchdog')).catch((error: unknown) => {
            if (!(error instanceof LabaError) || error.code !== 'changed-meanwhile') throw error;
          }),
        ),
      );
    }
    this.#silent = await countSilent(db);
    this.#checkedAtMs = clock.now();
  }
}
