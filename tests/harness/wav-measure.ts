// Listening by measuring: how long, how loud, and whether a siren or speech is in a piece of sound.
import { readFileSync } from 'node:fs';

const HEADER_BYTES = 44;

export interface WavFacts {
  sampleRate: number;
  channels: number;
  bits: number;
  seconds: number;
  samples: Int16Array;
}

/** Reads a PCM WAV with the plain 44-byte header. */
export function readWav(path: string): WavFacts {
  const bytes = readFileSync(path);
  if (bytes.toString('ascii', 0, 4) !== 'RIFF' || bytes.toString('ascii', 8, 12) !== 'WAVE') throw new Error(`${path} is no WAV file.`);
  const sampleRate = bytes.readUInt32LE(24);
  const body = bytes.subarray(HEADER_BYTES);
  const samples = new Int16Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength));
  return { sampleRate, channels: bytes.readUInt16LE(22), bits: bytes.readUInt16LE(34), seconds: samples.length / sampleRate, samples };
}

/** Root mean square of a stretch, 0 … 1. */
export function level(wav: WavFacts, fromSeconds: number, toSeconds: number): number {
  const part = wav.samples.subarray(Math.floor(fromSeconds * wav.sampleRate), Math.floor(toSeconds * wav.sampleRate));
  return Math.sqrt(part.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / Math.max(1, part.length));
}

/** How unsteady the loudness is over windows of 50 ms: a siren is near 0, speech with its pauses is far above. */
export function unsteadiness(wav: WavFacts, fromSeconds: number, toSeconds: number): number {
  const windows: number[] = [];
  for (let at = fromSeconds; at + 0.05 <= toSeconds; at += 0.05) windows.push(level(wav, at, at + 0.05));
  const mean = windows.reduce((sum, one) => sum + one, 0) / windows.length;
  const spread = Math.sqrt(windows.reduce((sum, one) => sum + (one - mean) ** 2, 0) / windows.length);
  return spread / mean;
}
