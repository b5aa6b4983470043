// Chapter 2, alert: how many seconds an officer is told that his words take.
import { describe, expect, it } from 'vitest';
import { CLIPS } from './clip-index.ts';
import { soundsOf } from './sounding-time.ts';

const mandarin = CLIPS.filter(({ language, placeholder }) => language === 'zh-CN' && !placeholder);

describe('the seconds that an alert sounds', () => {
  it('are the length of its recording, where it has one', () => {
    const [clip] = mandarin;
    const text = { language: 'zh-CN', title: '标题', text: clip!.text, clipSha256: clip!.sha256 };
    expect(soundsOf({ mode: 'live', texts: [text] })).toEqual([{ language: 'zh-CN', seconds: Math.round(clip!.durationMs / 1_000), isMeasured: true }]);
  });

  it('are foreseen for words that a voice reads, and never by more than two seconds beside what the prepared clips take', () => {
    for (const { text, durationMs } of mandarin) {
      const [sound] = soundsOf({ mode: 'live', texts: [{ language: 'zh-CN', title: '标题', text }] });
      expect(sound!.isMeasured).toBe(false);
      expect(Math.abs(sound!.seconds - durationMs / 1_000), text).toBeLessThanOrEqual(2);
    }
  });

  it('are none for a test of the path, which makes no sound', () => {
    expect(soundsOf({ mode: 'test', texts: [{ language: 'zh-CN', title: '标题', text: '通路测试。' }] })).toEqual([]);
  });
});
