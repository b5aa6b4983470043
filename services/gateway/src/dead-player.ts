// A fault for drills of failure: speakers that say nothing.
import type { Player } from './player.ts';

const REASON = 'no sound device';

/** Plays on every speaker but these. */
export function withDeadSpeakers(player: Player, deadSpeakers: ReadonlySet<string>): Player {
  return {
    name: player.name,
    play: async (sound, order, signal, started) => {
      if (deadSpeakers.has(order.speakerId)) throw new Error(REASON);
      return player.play(sound, order, signal, started);
    },
    speak: async (pcm, order, signal, started) => {
      if (deadSpeakers.has(order.speakerId)) throw new Error(REASON);
      return player.speak(pcm, order, signal, started);
    },
    probe: async (speakerId) => (deadSpeakers.has(speakerId) ? { ok: false, reason: REASON } : player.probe(speakerId)),
  };
}
