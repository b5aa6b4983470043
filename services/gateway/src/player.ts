// The player port: whatever makes the sound. Its word is honest: started means the device took it, resolved means it ended.
import type { Readable } from 'node:stream';
import type { Mode } from '@laba/domain/alert';
import type { Purpose } from '@laba/domain/delivery';
import type { OwnVoice } from '@laba/domain/gateway-protocol';

/** What is to be heard, as one file. */
export interface PlayableSound {
  sha256: string;
  path: string;
  durationMs: number;
}

export interface PlayOrder {
  speakerId: string;
  alertId: string;
  revision: number;
  purpose: Purpose;
  repeat: number;
  mode: Mode;
}

/** What somebody says at the box itself. */
export interface SpeakOrder {
  speakerId: string;
  voiceId: string;
  voice: OwnVoice;
}

export type Probe = { ok: true } | { ok: false; reason: string };

export interface Player {
  readonly name: string;
  /**
   * Resolves when the sound has ended. Calls `started` once, when the device has taken the sound.
   * @throws an error whose message is the reason, when it fails; whatever, when `signal` was aborted
   */
  play(sound: PlayableSound, order: PlayOrder, signal: AbortSignal, started: () => void): Promise<void>;
  /**
   * Resolves when `pcm` (16 kHz, mono, signed 16 bits, little-endian, as it is spoken) has ended and was heard to its end. Otherwise as `play`.
   */
  speak(pcm: Readable, order: SpeakOrder, signal: AbortSignal, started: () => void): Promise<void>;
  /** Whether it could play now, as far as can be told without a sound. */
  probe(speakerId: string): Promise<Probe>;
}
