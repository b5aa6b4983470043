// A real loudspeaker behind ALSA: one `aplay` process per sound, killed to fall silent.
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Clock } from '@laba/runtime/clock';
import type { PlayableSound, Player, PlayOrder, Probe, SpeakOrder } from './player.ts';

const REASON_CHARS = 120;
/** A device that takes this much longer than the sound itself hangs. */
const HANG_MS = 5_000;
const RAW = ['-t', 'raw', '-f', 'S16_LE', '-r', '16000', '-c', '1'];
const PROBE = [...RAW, '-s', '1600', '/dev/zero'];
/** Who speaks hears himself so much later. */
const LIVE = [...RAW, '--buffer-time=200000', '-'];

export class AplayPlayer implements Player {
  readonly name: string;
  readonly #device: string;
  readonly #clock: Clock;
  readonly #command: string;
  #probing: { child: ChildProcess; over: Promise<Probe> } | undefined;

  constructor(device: string, clock: Clock, command = 'aplay') {
    this.name = `aplay:${device}`;
    this.#device = device;
    this.#clock = clock;
    this.#command = command;
  }

  async play(sound: PlayableSound, _order: PlayOrder, signal: AbortSignal, started: () => void): Promise<void> {
    await this.#breakOffProbe();
    signal.throwIfAborted();
    const child = spawn(this.#command, ['-D', this.#device, sound.path], { stdio: ['ignore', 'ignore', 'pipe'] });
    const cancel = this.#clock.after(sound.durationMs + HANG_MS, () => child.kill('SIGKILL'));
    await untilAborted(child, signal, started).finally(cancel);
  }

  async speak(pcm: Readable, _order: SpeakOrder, signal: AbortSignal, started: () => void): Promise<void> {
    await this.#breakOffProbe();
    signal.throwIfAborted();
    const child = spawn(this.#command, ['-D', this.#device, ...LIVE], { stdio: ['pipe', 'ignore', 'pipe'] });
    child.stdin.on('error', () => {});
    pcm.pipe(child.stdin);
    let cancel = () => {};
    pcm.once('end', () => {
      cancel = this.#clock.after(HANG_MS, () => child.kill('SIGKILL'));
    });
    await untilAborted(child, signal, started).finally(() => {
      cancel();
      pcm.unpipe(child.stdin);
    });
  }

  /** A tenth of a second of silence: the device opens and takes it. A real sound does not wait for that. */
  async probe(): Promise<Probe> {
    this.#probing ??= this.#beginProbe();
    const { over } = this.#probing;
    return over.finally(() => {
      this.#probing = undefined;
    });
  }

  #beginProbe(): { child: ChildProcess; over: Promise<Probe> } {
    const child = spawn(this.#command, ['-D', this.#device, ...PROBE], { stdio: ['ignore', 'ignore', 'pipe'] });
    const cancel = this.#clock.after(HANG_MS, () => child.kill('SIGKILL'));
    const over = ended(child, () => {})
      .then(
        (): Probe => ({ ok: true }),
        (error: Error): Probe => ({ ok: false, reason: error.message }),
      )
      .finally(cancel);
    return { child, over };
  }

  // Some devices serve one program at a time: the box's own probe must not make its own alert fail.
  async #breakOffProbe(): Promise<void> {
    const probing = this.#probing;
    if (probing === undefined) return;
    probing.child.kill('SIGKILL');
    await probing.over;
  }
}

async function untilAborted(child: ChildProcess, signal: AbortSignal, started: () => void): Promise<void> {
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  await ended(child, started).finally(() => signal.removeEventListener('abort', kill));
}

// aplay names what it plays (`Playing WAVE '/path' …`, `Playing raw data 'stdin' …`) once the device is open; what it writes otherwise is the reason of a failure.
function ended(child: ChildProcess, started: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = '';
    let told = false;
    child.stderr?.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      if (!told && text.includes('Playing ')) {
        told = true;
        started();
      } else complaint = (complaint + text).slice(-REASON_CHARS * 2);
    });
    child.once('error', reject);
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve();
      else reject(new Error((complaint.trim().split('\n').at(-1) || `aplay ended with ${code ?? killedBy}`).slice(0, REASON_CHARS)));
    });
  });
}
