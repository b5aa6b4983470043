// Photos: what somebody sends is looked at and drawn anew in a process of its own; this one never decodes a stranger's picture.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';

/** A JPEG of this house: at most 1,600 points wide or high, upright, without a word about where and by what it was taken. */
export interface CleanPhoto {
  bytes: Buffer;
  width: number;
  height: number;
}

/** What the other process says before the picture; `refused` without one. */
export type Verdict = { width: number; height: number; refused?: undefined } | { refused: 'pixels' | 'unreadable' };

const DRAWER = fileURLToPath(new URL('./draw-photo.ts', import.meta.url));
/** Drawn at once; a few more wait. */
const AT_ONCE = 2;
const WAITING = 16;

let drawing = 0;
const waiting: (() => void)[] = [];

/** @throws `too-large` (bytes or points), `bad-input` (no JPEG, PNG or WebP, or one that cannot be read whole), `overloaded` */
export async function cleanPhoto(upload: Buffer): Promise<CleanPhoto> {
  if (upload.length > LIMITS.photoUploadBytes)
    throw new LabaError('too-large', `A photo may have ${LIMITS.photoUploadBytes} bytes; this one has ${upload.length}.`);
  if (!isPicture(upload))
    throw new LabaError('bad-input', 'photo: send a JPEG, PNG or WebP picture; this file is none, whatever its name says.', { field: 'photo' });
  await turn();
  try {
    return read(await draw(upload));
  } finally {
    drawing--;
    waiting.shift()?.();
  }
}

async function turn(): Promise<void> {
  if (drawing >= AT_ONCE) {
    if (waiting.length >= WAITING) throw new LabaError('overloaded', 'Too many photos at once: send it again in a moment.');
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  drawing++;
}

/** By its first bytes; names and declared types prove nothing. */
function isPicture(bytes: Buffer): boolean {
  const starts = (hex: string) => bytes.subarray(0, hex.length / 2).toString('hex') === hex;
  return starts('ffd8ff') || starts('89504e470d0a1a0a') || (starts('52494646') && bytes.subarray(8, 12).toString('latin1') === 'WEBP');
}

// It gets nothing but the picture: no environment, no arguments of a stranger's, little memory, little time.
function draw(upload: Buffer): Promise<Buffer> {
  const child = spawn(process.execPath, ['--max-old-space-size=128', DRAWER], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: LIMITS.photoDrawMs,
    killSignal: 'SIGKILL',
  });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  // It may have refused before it read everything.
  child.stdin.on('error', () => {});
  child.stdin.end(upload);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(parts)));
  });
}

function read(answer: Buffer): CleanPhoto {
  const line = answer.indexOf('\n');
  // It died of the picture, or had to be stopped.
  const verdict: Verdict = line < 0 ? { refused: 'unreadable' } : (JSON.parse(answer.subarray(0, line).toString('utf8')) as Verdict);
  if (verdict.refused === 'pixels')
    throw new LabaError('too-large', `photo: the picture may have ${LIMITS.photoPixels} points; this one has more.`, { field: 'photo' });
  if (verdict.refused !== undefined) throw new LabaError('bad-input', 'photo: the picture is damaged or cut off; send it again.', { field: 'photo' });
  return { bytes: answer.subarray(line + 1), width: verdict.width, height: verdict.height };
}
