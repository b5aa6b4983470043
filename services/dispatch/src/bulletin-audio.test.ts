// Recordings for bulletins: taken as they should be, or refused with what is wrong with them.
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { decodeWav, encodeWav, SAMPLE_RATE } from '@laba/runtime/wav';
import { loudnessOf, readRecording } from './bulletin-audio.ts';

const sine = (seconds: number, height: number) =>
  Int16Array.from({ length: seconds * SAMPLE_RATE }, (_, i) => Math.max(-32_768, Math.min(32_767, height * Math.sin(i / 6))));
const runs = (...args: string[]) => {
  try {
    execFileSync('sox', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const hasSox = runs('--version');
/** MP3 comes with a part of sox of its own. */
const hasMp3 = runs('--help-format', 'mp3');
const bySox = (kind: string, wav: Buffer, ...how: string[]) =>
  execFileSync('sox', ['-t', 'wav', '-', ...how, '-t', kind, '-'], { input: wav, maxBuffer: 64e6 });

it('a WAV of our own kind comes back sample for sample', async () => {
  const samples = sine(3, 9_000);
  expect(await readRecording(encodeWav(samples), 60)).toEqual(samples);
});

it.skipIf(!hasSox).each(['flac', 'ogg', 'wav'])('a %s of two channels at 44.1 kHz is heard as long and as loud', async (kind) => {
  const samples = sine(3, 9_000);
  const read = await readRecording(bySox(kind, encodeWav(samples), '-r', '44100', '-c', '2'), 60);
  expect(read.length / SAMPLE_RATE).toBeCloseTo(3, 1);
  expect(loudnessOf(read).levelDb).toBeCloseTo(loudnessOf(samples).levelDb, 0);
});

it.skipIf(!hasMp3)('an MP3 is heard as long and as loud', async () => {
  const samples = sine(3, 9_000);
  const read = await readRecording(bySox('mp3', encodeWav(samples), '-r', '44100', '-c', '2'), 60);
  expect(read.length / SAMPLE_RATE).toBeCloseTo(3, 0);
  expect(loudnessOf(read).levelDb).toBeCloseTo(loudnessOf(samples).levelDb, 0);
});

it.skipIf(hasMp3)('an MP3 where nothing reads one is refused with what to save it as, not called damaged', async () => {
  const frame = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), Buffer.alloc(413)]);
  await expect(readRecording(Buffer.concat([frame, frame, frame]), 60)).rejects.toMatchObject({
    code: 'bad-audio',
    message: expect.stringMatching(/program sox.*save it as WAV/),
    fields: { wrong: 'file-program', figures: { kind: 'mp3' } },
  });
});

it.each([
  ['no sound file', Buffer.from('a letter to the county'), /WAV, FLAC, Ogg or MP3/],
  ['silence', encodeWav(new Int16Array(SAMPLE_RATE * 3)), /silent: its level is -120/],
  ['a whisper', encodeWav(sine(3, 60)), /silent/],
  ['what is cut off at the top', encodeWav(sine(3, 90_000)), /far too loud/],
  ['what is too long', encodeWav(sine(61, 9_000)), /61 seconds long; 60 are possible/],
  ['a click', encodeWav(sine(0.2, 9_000)), /200 ms/],
  ['a damaged FLAC', Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(2_000, 5)]), /flac file/],
])('%s is refused in words', async (_, bytes, words) => {
  await expect(readRecording(bytes, 60)).rejects.toMatchObject({ code: 'bad-audio', message: expect.stringMatching(words) });
});

it('what it makes is what every box reads', () => {
  const wav = encodeWav(sine(1, 9_000));
  expect(decodeWav(wav).sampleRate).toBe(16_000);
});
