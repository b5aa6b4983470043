// Where what is spoken at the box comes from: a sound card's microphone, a program, or the siren itself.
import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import type { Clock } from '@laba/runtime/clock';
import { killGroup } from './button.ts';
import type { Capture } from './own-voice.ts';
import { silence, wail } from './siren.ts';
import { SAMPLE_RATE } from '@laba/runtime/wav';

/** An ALSA device, or a shell command that writes 16 kHz, mono, signed 16 bits, little-endian to its output while it runs. */
export type MicrophoneSource = { device: string } | { command: string };

const REASON_CHARS = 120;
const ARECORD = ['-q', '-t', 'raw', '-f', 'S16_LE', '-r', `${SAMPLE_RATE}`, '-c', '1', '--buffer-time=100000'];

/** The program is ended, with all that it started, when the capture is stopped. */
export function captureFrom(source: MicrophoneSource): Capture {
  const [command, args] = 'device' in source ? ['arecord', ['-D', source.device, ...ARECORD]] : ['/bin/sh', ['-c', source.command]];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-REASON_CHARS * 2);
  });
  const broken = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve((complaint.trim().split('\n').at(-1) || `the microphone ended with ${code ?? signal}`).slice(0, REASON_CHARS)),
    );
  });
  return {
    pcm: child.stdout,
    broken,
    stop: () => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) killGroup(child.pid);
    },
  };
}

const STEP_MS = 100;
/** Devices are given so much ahead of time. */
const AHEAD_MS = 500;

/** The public siren again and again, no faster than it is heard. */
export function sirenOver(clock: Clock): Capture {
  const round = Buffer.concat([wail(), silence(1)].map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)));
  const twice = Buffer.concat([round, round]);
  const pcm = new PassThrough();
  let at = 0;
  const give = (ms: number) => {
    const bytes = Math.round((ms * SAMPLE_RATE) / 1000) * 2;
    pcm.write(twice.subarray(at, at + bytes));
    at = (at + bytes) % round.length;
  };
  let cancel = () => {};
  const step = () => {
    give(STEP_MS);
    cancel = clock.after(STEP_MS, step);
  };
  cancel = clock.after(STEP_MS, step);
  give(AHEAD_MS);
  return {
    pcm,
    broken: new Promise(() => {}),
    stop: () => {
      cancel();
      pcm.end();
    },
  };
}
