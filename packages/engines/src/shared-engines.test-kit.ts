// One PostgreSQL, one Redis, one Mosquitto for a whole test run: the first test that needs one starts it, the run's end stops it.
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    enginesFolder: string;
  }
}

/** What a test needs to reach a shared server. */
export interface SharedEngine {
  url: string;
  pid: number;
}

const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 60_000;

/**
 * Starts the server unless another test file of this run did. `start` gets a folder of its own and gives the address and the process.
 * The server outlives the test file; tests must not stop it, and each keeps to a database, prefix or topic of its own.
 */
export async function sharedEngine<E extends SharedEngine>(name: string, start: (dir: string) => Promise<E>): Promise<E> {
  const folder = inject('enginesFolder');
  const told = join(folder, `${name}.json`);
  const lock = join(folder, `${name}.lock`);
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!existsSync(told)) {
    if (performance.now() > giveUpAt) throw new Error(`${name} was not started by the test file that began to.`);
    if (tryToLock(lock)) {
      try {
        return await startAndTell(name, folder, start);
      } finally {
        rmdirSync(lock);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return JSON.parse(readFileSync(told, 'utf8')) as E;
}

async function startAndTell<E extends SharedEngine>(name: string, folder: string, start: (dir: string) => Promise<E>): Promise<E> {
  const told = join(folder, `${name}.json`);
  if (existsSync(told)) return JSON.parse(readFileSync(told, 'utf8')) as E;
  const engine = await start(join(folder, name));
  // Whole or not at all: another test file may be looking.
  writeFileSync(`${told}.new`, JSON.stringify(engine));
  renameSync(`${told}.new`, told);
  return engine;
}

function tryToLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
