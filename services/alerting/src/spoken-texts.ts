// Chapter 2, alert: the words as they will be signed, shown and spoken; which clip speaks exactly them.
import type { AlertText, Mode } from '@laba/domain/alert';
import { drillPrefix } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { cleanText, isSpeakable } from '@laba/domain/text';
import { clipFor } from './clip-index.ts';

const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;
const isEnglish = (language: string) => /^en(-|$)/i.test(language);

/** How a title shows that it belongs to a drill, or to a test of the path. */
const MARKS: Record<'drill' | 'test', { zh: string; en: string }> = { drill: { zh: '【演练】', en: 'Drill: ' }, test: { zh: '【测试】', en: 'Test: ' } };
const LOOKS_LIKE_A_DRILL = /^\s*(【?\s*演\s*练|\[?\s*(this is (a|an) )?(drill|exercise)\b)/iu;

/** Without words of its own an alert is ended with these. */
export const PLAIN_END: readonly AlertText[] = [
  { language: 'zh-CN', title: '解除', text: '刚才的警报已经解除。请听村干部安排。' },
  { language: 'en', title: 'All clear', text: 'The alert is over. Follow the village cadres.' },
];
/** Without words of its own an alert issued in error is taken back with these. */
export const PLAIN_CANCEL: readonly AlertText[] = [
  { language: 'zh-CN', title: '取消', text: '刚才的播报有误，现予取消，请不要惊慌。' },
  { language: 'en', title: 'Cancelled', text: 'The last announcement was an error and is cancelled. Do not be alarmed.' },
];

/**
 * Cleans, checks and marks the words of one alert, Chinese first. A clip stays only where it speaks exactly these words:
 * what the officer's program says about clips is never believed.
 * @throws `bad-text` with the language and what is wrong
 */
export function speak(mode: Mode, texts: readonly AlertText[], known: readonly AlertText[]): AlertText[] {
  const seen = new Set<string>();
  const spoken = texts.map((text) => {
    if (!LANGUAGE.test(text.language)) throw wrong(text, 'its language is not a BCP 47 tag such as zh-CN');
    if (seen.has(text.language.toLowerCase())) throw wrong(text, 'this language comes twice');
    seen.add(text.language.toLowerCase());
    return checked(mode, { language: text.language, title: cleanText(text.title), text: cleanText(text.text) }, known);
  });
  return spoken.sort((a, b) => Number(isChinese(b.language)) - Number(isChinese(a.language)));
}

const isChinese = (language: string) => /^zh(-|$)/i.test(language);

function checked(mode: Mode, text: AlertText, known: readonly AlertText[]): AlertText {
  if (!isSpeakable(text.title)) throw wrong(text, 'the title is empty or cannot be spoken');
  if (!isSpeakable(text.text)) throw wrong(text, 'the words are empty or cannot be spoken');
  const drill = LOOKS_LIKE_A_DRILL.test(text.title) || LOOKS_LIKE_A_DRILL.test(text.text);
  if (mode === 'live' && drill) throw wrong(text, 'a live alert must not begin like a drill');
  const marked = mode === 'live' ? text : { ...text, title: withMark(mode, text), text: mode === 'drill' ? withPrefix(text) : text.text };
  if (marked.title.length > LIMITS.alertTitleChars)
    throw wrong(text, `the title has ${marked.title.length} characters; ${LIMITS.alertTitleChars} are possible`);
  if (marked.text.length > LIMITS.alertTextChars) throw wrong(text, `the words have ${marked.text.length} characters; ${LIMITS.alertTextChars} are possible`);
  const prepared = known.find((one) => one.language === marked.language && cleanText(one.text) === marked.text);
  const clipSha256 = prepared?.clipSha256 ?? clipFor(marked.language, marked.text);
  return clipSha256 === undefined ? marked : { ...marked, clipSha256 };
}

function withMark(mode: 'drill' | 'test', text: AlertText): string {
  const mark = isEnglish(text.language) ? MARKS[mode].en : MARKS[mode].zh;
  return text.title.startsWith(mark.trim()) ? text.title : mark + text.title;
}

// Edited again, a draft already begins with its prefix.
function withPrefix(text: AlertText): string {
  const prefix = drillPrefix(text.language);
  return text.text.startsWith(prefix.trim()) ? text.text : prefix + text.text;
}

function wrong(text: AlertText, why: string): LabaError {
  return new LabaError('bad-text', `${text.language.slice(0, 35) || 'text'}: ${why}.`, { language: text.language.slice(0, 35) });
}
