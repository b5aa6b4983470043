// A pole in the tests' hands: takes time on the fake clock, remembers what was to be heard, breaks when told to.
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { SignedCommand } from '@laba/domain/gateway-protocol';
import type { PlayableSound, Player, PlayOrder, Probe, SpeakOrder } from '@laba/gateway/player';
import type { Sound, Voice } from '@laba/gateway/voice';
import type { Clock } from '@laba/runtime/clock';

/** Every fake sound lasts this long: short enough for two repeats in a minute and a half. */
export const SOUND_MS = 12_000;

const soundOf = new Map<string, { words: string; hasSiren: boolean }>();

export const fakeVoice: Voice = {
  async soundFor({ body: command }: SignedCommand): Promise<Sound> {
    const words = command.texts.map((text) => text.text).join(' | ');
    const sha256 = createHash('sha256').update(`${command.siren} ${words}`).digest('hex');
    soundOf.set(sha256, { words, hasSiren: command.siren });
    return {
      sha256,
      path: `/nowhere/${sha256}.wav`,
      durationMs: SOUND_MS,
      hasSiren: command.siren,
      spoken: command.texts.map((text) => ({ language: text.language, by: 'voice' as const })),
      missing: [],
    };
  },
};

export interface Heard extends PlayOrder {
  words: string;
  hasSiren: boolean;
  startedAtMs: number;
  endedAtMs: number | undefined;
  outcome: 'playing' | 'played' | 'stopped';
}

export class FakePole implements Player {
  readonly name = 'fake';
  readonly #clock: Clock;
  readonly #beat: () => void;
  readonly heard: Heard[] = [];
  /** Set to a reason, and every probe and play fails with it. */
  broken: string | undefined;

  /** `beat` is called whenever something is to be heard or falls silent. */
  constructor(clock: Clock, beat: () => void) {
    this.#clock = clock;
    this.#beat = beat;
  }

  async probe(): Promise<Probe> {
    return this.broken === undefined ? { ok: true } : { ok: false, reason: this.broken };
  }

  async speak(pcm: Readable, _order: SpeakOrder, _signal: AbortSignal, started: () => void): Promise<void> {
    pcm.resume();
    if (this.broken !== undefined) throw new Error(this.broken);
    started();
    await finished(pcm);
  }

  async play(sound: PlayableSound, order: PlayOrder, signal: AbortSignal, started: () => void): Promise<void> {
    if (this.broken !== undefined) throw new Error(this.broken);
    const { words, hasSiren } = soundOf.get(sound.sha256) ?? { words: '', hasSiren: false };
    const heard: Heard = { ...order, words, hasSiren, startedAtMs: this.#clock.now(), endedAtMs: undefined, outcome: 'playing' };
    this.heard.push(heard);
    this.#beat();
    started();
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#clock.after(sound.durationMs, resolve);
      const abort = () => {
        cancel();
        this.#beat();
        heard.outcome = 'stopped';
        heard.endedAtMs = this.#clock.now();
        reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
      };
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
    });
    this.#beat();
    heard.outcome = 'played';
    heard.endedAtMs = this.#clock.now();
  }
}
