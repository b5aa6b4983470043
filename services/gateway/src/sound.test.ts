// What comes out of the pole, measured: siren, tones, words, files.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedCommand } from '@laba/domain/gateway-protocol';
import { makeIds } from '@laba/domain/ids';
import { installed } from '@laba/messaging/installed.test-kit';
import { systemClock } from '@laba/runtime/clock';
import { FakeClock } from '@laba/runtime/fake-clock';
import { silentLog } from '@laba/runtime/log';
import { sha256Of } from './audio-cache.ts';
import { clipsOver } from './clips.ts';
import { makeVoice, type VoiceDeps } from './make-voice.ts';
import { bulletinChime, chime, drillBeeps, wail } from './siren.ts';
import { speakable } from './speakable.ts';
import { VOICE } from './speech.ts';
import { Village } from './village.test-kit.ts';
import { decodeWav, encodeWav, resample, SAMPLE_RATE, UnsupportedAudio } from '@laba/runtime/wav';

const hasEspeak = installed('espeak-ng', 'espeak-ng');
const hasSox = installed('espeak-ng', 'soxi');
const village = new Village();
const command = (changes: Parameters<Village['command']>[0] = {}) => village.command(changes) as SignedCommand;
const text = (words: string, language = 'zh-CN') => [{ language, title: '预警', text: words }];
const rms = (samples: Int16Array) => Math.sqrt(samples.reduce((sum, s) => sum + (s / 32_768) ** 2, 0) / Math.max(1, samples.length));
const part = (samples: Int16Array, fromSeconds: number, toSeconds = Infinity) =>
  samples.subarray(fromSeconds * SAMPLE_RATE, Math.min(samples.length, toSeconds * SAMPLE_RATE));
const sine = (rate: number, hz: number, seconds: number) =>
  Int16Array.from({ length: rate * seconds }, (_, i) => 20_000 * Math.sin((2 * Math.PI * hz * i) / rate));

function voice(changes: Partial<VoiceDeps> = {}) {
  const fetchClip = async () => {
    throw new Error('no county');
  };
  return makeVoice({
    cacheDir: mkdtempSync(join(tmpdir(), 'laba-voice-')),
    fetchClip,
    clock: systemClock,
    ids: makeIds(Date.now, randomBytes),
    log: silentLog,
    speak: async () => sine(SAMPLE_RATE, 300, 1),
    ...changes,
  });
}

function hertz(samples: Int16Array): number {
  let crossings = 0;
  for (let i = 1; i < samples.length; i++) if (samples[i - 1]! < 0 && samples[i]! >= 0) crossings += 1;
  return (crossings * SAMPLE_RATE) / samples.length;
}

function withRate(samples: Int16Array, rate: number): Buffer {
  const wav = encodeWav(samples);
  wav.writeUInt32LE(rate, 24);
  return wav;
}

