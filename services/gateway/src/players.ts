// Which player a word names.
import type { Clock } from '@laba/runtime/clock';
import { AplayPlayer } from './aplay-player.ts';
import type { Player } from './player.ts';
import { WavPlayer } from './wav-player.ts';

/** `wav`, or `aplay:DEVICE` with the name of an ALSA device. */
export type PlayerName = 'wav' | `aplay:${string}`;

/** @throws when the word names no player */
export function playerOf(name: string, soundDir: string, clock: Clock): Player {
  if (name === 'wav') return new WavPlayer(soundDir, clock);
  if (name.startsWith('aplay:') && name.length > 'aplay:'.length) return new AplayPlayer(name.slice('aplay:'.length), clock);
  throw new Error(`No player is called '${name}': say wav, or aplay:DEVICE (list devices with \`aplay -L\`).`);
}
