// One sound from its parts: what comes first, then the words in their languages, at the volume asked for.
import { hasSiren } from '@laba/domain/alert';
import { isBulletin, type SignedCommand } from '@laba/domain/gateway-protocol';
import { bulletinChime, chime, drillBeeps, silence, wail } from './siren.ts';

const PAUSE_SECONDS = 0.4;
const SPEECH_PEAK = 0.9 * 32_767;

export type Opening = 'siren' | 'drill' | 'chime' | 'bulletin';

/** The siren is for live `move-now` and red, and only for the alert itself: an all-clear must not send people running. */
export function openingOf(command: SignedCommand): Opening {
  const { body, mode } = command;
  if (isBulletin(command)) return 'bulletin';
  if (mode !== 'live') return 'drill';
  const siren = body.siren && body.purpose === 'alert' && hasSiren({ mode, kind: body.kind, level: body.level, order: body.order });
  return siren ? 'siren' : 'chime';
}

const OPENINGS: Record<Opening, () => Int16Array> = { siren: wail, drill: drillBeeps, chime, bulletin: bulletinChime };

/** `volume` 0 to 100. Words are brought to one loudness first; the opening keeps its own. */
export function compose(opening: Opening, words: readonly Int16Array[], volume: number): Int16Array {
  const parts = [OPENINGS[opening](), ...words.flatMap((word) => [silence(PAUSE_SECONDS), levelled(word)])];
  const sound = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    sound.set(part, at);
    at += part.length;
  }
  const gain = volume / 100;
  return gain === 1 ? sound : sound.map((sample) => Math.round(sample * gain));
}

function levelled(word: Int16Array): Int16Array {
  let peak = 1;
  for (const sample of word) peak = Math.max(peak, Math.abs(sample));
  const gain = SPEECH_PEAK / peak;
  return word.map((sample) => Math.round(sample * gain));
}