describe('the openings', () => {
  it('the wail rises and falls between 400 and 800 Hz for five seconds, loud', () => {
    const siren = wail();
    expect(siren.length).toBe(5 * SAMPLE_RATE);
    const pitches = Array.from({ length: 50 }, (_, i) => hertz(part(siren, i / 10, (i + 1) / 10)));
    expect(Math.min(...pitches.slice(0, 49))).toBeGreaterThanOrEqual(390);
    expect(Math.max(...pitches)).toBeLessThanOrEqual(830);
    expect(Math.max(...pitches)).toBeGreaterThan(760);
    expect(rms(siren)).toBeGreaterThan(0.35);
  });

  it("a drill's beeps are three, soft, on one pitch, and much quieter than the wail", () => {
    const beeps = drillBeeps();
    const loud = Array.from({ length: 18 }, (_, i) => rms(part(beeps, i / 10, (i + 1) / 10)) > 0.01);
    expect(
      loud
        .join(' ')
        .replace(/(true )+/g, 'beep ')
        .replace(/(false ?)+/g, '')
        .trim()
        .split(' ').length,
    ).toBe(3);
    expect(Math.abs(hertz(part(beeps, 0.05, 0.25)) - 1_000)).toBeLessThan(10);
    expect(rms(beeps)).toBeLessThan(rms(wail()) / 4);
    expect(rms(chime())).toBeLessThan(rms(wail()) / 4);
  });

  it('a drill opens with its beeps and nothing else, also when the command asks for the siren', async () => {
    const spoken = await voice().soundFor(command({ mode: 'drill', texts: [] }));
    expect(decodeWav(readFileSync(spoken.path)).samples).toEqual(drillBeeps());
    const live = await voice().soundFor(command({ level: 'blue', texts: [] }));
    expect(decodeWav(readFileSync(live.path)).samples).toEqual(chime());
  });

  it('only a live alert that is red or move-now has the siren; its all-clear and every drill have none', async () => {
    const v = voice();
    const has = async (changes: Parameters<Village['command']>[0]) => (await v.soundFor(command(changes))).hasSiren;
    expect(await has({})).toBe(true);
    expect(await has({ level: null, kind: 'order', order: 'move-now' })).toBe(true);
    expect(await has({ siren: false })).toBe(false);
    expect(await has({ level: 'yellow' })).toBe(false);
    expect(await has({ mode: 'drill' })).toBe(false);
    expect(await has({ purpose: 'all-clear' })).toBe(false);
  });
});

describe('a bulletin', () => {
  const news = (changes: Parameters<Village['command']>[0] = {}) =>
    command({ mode: 'drill', purpose: 'bulletin', level: null, siren: true, texts: text('日常广播。今天多云。'), ...changes });

  it('opens with three notes of its own, soft, and never with the siren, whatever it asks for', async () => {
    const sound = await voice().soundFor(news({ texts: [], mode: 'live', level: 'red' }));
    const { samples } = decodeWav(readFileSync(sound.path));
    expect(sound.hasSiren).toBe(false);
    expect(samples.subarray(0, bulletinChime().length)).toEqual(bulletinChime());
    expect(rms(bulletinChime())).toBeLessThan(rms(wail()) / 4);
    const notes = [0, 0.45, 0.9].map((at) => hertz(part(bulletinChime(), at + 0.03, at + 0.3)));
    expect(notes).toEqual([...notes].sort((a, b) => a - b));
  });

  it('says first, by the box itself, that it is one, then what was recorded', async () => {
    const said: string[] = [];
    const speak = async (words: string) => {
      said.push(words);
      return sine(SAMPLE_RATE, 300, 1);
    };
    const clip = encodeWav(sine(SAMPLE_RATE, 600, 2));
    const clipSha256 = createHash('sha256').update(clip).digest('hex');
    const sound = await voice({ speak, fetchClip: async () => clip }).soundFor(news({ texts: [{ ...text('日常广播。晚间新闻')[0]!, clipSha256 }] }));
    expect(said).toEqual(['日常广播。']);
    const { samples } = decodeWav(readFileSync(sound.path));
    // The chime, a pause, the words, a pause, the recording: 1.5 + 0.4 + 1 + 0.4 + 2 s.
    expect(samples.length / SAMPLE_RATE).toBeCloseTo(5.3, 1);
    expect(hertz(part(samples, 2.1, 2.7))).toBeCloseTo(300, -1);
    expect(hertz(part(samples, 3.6, 5.1))).toBeCloseTo(600, -1);
  });

  it('does not say the word twice, and is not made in part without its recording', async () => {
    const said: string[] = [];
    const speak = async (words: string) => {
      said.push(words);
      return sine(SAMPLE_RATE, 300, 1);
    };
    await voice({ speak }).soundFor(news());
    expect(said).toEqual(['日常广播。', '今天多云。']);
    await expect(voice({ speak }).soundFor(news({ texts: [{ ...text('日常广播。晚间新闻')[0]!, clipSha256: '0'.repeat(64) }] }))).rejects.toThrow(
      'no-recording',
    );
  });

  it('that is longer than any may be is not played', async () => {
    await expect(voice({ speak: async () => sine(SAMPLE_RATE, 300, 260) }).soundFor(news())).rejects.toThrow('too long');
  });
});

