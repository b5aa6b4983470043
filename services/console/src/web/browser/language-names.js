// What languages are called on the page; the browser knows most, not the county's own.
import { lang } from './words.js';

const NAMES = {
  'zh-cn': { zh: '普通话', en: 'Mandarin' },
  lis: { zh: '傈僳语', en: 'Lisu' },
  duu: { zh: '独龙语', en: 'Drung' },
  nun: { zh: '怒语', en: 'Anong' },
};
export function languageName(tag) {
  return NAMES[tag.toLowerCase()]?.[lang()] ?? new Intl.DisplayNames([lang() === 'zh' ? 'zh-CN' : 'en'], { type: 'language' }).of(tag) ?? tag;
}
