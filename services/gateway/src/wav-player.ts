// A player without a sound card: takes the real time, keeps one WAV per distinct sound, and writes down every play.
import { appendFile, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Clock } from '@laba/runtime/clock';
import type { PlayableSound, Player, PlayOrder, Probe, SpeakOrder } from './player.ts';
import { decodePcm, durationMs, encodeWav } from '@laba/runtime/wav';

export class WavPlayer implements Player {
  readonly name = 'wav';
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Promise<string>>();

  constructor(dir: string, clock: Clock) {
    this.#dir = dir;
    this.#clock = clock;
  }

  async play(sound: PlayableSound, order: PlayOrder, signal: AbortSignal, started: () => void): Promise<void> {
    const wav = await this.#keep(sound);
    signal.throwIfAborted();
    const startedAt = iso(this.#clock.now());
    const line = { startedAt, ...order, wav, durationMs: sound.durationMs };
    // Two lines a play: a box that dies in the middle has written down that it began.
    const begun = this.#writeDown({ event: 'started', ...line });
    // A disk that is full is told at the end of the sound, not in the middle of it.
    begun.catch(() => {});
    started();
    const heard = await this.#pass(sound.durationMs, signal);
    await begun;
    await this.#writeDown({ event: 'ended', ...line, endedAt: iso(this.#clock.now()), outcome: heard ? 'played' : 'stopped' });
    signal.throwIfAborted();
  }

  /** Each that was spoken is a WAV of its own. */
  async speak(pcm: Readable, order: SpeakOrder, signal: AbortSignal, started: () => void): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    const startedAt = iso(this.#clock.now());
    const wav = `voice-${order.voiceId}-${order.speakerId}.wav`;
    await this.#writeDown({ event: 'started', startedAt, ...order, wav });
    const cut = () => pcm.destroy();
    signal.addEventListener('abort', cut, { once: true });
    started();
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of pcm) chunks.push(chunk as Buffer);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', cut);
    }
    const samples = decodePcm(Buffer.concat(chunks));
    await writeFile(join(this.#dir, wav), encodeWav(samples));
    const outcome = signal.aborted ? 'stopped' : 'played';
    await this.#writeDown({ event: 'ended', startedAt, ...order, wav, durationMs: durationMs(samples), endedAt: iso(this.#clock.now()), outcome });
    signal.throwIfAborted();
  }

  async probe(): Promise<Probe> {
    return { ok: true };
  }

  #writeDown(line: Record<string, unknown>): Promise<void> {
    return appendFile(join(this.#dir, 'play-log.jsonl'), `${JSON.stringify(line)}\n`);
  }

  #keep(sound: PlayableSound): Promise<string> {
    let kept = this.#kept.get(sound.sha256);
    if (kept === undefined) {
      const name = `${sound.sha256}.wav`;
      kept = mkdir(this.#dir, { recursive: true })
        .then(() => copyFile(sound.path, join(this.#dir, name)))
        .then(() => name);
      kept.catch(() => this.#kept.delete(sound.sha256));
      this.#kept.set(sound.sha256, kept);
    }
    return kept;
  }

  /** True when the time passed, false when it was cut short. */
  #pass(ms: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const cut = () => {
        cancel();
        resolve(false);
      };
      const cancel = this.#clock.after(ms, () => {
        signal.removeEventListener('abort', cut);
        resolve(true);
      });
      if (signal.aborted) cut();
      else signal.addEventListener('abort', cut, { once: true });
    });
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