describe('the file', () => {
  it('is 16 kHz mono 16 bit with a 44-byte header, and reads back as it was', async () => {
    const samples = sine(SAMPLE_RATE, 440, 1);
    const wav = encodeWav(samples);
    expect(wav.length).toBe(44 + samples.length * 2);
    expect(decodeWav(wav)).toEqual({ sampleRate: SAMPLE_RATE, samples });
  });

  it.skipIf(!hasSox)('is what soxi says it is (needs sox)', async () => {
    const sound = await voice().soundFor(command());
    const info = execFileSync('soxi', [sound.path]).toString();
    expect(info).toMatch(/Channels\s*: 1/);
    expect(info).toMatch(/Sample Rate\s*: 16000/);
    expect(info).toMatch(/16-bit Signed Integer PCM/);
    expect(sound.durationMs).toBeCloseTo(6_400, -1);
  });

  it('of another rate is brought to 16 kHz at the same pitch, without what 16 kHz cannot hold', async () => {
    for (const rate of [8_000, 22_050, 44_100]) {
      const out = await resample({ sampleRate: rate, samples: sine(rate, 440, 1) });
      expect(Math.abs(out.length - SAMPLE_RATE)).toBeLessThan(3);
      expect(hertz(out)).toBeCloseTo(440, -1);
      expect(rms(part(out, 0.1, 0.9))).toBeCloseTo(20_000 / 32_768 / Math.SQRT2, 1);
    }
    const tooHigh = await resample({ sampleRate: 44_100, samples: sine(44_100, 12_000, 1) });
    expect(rms(part(tooHigh, 0.1, 0.9))).toBeLessThan(0.01);
  });

  it('of another kind is refused by name', () => {
    const stereo = encodeWav(sine(SAMPLE_RATE, 440, 1));
    stereo.writeUInt16LE(2, 22);
    expect(() => decodeWav(stereo)).toThrow(UnsupportedAudio);
    expect(() => decodeWav(Buffer.from('ID3 something'))).toThrow('not a WAV file');
    expect(() => decodeWav(encodeWav(sine(SAMPLE_RATE, 440, 1)).subarray(0, 36))).toThrow('it holds no sound');
    expect(() => decodeWav(withRate(sine(SAMPLE_RATE, 440, 1), 192_000))).toThrow('192000 samples a second');
  });

  it('of the same words is one file; other words, another volume or a drill are another', async () => {
    const v = voice({ speak: async (words) => sine(SAMPLE_RATE, 200 + words.length, 1) });
    const [a, same, words, volume, drill] = await Promise.all([
      v.soundFor(command()),
      v.soundFor(command({ alertId: 'other' })),
      v.soundFor(command({ texts: text('请到高处。') })),
      v.soundFor(command({ volume: 50 })),
      v.soundFor(command({ mode: 'drill' })),
    ]);
    expect(same).toEqual(a);
    expect(new Set([a, words, volume, drill].map((s) => s.sha256)).size).toBe(4);
    expect(sha256Of(readFileSync(a.path))).toBe(a.sha256);
    expect(rms(decodeWav(readFileSync(volume.path)).samples)).toBeCloseTo(rms(decodeWav(readFileSync(a.path)).samples) / 2, 2);
  });
});

