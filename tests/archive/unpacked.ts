// An archive as an installer has it: made, copied, unpacked into an empty folder, and run with nothing of the machine around it.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Arch } from '../../infra/archive/addons.ts';
import { makeArchive } from '../../infra/archive/make-archive.ts';

const run = promisify(execFile);
/** By an emulator on a machine that others use, too. */
const READY_MS = 180_000;
const LOOK_MS = 10;

export interface Started {
  pid: number;
  /** From the start of the process until it said that it is ready. */
  tookMs: number;
  /** Resolves to the exit code. */
  stop(): Promise<number | null>;
}

export class Unpacked {
  /** What tar made: `laba/…`. */
  readonly folder: string;
  readonly data: string;
  /** Where its house answers; the same at each start. */
  readonly url: string;
  readonly #env: Record<string, string>;
  readonly #within: string;
  /** What runs it: its own launcher, or an emulator. */
  readonly #begin: readonly string[];

  private constructor(within: string, data: string, begin: readonly string[], [http, mqtt]: readonly number[]) {
    this.#within = within;
    this.folder = join(within, 'laba');
    this.data = join(within, data);
    this.#begin = begin;
    this.url = `http://127.0.0.1:${http}`;
    // Without PATH a shell takes one of its own.
    this.#env = { PATH: '/nowhere', LABA_DATA: this.data, LABA_PORT: String(http), LABA_MQTT_PORT: String(mqtt) };
  }

  static async from(file: string, begin: (folder: string) => readonly string[] = (folder) => [join(folder, 'laba')]): Promise<Unpacked> {
    const within = mkdtempSync(join(tmpdir(), 'laba-unpacked-'));
    await run('tar', ['-xzf', file, '-C', within]);
    return new Unpacked(within, 'data', begin(join(within, 'laba')), await freePorts());
  }

  /** The same program for another house: data and ports of its own. `remove` of the first takes it away, too. */
  async another(data: string): Promise<Unpacked> {
    return new Unpacked(this.#within, data, this.#begin, await freePorts());
  }

  /** `laba …` to its end, with nothing in its environment but `env`. @throws when it does not end with 0 */
  async laba(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const [command, ...before] = this.#begin;
    return (await run(command!, [...before, ...args], { env: { ...this.#env, ...env } })).stdout;
  }

  /** `laba …` until it is stopped; resolves when it said `ready`. */
  async start(args: readonly string[], ready: string, env: Record<string, string> = {}): Promise<Started> {
    const [command, ...before] = this.#begin;
    const child = spawn(command!, [...before, ...args], { env: { ...this.#env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const begunAt = performance.now();
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (!said.includes(ready)) {
      if (child.exitCode !== null || performance.now() > begunAt + READY_MS) throw new Error(`laba ${args.join(' ')} is not ready: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    const tookMs = performance.now() - begunAt;
    const stop = () => {
      child.kill('SIGTERM');
      return ended;
    };
    return { pid: child.pid!, tookMs, stop };
  }

  remove(): void {
    rmSync(this.#within, { recursive: true, force: true });
  }
}

/** Makes the archive in a folder that `remove` takes away again. */
export async function freshArchive(arch: Arch): Promise<{ file: string; bytes: number; sha256: string; remove(): void }> {
  const out = mkdtempSync(join(tmpdir(), 'laba-made-'));
  return { ...(await makeArchive(arch, out)), remove: () => rmSync(out, { recursive: true, force: true }) };
}

const freePorts = () => Promise.all([freePort(), freePort()]);

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
