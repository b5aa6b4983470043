// Bad input, first part: what an officer writes into an alert. Each is refused by its name, and nothing else changes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '@laba/domain/errors';
import { BareCaller, jsonOf } from '../harness/bare-caller.ts';
import { MOVE_NOW } from '../harness/officer.ts';
import { refuses } from '../harness/refusals.ts';
import { ACROSS, DASUO, UPPER } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Town } from '../harness/town.ts';

let town: Town;
let cadre: BareCaller;
beforeAll(async () => {
  town = await openTown();
  cadre = await new BareCaller(() => town.house.url()).signIn('cadre1', PASSWORD);
});
afterAll(() => town.close());

const text = (words: string, title = '通知', language = 'zh-CN') => ({ language, title, text: words });
const order = (more: Record<string, unknown> = {}) => ({
  mode: 'live',
  kind: 'order',
  order: 'move-now',
  areaCodes: [UPPER],
  eventCode: '11D00',
  durationMinutes: 30,
  texts: [text(MOVE_NOW)],
  ...more,
});
const draft = (more: Record<string, unknown>) => cadre.post('/api/v1/alerts', order(more));
const at = (minutesFromNow: number) => new Date(town.clock.now() + minutesFromNow * 60_000).toISOString();

type Case = [sentence: string, code: ErrorCode, more: Record<string, unknown>, says?: RegExp];
const cases = (list: Case[]) =>
  it.each(list)('%s is refused as %s', async (_sentence, code, more, says) => {
    await refuses(town, code, () => draft(more), says);
    await refuses(town, code, () => cadre.post('/api/v1/alerts/forecast', order(more)));
  });

describe('mode and kind', () => {
  cases([
    ['a missing mode', 'mode-required', { mode: undefined }],
    ['an empty mode', 'mode-required', { mode: '' }],
    ['a mode that is null', 'mode-required', { mode: null }],
    ['an unknown mode', 'mode-required', { mode: 'exercise' }],
    ['a missing kind', 'kind-required', { kind: undefined }],
    ['an empty kind', 'kind-required', { kind: '' }],
    ['a warning without its colour', 'bad-input', { kind: 'warning', order: undefined }, /level: .*red/],
    ['a warning without its issuer', 'bad-input', { kind: 'warning', order: undefined, level: 'blue' }, /issuer: /],
    ['an order with a colour', 'bad-input', { level: 'red' }, /level: /],
  ]);
});

describe('area', () => {
  cases([
    ['a missing area', 'empty-area', { areaCodes: undefined }],
    ['an empty area', 'empty-area', { areaCodes: [] }],
    ['an area of one empty code', 'unknown-code', { areaCodes: [''] }],
    ['an area outside the scope', 'out-of-scope', { areaCodes: [ACROSS] }, new RegExp(ACROSS)],
    ['an area half outside the scope', 'out-of-scope', { areaCodes: [DASUO, ACROSS] }, new RegExp(ACROSS)],
    ['an unknown code', 'unknown-code', { areaCodes: ['53332410120199'] }, /53332410120199/],
    ['a code of another county', 'unknown-code', { areaCodes: ['110101'] }],
    ['a code of wrong length', 'unknown-code', { areaCodes: [`${DASUO}1`] }],
    ['a code with letters', 'unknown-code', { areaCodes: ['5333241O1201'] }],
    ['a code in full-width digits', 'unknown-code', { areaCodes: ['５３３３２４１０１２０１'] }],
    ['a code that is SQL', 'unknown-code', { areaCodes: ["' or '1'='1"] }],
    ['a code that is a number', 'bad-input', { areaCodes: [533324101201] }, /areaCodes/],
    ['an area that is one word', 'bad-input', { areaCodes: DASUO }, /areaCodes/],
    ['501 codes', 'bad-input', { areaCodes: Array.from({ length: 501 }, () => DASUO) }, /areaCodes/],
  ]);
});

describe('times', () => {
  it.each([
    ['an end that is past', -1, undefined],
    ['an end before the start', 0.2, 0.8],
    ['an end at the start', 0.8, 0.8],
    ['an alert of a few seconds', 0.2, undefined],
    ['a day too long', 8 * 24 * 60, undefined],
    ['a start in an hour', 120, 60],
  ])('%s is refused as bad-time', async (_sentence, end, start) => {
    await refuses(town, 'bad-time', () => draft({ durationMinutes: undefined, endTime: at(end), ...(start === undefined ? {} : { startTime: at(start) }) }));
  });

  cases([
    ['no time at all', 'bad-time', { durationMinutes: 0 }],
    ['a negative duration', 'bad-time', { durationMinutes: -30 }],
    ['a duration beyond all numbers', 'bad-time', { durationMinutes: 1e308 }],
    ['an end and a duration', 'bad-time', { endTime: '2026-07-01T04:00:00+08:00' }, /one of them/],
    ['a duration in words', 'bad-input', { durationMinutes: '30' }, /durationMinutes/],
    ['a time without offset', 'bad-input', { durationMinutes: undefined, endTime: '2026-07-01T04:00:00' }, /endTime/],
    ['a day that does not exist', 'bad-input', { durationMinutes: undefined, endTime: '2026-02-30T04:00:00Z' }, /endTime/],
    ['the year 275,760', 'bad-input', { durationMinutes: undefined, endTime: '+275760-09-13T00:00:00Z' }, /endTime/],
  ]);
});

