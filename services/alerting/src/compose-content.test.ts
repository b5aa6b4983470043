// What an officer says becomes what is signed, shown and spoken; every bad input has a name.
import { describe, expect, it } from 'vitest';
import { drillPrefix } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { alertBody, type AlertInput } from './alert-body.ts';
import { clipFor } from './clip-index.ts';
import { composeContent, type ContentSource, type TemplateRow } from './compose-content.ts';
import { TEMPLATE_SET } from './template-set.ts';

const NOW = Date.UTC(2026, 6, 1);
const MINUTE = 60_000;
const template = (id: string) => TEMPLATE_SET.find((row) => row.id === id) as TemplateRow;
const source = (over: Partial<ContentSource> = {}): ContentSource => ({ template: undefined, hazardEventCode: '', placeName: '演示村', nowMs: NOW, ...over });
const words = (text: string, language = 'zh-CN', title = '泥石流') => ({ language, title, text });
const input = (over: Record<string, unknown> = {}): AlertInput =>
  alertBody.parse({
    mode: 'live',
    kind: 'order',
    order: 'move-now',
    areaCodes: ['533324100201'],
    texts: [words('马上往高处走。')],
    durationMinutes: 60,
    ...over,
  });
const compose = (over: Record<string, unknown> = {}, from: Partial<ContentSource> = {}) => composeContent(input(over), source(from));

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'nothing was refused';
  } catch (error) {
    return error instanceof LabaError ? error.code : String(error);
  }
}

describe('what is not given', () => {
  it('comes from the template', () => {
    const moveNow = template('debris-flow-move-now');
    const content = compose({ order: undefined, texts: undefined, durationMinutes: undefined }, { template: moveNow });
    expect(content).toMatchObject({
      kind: 'order',
      order: 'move-now',
      level: null,
      eventCode: '11D00',
      texts: moveNow.texts,
      endTexts: moveNow.endTexts,
      cancelTexts: moveNow.cancelTexts,
    });
    expect(content.endTimeMs - content.startTimeMs).toBe(moveNow.durationMinutes * MINUTE);
  });

  it('comes from the degree otherwise: siren and interval', () => {
    expect(compose()).toMatchObject({
      siren: true,
      intervalSeconds: 60,
      playTimes: 0,
      volume: 100,
      startTimeMs: NOW,
      endTimeMs: NOW + 60 * MINUTE,
      issuer: '演示村',
      eventCode: 'other',
    });
    expect(compose({ order: 'prepare' })).toMatchObject({ siren: false, intervalSeconds: 120 });
    expect(compose({ kind: 'warning', order: undefined, level: 'blue', issuer: '演示气象台' })).toMatchObject({
      siren: false,
      intervalSeconds: 900,
      issuer: '演示气象台',
    });
    expect(compose({}, { hazardEventCode: '11A51' }).eventCode).toBe('11A51');
  });

  it('has words for the end and for taking it back in every case', () => {
    expect(compose().endTexts.map((text) => text.language)).toEqual(['zh-CN']);
    const both = compose({ texts: [words('Go up.', 'en', 'Debris flow'), words('往高处走。')] });
    expect(both.texts.map((text) => text.language)).toEqual(['zh-CN', 'en']);
    expect(both.cancelTexts.map((text) => text.language)).toEqual(['zh-CN', 'en']);
  });

  it('loses codes that another one covers', () => {
    expect(compose({ areaCodes: ['53332410020101', '533324100201', '533324100201'] }).areaCodes).toEqual(['533324100201']);
  });
});

describe('the words', () => {
  it('are cleaned of bidi, control and invisible characters and line breaks', () => {
    const [text] = compose({ texts: [words('马上\u202e往\u0000高处\u200b走。\r\n\t快', 'zh-CN', '泥\u2066石\u0007流')] }).texts;
    expect(text).toEqual({ language: 'zh-CN', title: '泥石流', text: '马上往高处走。 快' });
  });

  it.each([
    ['0 characters', [words('')]],
    ['100,000 characters', [words('走'.repeat(100_000))]],
    ['one character too many', [words('走'.repeat(LIMITS.alertTextChars + 1))]],
    ['only invisible characters', [words('\u202e\u200b\u0007')]],
    ['only signs', [words('……！')]],
    ['a title without words', [words('走。', 'zh-CN', '\u200b')]],
    ['a title too long', [words('走。', 'zh-CN', '泥'.repeat(LIMITS.alertTitleChars + 1))]],
    ['one language twice', [words('走。'), words('快走。')]],
    ['a language that is none', [words('走。', '中文')]],
    ['no language at all', []],
  ])('are refused with %s', (_name, texts) => {
    expect(codeOf(() => compose({ texts }))).toBe('bad-text');
  });

  it('may be exactly as long as the limit', () => {
    expect(compose({ texts: [words('走'.repeat(LIMITS.alertTextChars))] }).texts[0]!.text).toHaveLength(LIMITS.alertTextChars);
  });

  it("keep their clip only while they are the template's own", () => {
    const moveNow = template('debris-flow-move-now');
    const same = compose({ texts: moveNow.texts.map(({ language, title, text }) => ({ language, title, text })) }, { template: moveNow });
    expect(same.texts).toEqual(moveNow.texts);
    const edited = compose({ texts: moveNow.texts.map((text) => ({ ...text, text: `${text.text}快。` })) }, { template: moveNow });
    expect(edited.texts.every((text) => text.clipSha256 === undefined)).toBe(true);
    const claimed = compose({ texts: [{ ...words('别的话。'), clipSha256: moveNow.texts[0]!.clipSha256 }] });
    expect(claimed.texts[0]!.clipSha256).toBeUndefined();
  });
});

