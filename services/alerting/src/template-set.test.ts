// The prepared words can be said, are said right, and each has the clip that says them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drillPrefix, EVENT_CODES, hasSiren } from '@laba/domain/alert';
import { LIMITS } from '@laba/domain/limits';
import { HAZARDS } from '@laba/domain/report';
import { cleanText, isSpeakable } from '@laba/domain/text';
import { forVoice } from '@laba/domain/voice-words';
import { CLIPS, clipFor, PLACEHOLDER_CLIPS } from './clip-index.ts';
import { STAGES, TEMPLATE_SET, wordsToSpeak } from './template-set.ts';

const CLIPS_DIR = join(import.meta.dirname, '../clips');
const allTexts = TEMPLATE_SET.flatMap((row) => [...row.texts, ...row.endTexts, ...row.cancelTexts]);
const hasVoice = spawnSync('espeak-ng', ['--version']).status === 0;

function samplesOf(wav: Buffer): Int16Array {
  return new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length));
}

describe('the template set', () => {
  it('has each id once, known stages, hazards and event codes, and a level or an order as its kind says', () => {
    expect(new Set(TEMPLATE_SET.map((row) => row.id)).size).toBe(TEMPLATE_SET.length);
    for (const row of TEMPLATE_SET) {
      expect(STAGES).toHaveProperty(row.stage);
      expect(HAZARDS).toHaveProperty(row.hazard);
      if (row.eventCode !== '') expect(EVENT_CODES).toHaveProperty([row.eventCode]);
      expect(row.kind === 'order' ? row.order : row.level, row.id).toBeTruthy();
      expect(row.kind === 'order' ? row.level : row.order, row.id).toBeNull();
      expect(row.durationMinutes * 60_000).toBeGreaterThanOrEqual(LIMITS.alertMinimumMs);
      expect(row.durationMinutes * 60_000).toBeLessThanOrEqual(LIMITS.alertDurationMs);
    }
  });

  it('says Chinese first, with words for the all-clear and for taking it back', () => {
    for (const row of TEMPLATE_SET) {
      for (const texts of [row.texts, row.endTexts, row.cancelTexts]) expect(texts[0]?.language, row.id).toBe('zh-CN');
      expect(row.texts.length).toBeLessThanOrEqual(LIMITS.alertLanguages);
    }
  });

  it('can be signed, shown and spoken as it is: clean, within the limits, no Latin letters, no digits', () => {
    for (const { title, text } of allTexts) {
      expect(cleanText(text)).toBe(text);
      expect(isSpeakable(text)).toBe(true);
      expect(text).not.toMatch(/[A-Za-z0-9%℃]/);
      expect(title).not.toMatch(/[A-Za-z]/);
      expect(text.length).toBeLessThanOrEqual(LIMITS.alertTextChars);
      expect(title.length).toBeLessThanOrEqual(LIMITS.alertTitleChars);
    }
  });

  it('gives every debris-flow order an action, and the siren to move-now only', () => {
    const moveNow = TEMPLATE_SET.find((row) => row.id === 'debris-flow-move-now')!;
    expect(moveNow.texts[0]?.text).toContain('不要沿沟走');
    expect(hasSiren({ mode: 'live', kind: 'order', level: null, order: moveNow.order! })).toBe(true);
  });

  it('names drill words for drills only, so that no live template sounds like one', () => {
    for (const row of TEMPLATE_SET.filter((one) => one.stage !== 'drill')) {
      for (const { text } of [...row.texts, ...row.endTexts, ...row.cancelTexts]) expect(text).not.toContain('演练');
    }
  });
});

describe('the clips', () => {
  it('exist for every text of every template, exactly these words', () => {
    for (const text of allTexts) {
      expect(text.clipSha256, `${text.language} ${text.text}: run infra/voice/make-clips.ts`).toMatch(/^[0-9a-f]{64}$/);
      expect(clipFor(text.language, text.text)).toBe(text.clipSha256);
    }
    expect(clipFor('zh-CN', '别的话')).toBeUndefined();
    expect(new Set(CLIPS.map((clip) => `${clip.language} ${clip.text}`))).toEqual(new Set(wordsToSpeak().map((one) => `${one.language} ${one.text}`)));
  });

  it('exist in the drill wording of the drill and of the debris-flow order', () => {
    for (const id of ['drill', 'debris-flow-move-now']) {
      for (const text of TEMPLATE_SET.find((row) => row.id === id)!.texts) expect(clipFor(text.language, drillPrefix(text.language) + text.text)).toBeDefined();
    }
  });

  it('are told apart from placeholders: only the local languages, and nothing Chinese', () => {
    for (const clip of CLIPS) expect(PLACEHOLDER_CLIPS.has(clip.sha256)).toBe(clip.language !== 'zh-CN');
    const spokenLanguages = TEMPLATE_SET.filter((row) => row.texts.length > 1).map((row) => [row.id, row.texts.map((text) => text.language)]);
    expect(spokenLanguages).toEqual([
      ['debris-flow-move-now', ['zh-CN', 'lis', 'duu']],
      ['debris-flow-prepare', ['zh-CN', 'lis', 'duu']],
    ]);
  });

  it.each(CLIPS)('$sha256 is what its name says and sounds: $text', (clip) => {
    const wav = readFileSync(join(CLIPS_DIR, `${clip.sha256}.wav`));
    expect(createHash('sha256').update(wav).digest('hex')).toBe(clip.sha256);
    expect(wav.toString('latin1', 0, 4) + wav.toString('latin1', 8, 16) + wav.toString('latin1', 36, 40)).toBe('RIFFWAVEfmt data');
    expect([wav.readUInt16LE(20), wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)]).toEqual([1, 1, 16_000, 16]);
    expect(wav.readUInt32LE(40)).toBe(wav.length - 44);
    const samples = samplesOf(wav);
    expect(Math.round((samples.length / 16_000) * 1_000)).toBe(clip.durationMs);
    const rmsDb = 20 * Math.log10(Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length) / 32_768);
    expect(rmsDb).toBeGreaterThan(-26);
    const peak = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    expect(peak / 32_768).toBeCloseTo(0.708, 2);
    const characters = clip.text.match(/\p{L}/gu)!.length;
    const toneSeconds = clip.placeholder ? 0.6 : 0;
    const perCharacter = (clip.durationMs / 1_000 - toneSeconds) / characters;
    expect(perCharacter).toBeGreaterThan(0.15);
    expect(perCharacter).toBeLessThan(0.45);
  });

  it('are all that this repository carries, in less than 9 MB', () => {
    const files = readdirSync(CLIPS_DIR).filter((name) => name.endsWith('.wav'));
    expect(files.sort()).toEqual(CLIPS.map((clip) => `${clip.sha256}.wav`).sort());
    expect(CLIPS.reduce((sum, clip) => sum + clip.durationMs * 32, 0)).toBeLessThan(9_000_000);
  });

  it.skipIf(!hasVoice)('would be read as Chinese by the voice, never as English', () => {
    const phonemes = (text: string) => spawnSync('espeak-ng', ['-v', 'cmn-latn-pinyin', '-x', '-q', text], { encoding: 'utf8' }).stdout;
    for (const { text } of CLIPS) {
      expect(phonemes(forVoice(text)), text).not.toContain('(en)');
      expect(phonemes(forVoice(text)).trim().split(/\s+/).length, text).toBe(text.match(/\p{L}/gu)!.length);
    }
    expect(phonemes('50%')).toContain('(en)');
  });
});
