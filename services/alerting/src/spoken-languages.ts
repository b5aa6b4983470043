// Chapter 2, alert: which languages are spoken in the area, and how each would be heard there. Pure.
import type { AlertText } from '@laba/domain/alert';
import type { Hearing, SpokenLanguage } from '@laba/domain/forecast-view';
import { isWithin, lineage } from '@laba/domain/grid';
import { PLACEHOLDER_CLIPS } from './clip-index.ts';
import type { NodeFact } from './forecast-store.ts';

const MANDARIN = 'zh-CN';
/** What the gateway's own voice can read. */
const VOICES = /^zh(-|$)/i;

/** Languages of the area, Mandarin first. A node without languages of its own has its nearest ancestor's. */
export function spokenLanguages(areaCodes: readonly string[], nodes: readonly NodeFact[], texts: readonly AlertText[]): SpokenLanguage[] {
  const own = new Map(nodes.map((node) => [node.code, node.languages]));
  const codes = new Map<string, string[]>([[MANDARIN, [...areaCodes]]]);
  for (const { code } of nodes.filter((node) => areaCodes.some((area) => isWithin(area, node.code)))) {
    const nearest = lineage(code).findLast((one) => own.get(one) != null);
    for (const language of (nearest === undefined ? undefined : own.get(nearest)) ?? []) {
      const places = codes.get(language) ?? [];
      if (!places.some((place) => isWithin(place, code))) codes.set(language, [...places, code]);
    }
  }
  return [...codes].map(([language, places]) => ({ language, how: hearing(language, texts), codes: places }));
}

function hearing(language: string, texts: readonly AlertText[]): Hearing {
  const text = texts.find((one) => one.language === language);
  if (text === undefined) return 'no-words';
  if (text.clipSha256 !== undefined) return PLACEHOLDER_CLIPS.has(text.clipSha256) ? 'placeholder' : 'clip';
  return VOICES.test(language) ? 'voice' : 'no-voice';
}