describe('a drill', () => {
  const drill = (over: Record<string, unknown> = {}, from: Partial<ContentSource> = {}) => compose({ mode: 'drill', ...over }, from);

  it('says so in the title and the words of every language, and has no siren', () => {
    const moveNow = template('debris-flow-move-now');
    const content = drill({ texts: undefined }, { template: moveNow });
    for (const texts of [content.texts, content.endTexts, content.cancelTexts]) {
      for (const text of texts) {
        expect(text.text.startsWith(drillPrefix(text.language))).toBe(true);
        expect(text.title.startsWith('【演练】')).toBe(true);
      }
    }
    expect(content.texts.map((text) => text.clipSha256)).toEqual(moveNow.texts.map((text) => clipFor(text.language, drillPrefix(text.language) + text.text)));
    expect(content.texts.every((text) => text.clipSha256 !== undefined && !moveNow.texts.some((live) => live.clipSha256 === text.clipSha256))).toBe(true);
    expect(content.siren).toBe(false);
    expect(drill({ texts: [words('Go up.', 'en', 'Debris flow')] }).texts[0]).toEqual({
      language: 'en',
      title: 'Drill: Debris flow',
      text: 'This is a drill. Go up.',
    });
  });

  it('is not marked twice when its own words come back', () => {
    const once = drill();
    expect(drill({ texts: once.texts }).texts).toEqual(once.texts);
  });

  it('never has a siren, and the words with the prefix must fit', () => {
    expect(codeOf(() => drill({ siren: true }))).toBe('bad-input');
    expect(codeOf(() => drill({ texts: [words('走'.repeat(LIMITS.alertTextChars))] }))).toBe('bad-text');
  });

  it('and a live alert cannot look like each other', () => {
    for (const text of ['演练，演练。走。', '【演练】走。', ' 演 练 走', 'Drill: go', 'This is a drill. Go.'])
      expect(codeOf(() => compose({ texts: [words(text)] }))).toBe('bad-text');
    expect(codeOf(() => compose({ texts: [words('走。', 'zh-CN', '【演练】泥石流')] }))).toBe('bad-text');
    expect(codeOf(() => compose({ order: undefined, texts: undefined }, { template: template('drill') }))).toBe('bad-input');
    expect(codeOf(() => drill({ order: undefined, texts: undefined }, { template: template('path-test') }))).toBe('bad-input');
  });
});

describe('a test', () => {
  it('needs no words, makes no sound and has no siren', () => {
    expect(compose({ mode: 'test', texts: undefined, durationMinutes: undefined })).toMatchObject({
      texts: [],
      endTexts: [],
      cancelTexts: [],
      siren: false,
      volume: 0,
      endTimeMs: NOW + 5 * MINUTE,
    });
  });
});

describe('kind and degree', () => {
  it.each([
    ['a warning without a colour', { kind: 'warning', order: undefined, issuer: '演示气象台' }],
    ['a warning without its issuer', { kind: 'warning', order: undefined, level: 'red' }],
    ['a warning whose issuer is only invisible', { kind: 'warning', order: undefined, level: 'red', issuer: '\u200b' }],
    ['a warning with an order', { kind: 'warning', level: 'red', order: 'move-now', issuer: '演示气象台' }],
    ['an order without an order', { order: undefined }],
    ['an order with a colour', { level: 'red' }],
    ['a siren below move-now', { order: 'prepare', siren: true }],
  ])('%s is refused', (_name, over) => {
    expect(codeOf(() => compose(over))).toBe('bad-input');
  });

  it('of the template and of the request must agree', () => {
    expect(codeOf(() => compose({}, { template: template('rainstorm-red') }))).toBe('bad-input');
  });
});

describe('the times', () => {
  const iso = (ms: number) => new Date(ms).toISOString();
  it.each([
    ['an end in the past', { durationMinutes: undefined, endTime: iso(NOW - 1) }],
    ['an end now', { durationMinutes: undefined, endTime: iso(NOW) }],
    ['an end before the start', { durationMinutes: undefined, startTime: iso(NOW + 50_000), endTime: iso(NOW + 40_000) }],
    ['less than a minute', { durationMinutes: 0.5 }],
    ['no minutes', { durationMinutes: 0 }],
    ['negative minutes', { durationMinutes: -5 }],
    ['more than a week', { durationMinutes: 7 * 24 * 60 + 1 }],
    ['minutes without end', { durationMinutes: 1e300 }],
    ['a start far ahead', { startTime: iso(NOW + 61_000) }],
    ['two different ends', { endTime: iso(NOW + 5 * MINUTE) }],
  ])('with %s are refused', (_name, over) => {
    expect(codeOf(() => compose(over))).toBe('bad-time');
  });

  it('may be an end with any offset, and a start that is past is now', () => {
    const content = compose({ durationMinutes: undefined, endTime: '2026-07-01T09:00:00+08:00', startTime: iso(NOW - 5 * MINUTE) });
    expect(content).toMatchObject({ startTimeMs: NOW, endTimeMs: NOW + 60 * MINUTE });
  });
});