describe('templates', () => {
  cases([
    ['an unknown template', 'unknown-template', { templateId: 'no-such-template' }, /no-such-template/],
    ['a template of another kind', 'bad-input', { templateId: 'forest-fire-orange' }, /kind: .*warning/],
    ['a template for drills', 'bad-input', { templateId: 'drill' }, /drill only/],
    ['a template for tests', 'bad-input', { templateId: 'path-test' }, /test only/],
    ['a report that does not exist', 'not-found', { reportId: 'no-such-report' }, /reportId/],
  ]);
});

describe('words', () => {
  cases([
    ['no words', 'bad-text', { texts: [] }, /template or write/],
    ['0 characters', 'bad-text', { texts: [text('')] }, /zh-CN: the words are empty/],
    ['an empty title', 'bad-text', { texts: [text(MOVE_NOW, '')] }, /title/],
    ['only spaces', 'bad-text', { texts: [text(' \t\u00a0\u3000\n')] }],
    ['only emoji', 'bad-text', { texts: [text('🌊🏃🏽‍♀️⛰️')] }, /cannot be spoken/],
    ['only punctuation', 'bad-text', { texts: [text('！！！……')] }],
    ['only bidi overrides', 'bad-text', { texts: [text('\u202e\u202d\u2066\u2069')] }],
    ['only zero-width characters', 'bad-text', { texts: [text('\u200b\u200c\u200d\ufeff\u2060')] }],
    ['only NUL', 'bad-text', { texts: [text('\0\0')] }],
    ['only letters that show nothing', 'bad-text', { texts: [text('\u3164\u115f\u1160\uffa0')] }],
    ['only half of a surrogate pair', 'bad-text', { texts: [text('\ud83d')] }],
    ['601 characters', 'bad-text', { texts: [text('水'.repeat(601))] }, /601 .*600/],
    ['100,000 characters', 'bad-text', { texts: [text('水'.repeat(100_000))] }, /100000 .*600/],
    ['a title of 61 characters', 'bad-text', { texts: [text(MOVE_NOW, '水'.repeat(61))] }, /title has 61/],
    ['a drill word in a live alert', 'bad-text', { texts: [text('演练，演练。请转移。')] }, /drill/],
    ['a drill word behind an invisible sign in a live alert', 'bad-text', { texts: [text('\u200b演\u200b练，请转移。')] }, /drill/],
    ['the same language twice', 'bad-text', { texts: [text(MOVE_NOW), text(MOVE_NOW, '通知', 'ZH-cn')] }, /twice/],
    ['a language that is none', 'bad-text', { texts: [text(MOVE_NOW, '通知', '普通话')] }, /BCP 47/],
    ['100 languages', 'bad-input', { texts: Array.from({ length: 100 }, (_, i) => text(MOVE_NOW, '通知', `x${i}`)) }, /texts/],
    ['words that are a number', 'bad-input', { texts: [{ language: 'zh-CN', title: '通知', text: 7 }] }, /texts/],
  ]);

  it('with hidden signs are cleaned once: signed, shown and heard is the same string', async () => {
    const dirty = '  \u202e泥石\u200b流来了\0，\u0007立即\r\n转\u2066移\ufeff！e\u200b\u0301 ';
    const clean = '泥石流来了，立即 转移！é';
    const made = await draft({ texts: [text(dirty, '\u202e通\u200b知\0')] });
    const { id, version } = jsonOf<{ id: string; version: number }>(made);
    const wordsShown = async () => jsonOf<{ title: string; revisions: { texts: unknown[] }[] }>(await cadre.get(`/api/v1/alerts/${id}`));
    expect(await wordsShown()).toMatchObject({ title: '通知', revisions: [{ texts: [{ text: clean, title: '通知' }] }] });
    const raised = await cadre.post(`/api/v1/alerts/${id}/raise`, {}, { 'if-match': `"${version}"` });
    expect(raised.status, raised.text).toBe(200);
    await town.speaker('upper-1').hears(clean);
    expect(town.site('upper-1').pole.heard.map((heard) => heard.words)).toEqual([clean]);
    const signed = await town.house.deps.db.read((q, t) => q.select({ envelope: t.command.envelope }).from(t.command));
    const payloads = signed.map(
      ({ envelope }) => JSON.parse(Buffer.from(envelope.split('.')[1]!, 'base64url').toString('utf8')) as { body: { texts: { text: string }[] } },
    );
    expect(payloads.map((payload) => payload.body.texts.map((one) => one.text))).toEqual([[clean]]);
    const calls = jsonOf<{ calls: { link: string }[] }>(await cadre.get(`/api/v1/alerts/${id}/calls`)).calls;
    await town.member(calls[0]!).sees(`<p>${clean}</p>`);
  });
});

it('after all of this a plain alert still sounds', async () => {
  await (await town.officer('cadre1')).orders({ at: [DASUO] });
  expect(await town.speaker('dasuo-1').hears(MOVE_NOW)).toHaveLength(1);
  expect(await town.brokenPromises()).toEqual([]);
});
