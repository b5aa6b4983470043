// Prepares the county's clips: every template's words spoken by espeak-ng, as files named by their SHA-256. Run: node infra/voice/make-clips.ts
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forVoice } from '../../packages/domain/src/voice-words.ts';
import { CLIPS } from '../../services/alerting/src/clip-index.ts';
import { wordsToSpeak, type SpokenWords } from '../../services/alerting/src/template-set.ts';

const VOICE = 'cmn-latn-pinyin';
/** Slow enough for a horn and its echo across a valley, quick enough to be repeated often. */
const WORDS_PER_MINUTE = '175';
const PITCH = '45';
const RATE = 16_000;
const PEAK_DB = '-3';
const MEGABYTE = 1_000_000;
const CLIPS_DIR = join(import.meta.dirname, '../../services/alerting/clips');
const INDEX_FILE = join(import.meta.dirname, '../../services/alerting/src/clip-index.ts');

const RAW = ['-t', 'raw', '-e', 'signed', '-b', '16', '-c', '1', '-r', String(RATE)];
/** Silence at both ends goes; pauses inside are kept, but not longer than 0.3 s. */
const TRIM = ['silence', '-l', '1', '0.02', '0.5%', '-1', '0.3', '0.5%', 'reverse', 'silence', '1', '0.02', '0.5%', 'reverse'];

function run(command: string, args: readonly string[], input?: Buffer): Buffer {
  return execFileSync(command, args, { maxBuffer: 64 * MEGABYTE, ...(input === undefined ? {} : { input }) });
}

/** Samples of the words; refuses words that the voice would read as English. */
function speak(text: string): Buffer {
  const words = forVoice(text);
  const phonemes = run('espeak-ng', ['-v', VOICE, '-x', '-q', words]).toString();
  if (phonemes.includes('(en)')) throw new Error(`The voice would read this as English; write it out in Chinese: ${text}`);
  const wav = run('espeak-ng', ['-v', VOICE, '-s', WORDS_PER_MINUTE, '-p', PITCH, '--stdout', words]);
  // -D and -R: no dither and a fixed random seed, so that the same words give the same bytes. espeak's piped header has no length.
  const shape = ['gain', '-6', 'rate', String(RATE), ...TRIM, 'gain', '-n', PEAK_DB, 'pad', '0.05', '0.1'];
  return run('sox', ['-D', '-R', '--ignore-length', '-t', 'wav', '-', ...RAW, '-', ...shape], wav);
}

/** A soft high-low tone: nobody takes what follows for a recording. */
function twoTones(): Buffer {
  const shape = ['fade', 'h', '0.02', '0.3', '0.05', 'gain', '-14'];
  const tone = (hertz: number) => run('sox', ['-D', '-R', '-n', ...RAW, '-', 'synth', '0.3', 'sine', String(hertz), ...shape]);
  return Buffer.concat([tone(660), tone(440)]);
}

/** Canonical 44-byte header, then the samples: the same samples are the same file. */
function wavOf(samples: Buffer): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

type Clip = (typeof CLIPS)[number];

function makeClip(words: SpokenWords): { clip: Clip; bytes: number } {
  const samples = words.placeholder ? Buffer.concat([twoTones(), speak(words.text)]) : speak(words.text);
  const wav = wavOf(samples);
  const sha256 = createHash('sha256').update(wav).digest('hex');
  writeFileSync(join(CLIPS_DIR, `${sha256}.wav`), wav);
  return { clip: { ...words, sha256, durationMs: Math.round((samples.length / 2 / RATE) * 1_000) }, bytes: wav.length };
}

function indexSource(clips: readonly Clip[]): string {
  const row = (clip: Clip) => `  {
    language: '${clip.language}', durationMs: ${clip.durationMs}, placeholder: ${clip.placeholder},
    text: '${clip.text}',
    sha256: '${clip.sha256}',
  },`;
  return `// Made by infra/voice/make-clips.ts: which prepared clip speaks exactly which words.

/** One clip in services/alerting/clips: \`{sha256}.wav\`, 16 kHz mono 16-bit PCM. \`placeholder\`: a stand-in where nobody has recorded the language yet. */
interface Clip { language: string; text: string; sha256: string; durationMs: number; placeholder: boolean }

export const CLIPS: readonly Clip[] = [
${clips.map(row).join('\n')}
];

const BY_WORDS = new Map(CLIPS.map((clip) => [\`\${clip.language}\\n\${clip.text}\`, clip.sha256]));

/** Clips that must never pass for a real recording of their language. */
export const PLACEHOLDER_CLIPS: ReadonlySet<string> = new Set(CLIPS.filter((clip) => clip.placeholder).map((clip) => clip.sha256));

/** The SHA-256 of the clip of exactly these words, after cleaning; undefined when there is none. */
export function clipFor(language: string, text: string): string | undefined {
  return BY_WORDS.get(\`\${language}\\n\${text}\`);
}
`;
}

mkdirSync(CLIPS_DIR, { recursive: true });
const made = wordsToSpeak().map(makeClip);
const kept = new Set(made.map(({ clip }) => clip.sha256));
// Only what an earlier run of this script made is taken away: a county may keep its own recordings here.
for (const { sha256 } of CLIPS) {
  const file = join(CLIPS_DIR, `${sha256}.wav`);
  if (!kept.has(sha256) && existsSync(file)) rmSync(file);
}
writeFileSync(INDEX_FILE, indexSource(made.map(({ clip }) => clip)));
const bytes = made.reduce((sum, one) => sum + one.bytes, 0);
const seconds = made.reduce((sum, one) => sum + one.clip.durationMs, 0) / 1_000;
process.stdout.write(`${made.length} clips, ${seconds.toFixed(0)} s, ${(bytes / MEGABYTE).toFixed(1)} MB\n`);
