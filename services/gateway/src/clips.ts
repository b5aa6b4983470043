// Recorded and centre-rendered clips: fetched once, checked against the hash that was signed, kept.
import { LIMITS } from '@laba/domain/limits';
import type { Clock } from '@laba/runtime/clock';
import { AudioCache, sha256Of } from './audio-cache.ts';
import { decodeWav, resample } from '@laba/runtime/wav';

/** @throws when the county does not have it, is not there, is too slow, or sends too much. */
export type FetchClip = (sha256: string) => Promise<Buffer>;

export class Clips {
  readonly #cache: AudioCache;
  readonly #fetchClip: FetchClip;
  readonly #underway = new Map<string, Promise<Int16Array>>();

  constructor(cache: AudioCache, fetchClip: FetchClip) {
    this.#cache = cache;
    this.#fetchClip = fetchClip;
  }

  /** @throws when it cannot be had, is altered, or is no PCM WAV: then another voice must speak */
  load(sha256: string): Promise<Int16Array> {
    let loading = this.#underway.get(sha256);
    if (loading === undefined) {
      loading = this.#load(sha256).finally(() => this.#underway.delete(sha256));
      this.#underway.set(sha256, loading);
    }
    return loading;
  }

  async #load(sha256: string): Promise<Int16Array> {
    const kept = await this.#cache.read(sha256);
    if (kept !== undefined && sha256Of(kept) === sha256) return resample(decodeWav(kept));
    const fetched = await this.#fetchClip(sha256);
    if (sha256Of(fetched) !== sha256) throw new Error('clip altered');
    const samples = await resample(decodeWav(fetched));
    await this.#cache.write(sha256, fetched);
    return samples;
  }
}

/** Clips over HTTP from `{audioUrl}/{sha256}.wav`. */
export function clipsOver(audioUrl: string, clock: Clock): FetchClip {
  return async (sha256) => {
    const abort = new AbortController();
    const cancel = clock.after(LIMITS.audioFetchMs, () => abort.abort(new Error('clip too slow')));
    try {
      const response = await fetch(`${audioUrl}/${sha256}.wav`, { signal: abort.signal, redirect: 'error' });
      if (!response.ok || response.body === null) throw new Error(`clip status ${response.status}`);
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of response.body) {
        bytes += chunk.length;
        if (bytes > LIMITS.audioBytes) throw new Error('clip too large');
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    } finally {
      cancel();
    }
  };
}
