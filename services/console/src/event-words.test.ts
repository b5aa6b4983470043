// Chapter 6, watch: no event without words, no words without an event.
import { expect, it } from 'vitest';
import { EVENTS } from '@laba/domain/events';
import { EVENT_WORDS, wordsFor } from './event-words.ts';

it('has words in both languages for every event of the story, and for no other', () => {
  expect(Object.keys(EVENT_WORDS).sort()).toEqual(Object.keys(EVENTS).sort());
  for (const type of Object.keys(EVENTS)) {
    const { zh, en } = wordsFor(
      type,
      { subject: '甲', place: '乙', rung: '丙' },
      { answer: 'coming', hazard: 'debris-flow', result: 'true', reason: 'ended', repeat: 1 },
    );
    expect(zh, type).toMatch(/\p{Script=Han}/u);
    expect(en, type).toMatch(/[A-Za-z]/);
    expect(`${zh}${en}`, type).not.toMatch(/[{}]|undefined|NaN/);
  }
});

it('shows an event of another release by its name', () => {
  expect(wordsFor('alert.sung', { subject: '', place: '', rung: '' }, {})).toEqual({ zh: 'alert.sung', en: 'alert.sung' });
});
