// The program as people run it: one command, or a house that runs until it is stopped; nothing is left behind.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(import.meta.resolve('@laba/host/main'));

export interface Said {
  code: number;
  out: string;
  err: string;
}

type Env = Record<string, string>;

// What the shell of whoever runs the tests has set is not the test's.
function cleanEnv(env: Env): Env {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('LABA_'));
  return { ...Object.fromEntries(own), ...env };
}

/** Runs `laba …` to its end. */
export function laba(env: Env, ...args: string[]): Promise<Said> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env: cleanEnv(env), maxBuffer: 16 * 1_048_576 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
    });
  });
}

export interface Running {
  child: ChildProcess;
  said(): string;
  ended: Promise<number | null>;
}

/** Starts `laba …` and lets it run. */
export function begin(env: Env, ...args: string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...args], { env: cleanEnv(env), stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, said: () => text, ended: new Promise((resolve) => child.once('exit', (code) => resolve(code))) };
}
