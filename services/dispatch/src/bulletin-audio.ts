// Routine broadcasts: a recording as somebody brings it, made into the kind of WAV that every box plays, or refused with what is wrong with it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { BULLETIN_MOST_SECONDS } from '@laba/domain/bulletin';
import type { BulletinWrongName, RecordingView } from '@laba/domain/bulletin-view';
import type { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { decodePcm, decodeWav, durationMs, encodeWav, resample, SAMPLE_RATE, UnsupportedAudio } from '@laba/runtime/wav';
import { record } from '@laba/storage/events';
import { findPolicy } from '@laba/storage/policy';
import { insertAudio } from './bulletin-store.ts';
import { wrongBulletin } from './bulletin-wrong.ts';

const FULL_SCALE = 32_768;
/** Below this there is nothing to hear; above it nothing but noise. dB of full scale. */
const QUIETEST_DB = -45;
const LOUDEST_DB = -5;
/** Cut tops: more than one sample in two hundred. */
const CUT_SHARE = 0.005;
const SHORTEST_MS = 500;
const MOST_BYTES = (BULLETIN_MOST_SECONDS + 5) * SAMPLE_RATE * 2;

export interface Loudness {
  peakDb: number;
  levelDb: number;
  cutShare: number;
}

const decibel = (share: number) => Math.round(20 * Math.log10(Math.max(share, 1e-6)) * 10) / 10;

export function loudnessOf(samples: Int16Array): Loudness {
  let peak = 0;
  let squares = 0;
  let cut = 0;
  for (const sample of samples) {
    const height = Math.abs(sample);
    if (height > peak) peak = height;
    if (height >= 32_700) cut += 1;
    squares += sample * sample;
  }
  const count = Math.max(1, samples.length);
  return { peakDb: decibel(peak / FULL_SCALE), levelDb: decibel(Math.sqrt(squares / count) / FULL_SCALE), cutShare: cut / count };
}

type Kind = 'wav' | 'flac' | 'ogg' | 'mp3';

/** By its first bytes; what its name or its sender says of it is not asked. */
export function kindOf(bytes: Buffer): Kind | undefined {
  const head = bytes.toString('latin1', 0, 4);
  if (head === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WAVE') return 'wav';
  if (head === 'fLaC') return 'flac';
  if (head === 'OggS') return 'ogg';
  return head.startsWith('ID3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0) ? 'mp3' : undefined;
}

function bad(wrong: BulletinWrongName, why: string, figures: Record<string, string | number> = {}): LabaError {
  return wrongBulletin('bad-audio', wrong, why, 'audio', figures);
}

/**
 * The samples as every box plays them: 16 kHz, mono, 16 bits.
 * @throws `bad-audio` with what is wrong
 */
export async function readRecording(bytes: Buffer, mostSeconds: number): Promise<Int16Array> {
  const kind = kindOf(bytes);
  if (kind === undefined) throw bad('file-kind', 'This is no WAV, FLAC, Ogg or MP3 file: save the recording as one of these.');
  const samples = await decode(kind, bytes, mostSeconds);
  const ms = durationMs(samples);
  if (ms < SHORTEST_MS) throw bad('file-short', `The recording has ${ms} ms of sound: it is cut off, or empty.`, { ms });
  if (ms > mostSeconds * 1_000)
    throw bad('file-long', `The recording is ${Math.ceil(ms / 1_000)} seconds long; ${mostSeconds} are possible: cut it, or make two bulletins of it.`, {
      seconds: Math.ceil(ms / 1_000),
      most: mostSeconds,
    });
  const { peakDb, levelDb, cutShare } = loudnessOf(samples);
  if (levelDb < QUIETEST_DB)
    throw bad('file-silent', `The recording is silent: its level is ${levelDb} dB of full scale, its highest point ${peakDb} dB. Record it louder.`, {
      level: levelDb,
    });
  if (levelDb > LOUDEST_DB || cutShare > CUT_SHARE)
    throw bad(
      'file-loud',
      `The recording is far too loud: its level is ${levelDb} dB of full scale and ${(cutShare * 100).toFixed(1)} % of it is cut off. Record it at a lower level.`,
      { level: levelDb },
    );
  return samples;
}

// What we make ourselves needs no other program.
async function decode(kind: Kind, bytes: Buffer, mostSeconds: number): Promise<Int16Array> {
  if (kind === 'wav') {
    try {
      return await resample(decodeWav(bytes));
    } catch (error) {
      if (!(error instanceof UnsupportedAudio)) throw error;
    }
  }
  return decodePcm(await bySox(kind, bytes, mostSeconds));
}

/** What sox says of a kind for which a part of it is not installed: MP3 comes with a package of its own. */
const NO_HANDLER = 'no handler for';

function noProgram(kind: Kind): LabaError {
  return bad(
    'file-program',
    `A ${kind} file of this kind can only be read where the program sox, and its part for ${kind}, is installed: save it as WAV, 16 bits, one channel.`,
    { kind },
  );
}

function damaged(kind: Kind, complaint: string): LabaError {
  return bad('file-damaged', `The ${kind} file cannot be read, it may be damaged (sox: ${lastLine(complaint)}). Save the recording anew, or as WAV.`, { kind });
}

function bySox(kind: Kind, bytes: Buffer, mostSeconds: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('sox', ['-D', '-t', kind, '-', '-t', 'raw', '-r', `${SAMPLE_RATE}`, '-c', '1', '-b', '16', '-e', 'signed-integer', '-'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: LIMITS.bulletinDecodeMs,
      killSignal: 'SIGKILL',
    });
    const parts: Buffer[] = [];
    let length = 0;
    let complaint = '';
    child.stdout.on('data', (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length <= MOST_BYTES) return;
      child.kill('SIGKILL');
      reject(
        bad('file-long', `The recording is longer than ${BULLETIN_MOST_SECONDS} seconds: cut it, or make two bulletins of it.`, {
          seconds: `>${BULLETIN_MOST_SECONDS}`,
          most: mostSeconds,
        }),
      );
    });
    child.stderr.on('data', (part: Buffer) => {
      complaint = (complaint + part.toString()).slice(-300);
    });
    child.once('error', () => reject(noProgram(kind)));
    child.once('close', (code) =>
      code === 0 ? resolve(Buffer.concat(parts)) : reject(complaint.includes(NO_HANDLER) ? noProgram(kind) : damaged(kind, complaint)),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(bytes);
  });
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').replace(/^sox\s+\w+\s+/, '').slice(0, 120) || 'it says nothing';
}

/** @throws `bad-audio` */
export async function addRecording(deps: Deps, bytes: Buffer, permit: Permit<'bulletin.manage'>, act: Act): Promise<RecordingView> {
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const samples = await readRecording(bytes, policy.bulletins.mostSeconds);
  const wav = encodeWav(samples);
  const sha256 = createHash('sha256').update(wav).digest('hex');
  const { peakDb, levelDb } = loudnessOf(samples);
  const ms = durationMs(samples);
  const atMs = deps.clock.now();
  const gridCode = permit.codes[0]!;
  await deps.db.atomically([
    ...act.once,
    insertAudio({ sha256, bytes: wav, durationMs: ms, peakDb, levelDb, addedBy: permit.officer.id, addedAtMs: atMs }),
    ...record(deps.ids, { type: 'bulletin.recording-added', atMs, who: act.who, via: act.via, gridCode, subjectId: sha256, data: { durationMs: ms } }),
  ]);
  return { sha256, seconds: Math.round(ms / 1_000), peakDb, levelDb };
}
