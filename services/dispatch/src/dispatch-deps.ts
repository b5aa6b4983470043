// Chapter 3, dispatch: what its reactions are given beside the house's own deps.
import { lineage } from '@laba/domain/grid';
import { Runs } from '@laba/domain/runs';
import type { Deps } from '@laba/runtime/service';
import { highestSeqs } from './command-store.ts';
import type { Signer } from './signing-key-store.ts';

export interface DispatchDeps extends Deps {
  signer: Signer;
  seqs: HighestSeqs;
  newerBooks: NewerBooks;
  twins: Twins;
}

const FOR_MS = 500;

/**
 * The highest published command number that a place could have heard. Told for its own lineage only, so that a gateway
 * asks again after a command it missed, not after every command of the county.
 */
export class HighestSeqs {
  readonly #deps: Pick<Deps, 'db' | 'clock'>;
  #known: Promise<Map<string, number>> | undefined;
  #readAtMs = 0;

  constructor(deps: Pick<Deps, 'db' | 'clock'>) {
    this.#deps = deps;
  }

  async of(gridCode: string): Promise<number> {
    const nowMs = this.#deps.clock.now();
    if (this.#known === undefined || Math.abs(nowMs - this.#readAtMs) >= FOR_MS) {
      this.#readAtMs = nowMs;
      this.#known = highestSeqs(this.#deps.db);
    }
    const known = await this.#known;
    return Math.max(0, ...lineage(gridCode).map((code) => known.get(code) ?? 0));
  }
}

const SAID_FOR_MS = 60_000;

/** What gateways say of key books that this house does not have: it came out of a backup, and may trust again what was revoked since. */
export class NewerBooks {
  readonly #clock: Deps['clock'];
  #heard: { told: number; known: number; atMs: number } | undefined;

  constructor(clock: Deps['clock']) {
    this.#clock = clock;
  }

  heard(told: number, known: number): void {
    this.#heard = { told, known, atMs: this.#clock.now() };
  }

  degraded(): string[] {
    if (this.#heard === undefined || this.#clock.now() - this.#heard.atMs > SAID_FOR_MS) return [];
    const { told, known } = this.#heard;
    return [`keys: gateways hold key book ${told}, this house ${known}, out of a backup: revoke again what was revoked since, or rotate (laba keys)`];
  }
}

/** Gateways whose card somebody copied: the broker cuts one off for the other, again and again. */
export class Twins {
  readonly #clock: Deps['clock'];
  readonly #runs = new Map<string, Runs>();

  constructor(clock: Deps['clock']) {
    this.#clock = clock;
  }

  heard(gatewayId: string, run: string | undefined): void {
    if (run === undefined) return;
    const runs = this.#runs.get(gatewayId) ?? new Runs();
    this.#runs.set(gatewayId, runs);
    runs.hear(run, this.#clock.now());
  }

  degraded(): string[] {
    const two = [...this.#runs].filter(([, runs]) => runs.areTwo(this.#clock.now()));
    return two.map(([gatewayId]) => `gateway: ${gatewayId}: two boxes speak as one: switch the copy off, or revoke both and claim one anew`);
  }
}
