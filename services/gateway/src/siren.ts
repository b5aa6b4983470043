// The sounds that come before the words. Nobody may take a drill for the real thing: the wail belongs to live alone.
import { SAMPLE_RATE, toSample } from '@laba/runtime/wav';

const WAIL = { fromHz: 400, toHz: 800, sweepSeconds: 2.5, seconds: 5, level: 0.8 };
const EDGE_SECONDS = 0.02;

function tone(seconds: number, valueAt: (t: number) => number): Int16Array {
  const samples = new Int16Array(Math.round(seconds * SAMPLE_RATE));
  for (let i = 0; i < samples.length; i++) {
    const t = i / SAMPLE_RATE;
    const edge = Math.min(1, t / EDGE_SECONDS, (seconds - t) / EDGE_SECONDS);
    samples[i] = toSample(valueAt(t) * edge);
  }
  return samples;
}

/** The public siren: rises and falls between 400 and 800 Hz, five seconds. */
export function wail(): Int16Array {
  const { fromHz, toHz, sweepSeconds, seconds, level } = WAIL;
  let phase = 0;
  return tone(seconds, (t) => {
    const sweep = 0.5 - 0.5 * Math.cos((2 * Math.PI * t) / sweepSeconds);
    phase += (2 * Math.PI * (fromHz + (toHz - fromHz) * sweep)) / SAMPLE_RATE;
    // A little of the third overtone carries further through rain.
    return level * (0.8 * Math.sin(phase) + 0.2 * Math.sin(3 * phase));
  });
}

/** Drill: three soft beeps on one pitch, with silence between them. */
export function drillBeeps(): Int16Array {
  return tone(1.8, (t) => (t % 0.6 < 0.3 ? 0.2 * Math.sin(2 * Math.PI * 1_000 * t) * Math.sin((Math.PI * (t % 0.6)) / 0.3) : 0));
}

/** Everything else: two falling notes that fade. */
export function chime(): Int16Array {
  return tone(1.4, (t) => {
    const second = t >= 0.6;
    const since = second ? t - 0.6 : t;
    return 0.3 * Math.sin(2 * Math.PI * (second ? 523.25 : 659.25) * since) * Math.exp(-4 * since);
  });
}

/** A bulletin: three soft notes that rise. Neither a siren's wail, nor a drill's beeps, nor an alert's chime, which falls. */
export function bulletinChime(): Int16Array {
  const notes = [523.25, 587.33, 659.25];
  return tone(1.5, (t) => {
    const note = Math.min(2, Math.floor(t / 0.45));
    return 0.2 * Math.sin(2 * Math.PI * notes[note]! * t) * Math.exp(-5 * (t - note * 0.45));
  });
}

export function silence(seconds: number): Int16Array {
  return new Int16Array(Math.round(seconds * SAMPLE_RATE));
}
