// Chapter 3, dispatch: what its reactions are given beside the house's own deps.
import { lineage } from '@laba/domain/grid';
import type { Deps } from '@laba/runtime/service';
import { highestSeqs } from './command-store.ts';
import type { Signer } from './signing-key-store.ts';

export interface DispatchDeps extends Deps {
  signer: Signer;
  seqs: HighestSeqs;
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