describe('the words', () => {
  it.each([
    ['199人、65户，14:30前转移。', '一百九十九人、六十五户，十四点三十分前转移。'],
    ['雨量3.5mm，概率50%，风速20m/s', '雨量三点五毫米，概率百分之五十，风速二十米每秒'],
    ['2026年7月1日8:05', '二零二六年七月一日八点零五分'],
    ['请拨119，0886-3512345或13900000000，3-5天', '请拨一一九，零八八六三五一二三四五或一三九零零零零零零零零，三到五天'],
    ['10005户，100010人', '一万零五户，十万零一十人'],
    ['第３，５０组，共1,234人，14：30', '第三，五十组，共一千二百三十四人，十四点三十分'],
    ['A区SOS！！Evacuation now', '诶区艾斯欧艾斯！恩欧达不溜'],
    ['“山洪”（暴雨）\u202e请/速 & 转移😀', '山洪暴雨请，速和转移'],
    ['!!!', ''],
  ])('%s are spoken as %s', (written, spoken) => {
    expect(speakable(written)).toBe(spoken);
  });

  it('in a language without a clip are named as missing; the Chinese ones are spoken', async () => {
    const sound = await voice().soundFor(command({ texts: [...text('请转移。'), ...text('mu nyi', 'lis')] }));
    expect(sound.spoken).toEqual([{ language: 'zh-CN', by: 'voice' }]);
    expect(sound.missing).toEqual(['no-voice:lis']);
  });

  it('that no voice can say leave the siren alone, and say so', async () => {
    const speak = async () => {
      throw new Error('spawn espeak-ng ENOENT');
    };
    const sound = await voice({ speak }).soundFor(command());
    expect(sound).toMatchObject({ hasSiren: true, missing: ['no-voice'], durationMs: 5_000, spoken: [] });
  });
});

describe.skipIf(!hasEspeak)("the box's own voice (needs espeak-ng)", () => {
  const phonemes = (words: string) => execFileSync('espeak-ng', ['-v', VOICE, '-x', '-q', '--stdin'], { input: words }).toString();

  it('speaks no English: not for signs, letters, figures or units', () => {
    const hard = '打所小组199人、65户，14:30前（立即）转移！SOS & A区 3.5mm 50% 20m/s 25℃ #1 @ ~ / + = ¥100 “山洪” km/h http://x';
    expect(phonemes(hard)).toContain('(en)');
    const spoken = phonemes(speakable(hard));
    expect(spoken).not.toContain('(en)');
    expect(spoken.length).toBeGreaterThan(200);
  });

  it('opens with the siren and then speaks: both measured', async () => {
    const v = makeVoice({
      cacheDir: mkdtempSync(join(tmpdir(), 'laba-voice-')),
      fetchClip: async () => Buffer.alloc(0),
      clock: systemClock,
      ids: makeIds(Date.now, randomBytes),
      log: silentLog,
    });
    const sound = await v.soundFor(command());
    const { samples } = decodeWav(readFileSync(sound.path));
    const [siren, pause, speech] = [part(samples, 0, 5), part(samples, 5, 5.4), part(samples, 5.4)];
    expect(rms(siren)).toBeGreaterThan(0.35);
    expect(rms(pause)).toBe(0);
    expect(rms(speech)).toBeGreaterThan(0.08);
    expect(speech.length / SAMPLE_RATE).toBeGreaterThan(2);
    expect(speech.length / SAMPLE_RATE).toBeLessThan(8);
    expect(sound.spoken).toEqual([{ language: 'zh-CN', by: 'voice' }]);
  });

  it('says different words differently, and renders the same words once', async () => {
    const cacheDir = mkdtempSync(join(tmpdir(), 'laba-voice-'));
    const make = () => makeVoice({ cacheDir, fetchClip: async () => Buffer.alloc(0), clock: systemClock, ids: makeIds(Date.now, randomBytes), log: silentLog });
    const one = await make().soundFor(command({ texts: text('请到学校集合。') }));
    const two = await make().soundFor(command({ texts: text('请到高处避险。') }));
    const again = await make().soundFor(command({ texts: text('请到学校集合。') }));
    expect(two.sha256).not.toBe(one.sha256);
    expect(again.sha256).toBe(one.sha256);
  });
});

