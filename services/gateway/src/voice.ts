// The voice port: from a command to the sound that is played for it.
import type { SignedCommand } from '@laba/domain/gateway-protocol';
import type { PlayableSound } from './player.ts';

export interface Sound extends PlayableSound {
  hasSiren: boolean;
  spoken: { language: string; by: 'clip' | 'voice' }[];
  /** What could not be said: `no-voice:lis`, or `no-voice` when not even Chinese could. */
  missing: string[];
}

/** The recording of a bulletin is not to be had now: its title alone would not be the bulletin. */
export class NoRecording extends Error {
  constructor() {
    super('no-recording');
    this.name = 'NoRecording';
  }
}

export interface Voice {
  /** Same command, same sound: made once. @throws only when nothing at all could be made, `NoRecording` */
  soundFor(command: SignedCommand): Promise<Sound>;
}
