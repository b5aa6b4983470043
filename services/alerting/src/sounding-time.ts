// Chapter 2, alert: how long the words of each language sound once: a recording's own length, or what a voice is likely to take.
import type { AlertText, Mode } from '@laba/domain/alert';
import type { SoundingTime } from '@laba/domain/forecast-view';
import { CLIP_MS } from './clip-index.ts';

/** As fast as the prepared clips are spoken, their stops counted with the letters. */
const CHARS_PER_SECOND = { han: 4.3, letters: 13 };
const HAN = /\p{Script=Han}/u;

/** Nothing for a test: it makes no sound. */
export function soundsOf({ mode, texts }: { mode: Mode; texts: readonly AlertText[] }): SoundingTime[] {
  return mode === 'test' ? [] : texts.map(soundingTime);
}

function soundingTime({ language, text, clipSha256 }: AlertText): SoundingTime {
  const ms = clipSha256 === undefined ? undefined : CLIP_MS.get(clipSha256);
  if (ms !== undefined) return { language, seconds: Math.round(ms / 1_000), isMeasured: true };
  const perSecond = HAN.test(text) ? CHARS_PER_SECOND.han : CHARS_PER_SECOND.letters;
  return { language, seconds: Math.max(1, Math.round([...text].length / perSecond)), isMeasured: false };
}