describe('clips', () => {
  const clip = encodeWav(sine(SAMPLE_RATE, 700, 2));
  const sha = sha256Of(clip);
  const withClip = (clipSha256: string) => command({ texts: [...text('请转移。'), { language: 'lis', title: 't', text: 'mu nyi', clipSha256 }] });
  const served = new Map<string, Buffer>();
  let server: Server;
  let url: string;
  let asked = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked += 1;
      const body = served.get(request.url!.replace(/^\/audio\/|\.wav$/g, ''));
      response.writeHead(body === undefined ? 404 : 200).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/audio`;
  });
  afterAll(() => void server.close());

  it('are fetched once by however many gateways, checked, kept, and played before the Mandarin', async () => {
    served.set(sha, clip);
    asked = 0;
    const v = voice({ fetchClip: clipsOver(url, systemClock) });
    const sounds = await Promise.all(Array.from({ length: 20 }, (_, i) => v.soundFor(withClip(i % 2 === 0 ? sha : sha))));
    await v.soundFor({ ...withClip(sha), body: { ...withClip(sha).body, volume: 40 } });
    expect(asked).toBe(1);
    expect(sounds[0]!.spoken).toEqual([
      { language: 'lis', by: 'clip' },
      { language: 'zh-CN', by: 'voice' },
    ]);
    const { samples } = decodeWav(readFileSync(sounds[0]!.path));
    expect(hertz(part(samples, 5.5, 7.3))).toBeCloseTo(700, -1);
    expect(hertz(part(samples, 7.9, 8.7))).toBeCloseTo(300, -1);
  });

  it('that are not what was signed do not sound: the own voice speaks, a language without one is named', async () => {
    const other = encodeWav(sine(SAMPLE_RATE, 900, 2));
    const wanted = sha256Of(Buffer.from('something else'));
    served.set(wanted, other);
    const sound = await voice({ fetchClip: clipsOver(url, systemClock) }).soundFor(withClip(wanted));
    expect(sound.missing).toEqual(['no-voice:lis']);
    expect(sound.spoken).toEqual([{ language: 'zh-CN', by: 'voice' }]);
  });

  it('altered on the disk are fetched again', async () => {
    served.set(sha, clip);
    const cacheDir = mkdtempSync(join(tmpdir(), 'laba-voice-'));
    await voice({ cacheDir, fetchClip: clipsOver(url, systemClock) }).soundFor(withClip(sha));
    writeFileSync(join(cacheDir, 'clips', `${sha}.wav`), encodeWav(sine(SAMPLE_RATE, 100, 2)));
    asked = 0;
    const sound = await voice({ cacheDir, fetchClip: clipsOver(url, systemClock) }).soundFor(withClip(sha));
    expect(asked).toBe(1);
    expect(hertz(part(decodeWav(readFileSync(sound.path)).samples, 5.5, 7.3))).toBeCloseTo(700, -1);
  });

  it('too large, or too slow, are given up', async () => {
    const large = sha256Of(Buffer.from('large'));
    served.set(large, Buffer.alloc(9_000_000));
    await expect(clipsOver(url, systemClock)(large)).rejects.toThrow('clip too large');
    const clock = new FakeClock();
    const slow = createServer(() => {});
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const fetching = clipsOver(`http://127.0.0.1:${(slow.address() as AddressInfo).port}`, clock)(sha);
    fetching.catch(() => {});
    await clock.advance(5_001);
    await expect(fetching).rejects.toThrow('clip too slow');
    slow.closeAllConnections();
    slow.close();
  });

  it('that come later replace what was said without them, and nobody waits for it', async () => {
    const clock = new FakeClock();
    let there = false;
    const fetchClip = async () => {
      if (!there) throw new Error('no county');
      return clip;
    };
    const v = voice({ clock, fetchClip });
    expect((await v.soundFor(withClip(sha))).missing).toEqual(['no-voice:lis']);
    there = true;
    await clock.advance(61_000);
    expect((await v.soundFor(withClip(sha))).missing).toEqual(['no-voice:lis']);
    await expect.poll(async () => (await v.soundFor(withClip(sha))).missing).toEqual([]);
  });
});
