// WAV, the one kind we make: 16 kHz, mono, 16-bit little-endian PCM behind a 44-byte header.

export const SAMPLE_RATE = 16_000;
const HEADER_BYTES = 44;
const FULL_SCALE = 32_767;

/** A file that is no PCM WAV of one channel with 16 bits. The message says what it is instead. */
export class UnsupportedAudio extends Error {
  constructor(what: string) {
    super(`unsupported audio: ${what}`);
    this.name = 'UnsupportedAudio';
  }
}

export interface Pcm {
  sampleRate: number;
  samples: Int16Array;
}

export function encodeWav(samples: Int16Array): Buffer {
  const bytes = samples.length * 2;
  const wav = Buffer.alloc(HEADER_BYTES + bytes);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(HEADER_BYTES - 8 + bytes, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(SAMPLE_RATE, 24);
  wav.writeUInt32LE(SAMPLE_RATE * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(bytes, 40);
  for (let i = 0; i < samples.length; i++) wav.writeInt16LE(samples[i]!, HEADER_BYTES + i * 2);
  return wav;
}

/** @throws UnsupportedAudio */
export function decodeWav(file: Buffer): Pcm {
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') throw new UnsupportedAudio('not a WAV file');
  let sampleRate: number | undefined;
  for (let at = 12; at + 8 <= file.length;) {
    const name = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const body = file.subarray(at + 8, at + 8 + size);
    if (name === 'fmt ') sampleRate = rateOf(body);
    if (name === 'data') {
      if (sampleRate === undefined) throw new UnsupportedAudio('its sound comes before its format');
      return { sampleRate, samples: decodePcm(body) };
    }
    at += 8 + size + (size % 2);
  }
  throw new UnsupportedAudio('it holds no sound');
}

function rateOf(format: Buffer): number {
  if (format.length < 16) throw new UnsupportedAudio('its format is cut short');
  const coding = format.readUInt16LE(0);
  const channels = format.readUInt16LE(2);
  const sampleRate = format.readUInt32LE(4);
  const bits = format.readUInt16LE(14);
  if (coding !== 1 || channels !== 1 || bits !== 16)
    throw new UnsupportedAudio(`coding ${coding}, ${channels} channels, ${bits} bits; needed: PCM (1), 1 channel, 16 bits`);
  if (sampleRate < 8_000 || sampleRate > 48_000) throw new UnsupportedAudio(`${sampleRate} samples a second; needed: 8000 to 48000`);
  return sampleRate;
}

/** Signed 16 bits, little-endian; half a sample at the end is left out. */
export function decodePcm(body: Buffer): Int16Array {
  const samples = new Int16Array(body.length >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = body.readInt16LE(i * 2);
  return samples;
}

export function durationMs(samples: Int16Array): number {
  return Math.round((samples.length * 1000) / SAMPLE_RATE);
}

/** From -1…1 to 16 bits, clipped. */
export function toSample(value: number): number {
  return Math.round(Math.max(-1, Math.min(1, value)) * FULL_SCALE);
}

const HALF_TAPS = 12;
const SLICE_SAMPLES = 32_000;

/**
 * To 16 kHz by a windowed sinc (24 taps), which also keeps out what 16 kHz cannot hold. Lets other work go on between slices:
 * three minutes of speech must not keep a second speaker waiting.
 */
export async function resample(pcm: Pcm): Promise<Int16Array> {
  if (pcm.sampleRate === SAMPLE_RATE) return pcm.samples;
  const step = pcm.sampleRate / SAMPLE_RATE;
  const out = new Int16Array(Math.floor(pcm.samples.length / step));
  const kernels = kernelsFor(pcm.sampleRate);
  for (let from = 0; from < out.length; from += SLICE_SAMPLES) {
    resampleSlice(pcm.samples, out, from, Math.min(out.length, from + SLICE_SAMPLES), step, kernels);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return out;
}

// The positions between two input samples repeat: one kernel for each.
function kernelsFor(sampleRate: number): Float64Array[] {
  const phases = SAMPLE_RATE / greatestCommonDivisor(sampleRate, SAMPLE_RATE);
  const cutoff = Math.min(1, SAMPLE_RATE / sampleRate) * 0.95;
  return Array.from({ length: phases }, (_, phase) => {
    const kernel = new Float64Array(HALF_TAPS * 2);
    let sum = 0;
    for (let tap = 0; tap < kernel.length; tap++) {
      const x = tap - HALF_TAPS + 1 - (((phase * sampleRate) / SAMPLE_RATE) % 1);
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x * cutoff) / (Math.PI * x * cutoff);
      kernel[tap] = sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / HALF_TAPS));
      sum += kernel[tap]!;
    }
    return kernel.map((weight) => weight / sum);
  });
}

function resampleSlice(input: Int16Array, out: Int16Array, from: number, to: number, step: number, kernels: readonly Float64Array[]): void {
  for (let i = from; i < to; i++) {
    const kernel = kernels[i % kernels.length]!;
    const first = Math.floor(i * step) - HALF_TAPS + 1;
    let sum = 0;
    for (let tap = 0; tap < kernel.length; tap++) sum += kernel[tap]! * (input[first + tap] ?? 0);
    out[i] = Math.max(-FULL_SCALE - 1, Math.min(FULL_SCALE, Math.round(sum)));
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
