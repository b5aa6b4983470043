// The box's own Chinese voice: espeak-ng with `cmn-latn-pinyin` (Debian's `cmn` reads Chinese as English-spelled pinyin).
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ids } from '@laba/domain/ids';
import { forVoice } from '@laba/domain/voice-words';
import type { Clock } from '@laba/runtime/clock';
import { sha256Of, type AudioCache } from './audio-cache.ts';
import { speakable } from './speakable.ts';
import { decodeWav, encodeWav, resample } from '@laba/runtime/wav';

export const VOICE = 'cmn-latn-pinyin';
const WORDS_PER_MINUTE = '150';
const RENDER_MS = 20_000;

/** Speaks Chinese text. @throws when there is no voice on this box */
export type Speak = (text: string) => Promise<Int16Array>;

/** Rendered once per text, kept by the text's hash. */
export function speechFrom(cache: AudioCache, ids: Ids, clock: Clock): Speak {
  return async (text) => {
    const words = forVoice(speakable(text));
    if (words === '') throw new Error('nothing to say');
    const name = sha256Of(Buffer.from(`${VOICE} ${WORDS_PER_MINUTE} ${words}`));
    const kept = await cache.read(name);
    if (kept !== undefined) return decodeWav(kept).samples;
    const samples = await render(words, join(tmpdir(), `laba-${ids()}.wav`), clock);
    await cache.write(name, encodeWav(samples));
    return samples;
  };
}

async function render(words: string, file: string, clock: Clock): Promise<Int16Array> {
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn('espeak-ng', ['-v', VOICE, '-s', WORDS_PER_MINUTE, '-w', file, '--stdin'], { stdio: ['pipe', 'ignore', 'pipe'] });
      const cancel = clock.after(RENDER_MS, () => child.kill('SIGKILL'));
      let complaint = '';
      child.stderr.on('data', (chunk: Buffer) => {
        complaint = (complaint + chunk.toString()).slice(-200);
      });
      child.once('error', (error) => {
        cancel();
        reject(error);
      });
      child.once('close', (code) => {
        cancel();
        if (code === 0) resolve();
        else reject(new Error(`espeak-ng: ${complaint.trim() || `ended with ${code}`}`));
      });
      child.stdin.on('error', () => {});
      child.stdin.end(words);
    });
    return await resample(decodeWav(await readFile(file)));
  } finally {
    await rm(file, { force: true });
  }
}
