// Audio files by the hash of what they hold. A file that is not what its name says is not used.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ids } from '@laba/domain/ids';

const LONGEST_LIST = 512;

export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export class AudioCache {
  readonly #dir: string;
  readonly #ids: Ids;
  #written = 0;

  constructor(dir: string, ids: Ids) {
    this.#dir = dir;
    this.#ids = ids;
  }

  path(name: string): string {
    return join(this.#dir, `${name}.wav`);
  }

  /** The file's bytes, or undefined when there is none. */
  async read(name: string): Promise<Buffer | undefined> {
    return readFile(this.path(name)).catch(() => undefined);
  }

  /** Whole or not at all; two processes may write the same. Returns the path. */
  async write(name: string, bytes: Buffer): Promise<string> {
    await mkdir(this.#dir, { recursive: true });
    const temporary = join(this.#dir, `${this.#ids()}.part`);
    await writeFile(temporary, bytes);
    await rename(temporary, this.path(name));
    if (this.#written++ % LONGEST_LIST === 0) await this.#forgetOldest();
    return this.path(name);
  }

  async #forgetOldest(): Promise<void> {
    const names = await readdir(this.#dir);
    if (names.length <= LONGEST_LIST) return;
    const files = await Promise.all(names.map(async (name) => ({ name, usedMs: (await stat(join(this.#dir, name)).catch(() => undefined))?.mtimeMs ?? 0 })));
    files.sort((a, b) => b.usedMs - a.usedMs);
    for (const { name } of files.slice(LONGEST_LIST)) await rm(join(this.#dir, name), { force: true });
  }
}
