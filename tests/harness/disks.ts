// Disks that can be full and that can lose their power: a small tmpfs, and an ext4 in a file whose copy is what a power cut would leave.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SHM = '/dev/shm';
const quiet = { stdio: 'pipe' } as const;

/** Whether this user may mount here; a container often may not. */
export function mayMount(kind: 'tmpfs' | 'loop'): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    const disk = kind === 'tmpfs' ? SmallDisk.mount(1) : LoopDisk.make(8);
    disk.discard();
    return true;
  } catch {
    return false;
  }
}

function unmount(dir: string): void {
  try {
    execFileSync('umount', [dir], quiet);
  } catch {
    // Somebody still has a file open there: gone when he is.
    execFileSync('umount', ['-l', dir], quiet);
  }
}

function writeUntilFull(file: number, piece: Buffer): void {
  try {
    for (;;) writeSync(file, piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/** A data folder with little room. */
export class SmallDisk {
  readonly dir = mkdtempSync(join(tmpdir(), 'laba-small-'));

  static mount(sizeMb: number): SmallDisk {
    const disk = new SmallDisk();
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', disk.dir], quiet);
    return disk;
  }

  /** Takes what is left, also while somebody else writes. */
  fill(): void {
    const file = openSync(join(this.dir, 'ballast'), 'w');
    for (const size of [1_048_576, 4_096, 1]) writeUntilFull(file, Buffer.alloc(size, 1));
    closeSync(file);
  }

  free(): void {
    rmSync(join(this.dir, 'ballast'), { force: true });
  }

  discard(): void {
    unmount(this.dir);
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** A real file system in a file in memory: what was not made durable is in the kernel's cache and not in the file. */
export class LoopDisk {
  #image: string;
  /** What the power cut left, until it is on again. */
  #left: string | undefined;
  readonly dir: string;
  readonly #copies: LoopDisk[] = [];

  private constructor(image: string) {
    this.#image = image;
    this.dir = mkdtempSync(join(tmpdir(), 'laba-loop-'));
  }

  static make(sizeMb: number): LoopDisk {
    mkdirSync(SHM, { recursive: true });
    const image = join(mkdtempSync(join(SHM, 'laba-disk-')), 'disk.img');
    writeFileSync(image, '');
    truncateSync(image, sizeMb * 1_048_576);
    execFileSync('mkfs.ext4', ['-q', image], quiet);
    return new LoopDisk(image).#mount();
  }

  #mount(): this {
    execFileSync('mount', ['-o', 'loop', this.#image, this.dir], quiet);
    return this;
  }

  /** What the power cut of this moment leaves behind; the disk itself goes on. */
  cut(): LoopDisk {
    const copy = new LoopDisk(copyOf(this.#image));
    this.#copies.push(copy);
    return copy;
  }

  /** The power of this disk goes, while whoever works on it stands still; he must be gone before it is on again. */
  losePower(): void {
    this.#left = copyOf(this.#image);
  }

  /** Power again: the journal is played and the disk is there. */
  powerOn(): this {
    if (this.#left !== undefined) {
      unmount(this.dir);
      rmSync(dirname(this.#image), { recursive: true });
      this.#image = this.#left;
      this.#left = undefined;
    }
    return this.#mount();
  }

  discard(): void {
    for (const copy of this.#copies) copy.discard();
    try {
      unmount(this.dir);
    } catch {
      // It was never powered on.
    }
    for (const image of [this.#image, this.#left ?? '']) if (existsSync(image)) rmSync(dirname(image), { recursive: true, force: true });
    rmSync(this.dir, { recursive: true, force: true });
  }
}

const COPY_TRIES = 100;

/** The image as it is in one moment. @throws when it is written without end */
function copyOf(image: string): string {
  const copy = join(mkdtempSync(join(SHM, 'laba-disk-')), 'disk.img');
  const writtenAt = () => statSync(image, { bigint: true }).mtimeNs;
  for (let tries = 0; tries < COPY_TRIES; tries++) {
    const before = writtenAt();
    copyFileSync(image, copy, constants.COPYFILE_FICLONE);
    // The kernel writes by itself as well: half of that is the state of no moment.
    if (writtenAt() === before) return copy;
  }
  throw new Error(`${image} is written all the time.`);
}
