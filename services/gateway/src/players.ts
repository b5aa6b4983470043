// Which player a word names, and which speaker it is for.
import type { Clock } from '@laba/runtime/clock';
import { AplayPlayer } from './aplay-player.ts';
import type { Player } from './player.ts';
import { WavPlayer } from './wav-player.ts';

/** `wav`, or `aplay:DEVICE` with the name of an ALSA device. */
export type PlayerName = 'wav' | `aplay:${string}`;

/** Each speaker by its own sound card or line out, the rest by `rest`: a dead one is its own speaker's trouble. */
export function playerPerSpeaker(rest: Player, own: ReadonlyMap<string, Player>): Player {
  if (own.size === 0) return rest;
  const of = (speakerId: string) => own.get(speakerId) ?? rest;
  return {
    name: [...new Set([rest.name, ...[...own.values()].map(({ name }) => name)])].join(' '),
    play: (sound, order, signal, started) => of(order.speakerId).play(sound, order, signal, started),
    speak: (pcm, order, signal, started) => of(order.speakerId).speak(pcm, order, signal, started),
    probe: (speakerId) => of(speakerId).probe(speakerId),
  };
}

/** @throws when the word names no player */
export function playerOf(name: string, soundDir: string, clock: Clock): Player {
  if (name === 'wav') return new WavPlayer(soundDir, clock);
  if (name.startsWith('aplay:') && name.length > 'aplay:'.length) return new AplayPlayer(name.slice('aplay:'.length), clock);
  throw new Error(`No player is called '${name}': say wav, or aplay:DEVICE (list devices with \`aplay -L\`).`);
}
