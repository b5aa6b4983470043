// The voice says what the text says.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { forVoice } from './voice-words.ts';

const phonemes = (text: string) => spawnSync('espeak-ng', ['-v', 'cmn-latn-pinyin', '-x', '-q', text], { encoding: 'utf8' });
const hasVoice = phonemes('好').status === 0;

describe('words for the voice', () => {
  it('leave everything alone that is read right', () => {
    const text = '泥石流危险！立即往两边山坡高处转移，重要的是人，不要沿沟走。长江边的行人慢慢地走，还有时间。';
    expect(forVoice(text)).toBe(text);
  });

  it('turn the noun 地 and misread words into homophones, and keep the particle', () => {
    expect(forVoice('地质灾害，请组长到集合地点，不停地广播')).toBe('第质灾害，请组掌到集合第点，不停地广播');
    expect(forVoice('重新清点，山上着火')).toBe('虫新清点，山上zhao2火');
  });

  it.skipIf(!hasVoice)('sound like the pinyin they are written for', () => {
    // Character by character in numbered pinyin, which the voice reads as it stands.
    const said: [string, string][] = [
      ['地质灾害', 'di4 zhi4 zai1 hai4'],
      ['集合地点', 'ji2 he2 di4 dian3'],
      ['组长', 'zu3 zhang3'],
      ['重新', 'chong2 xin1'],
      ['着火', 'zhao2 huo3'],
      ['返还', 'fan3 huan2'],
      ['银行', 'yin2 hang2'],
      ['堰塞湖', 'yan4 se4 hu2'],
      ['藏族', 'zang4 zu2'],
    ];
    const syllables = (text: string) =>
      phonemes(text)
        .stdout.replace(/[\d'|,_;-]/g, '')
        .trim()
        .split(/\s+/);
    for (const [text, pinyin] of said) {
      expect(syllables(forVoice(text)), text).toEqual(pinyin.split(' ').flatMap(syllables));
    }
    expect(syllables('地质')).not.toEqual(['di4', 'zhi4'].flatMap(syllables));
  });
});
