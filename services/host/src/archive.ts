// One file for a whole county: a plain tar (POSIX ustar), so that `tar -xf` opens it also where no Laba is left.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs';

const BLOCK = 512;
const CHUNK = 1_048_576;
const MAGIC = 'ustar\0' + '00';
/** What eleven octal digits can say. */
const LARGEST_BYTES = 8 ** 11 - 1;

export interface Part {
  /** A plain name without folders, ASCII. */
  name: string;
  file: string;
}

/** Where a part lies in the archive. */
export interface Entry {
  name: string;
  offset: number;
  bytes: number;
}

/** SHA-256 of bytes of an open file, hex; `take` is given each piece. */
function digest(fd: number, offset: number, bytes: number, take: (piece: Buffer) => void = () => {}): string {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(CHUNK);
  for (let at = 0; at < bytes;) {
    const read = readSync(fd, buffer, 0, Math.min(CHUNK, bytes - at), offset + at);
    if (read === 0) throw new Error('it ends in the middle');
    const piece = buffer.subarray(0, read);
    hash.update(piece);
    take(piece);
    at += read;
  }
  return hash.digest('hex');
}

export function sha256Of(file: string): string {
  const fd = openSync(file, 'r');
  try {
    return digest(fd, 0, fstatSync(fd).size);
  } finally {
    closeSync(fd);
  }
}

function header(name: string, bytes: number, atMs: number): Buffer {
  if (bytes > LARGEST_BYTES) throw new Error(`${name} is larger than a tar file takes (8 GB).`);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100, 'latin1');
  block.write(octal(0o600, 7) + octal(0, 7) + octal(0, 7) + octal(bytes, 11) + octal(Math.floor(atMs / 1000), 11), 100, 'latin1');
  block.write('        0', 148, 'latin1');
  block.write(MAGIC, 257, 'latin1');
  block.write(`${octal(sumOf(block), 6)} `, 148, 'latin1');
  return block;
}

// The sum over the header, its own field taken as spaces.
function sumOf(block: Buffer): number {
  return block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
}

/** Writes the archive, mode 0600, durable when this returns. @throws when the file exists */
export function writeArchive(to: string, parts: readonly Part[], atMs: number): void {
  const out = openSync(to, 'wx', 0o600);
  try {
    for (const { name, file } of parts) {
      const fd = openSync(file, 'r');
      try {
        const bytes = statSync(file).size;
        writeSync(out, header(name, bytes, atMs));
        digest(fd, 0, bytes, (piece) => writeSync(out, piece));
        writeSync(out, Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK));
      } finally {
        closeSync(fd);
      }
    }
    writeSync(out, Buffer.alloc(2 * BLOCK));
    fsyncSync(out);
  } finally {
    closeSync(out);
  }
}

/** What lies in the archive. @throws when it is no tar, or cut short */
export function listArchive(fd: number): Entry[] {
  const entries: Entry[] = [];
  const size = fstatSync(fd).size;
  const block = Buffer.alloc(BLOCK);
  for (let at = 0; ;) {
    if (readSync(fd, block, 0, BLOCK, at) < BLOCK) throw new Error('it ends in the middle');
    if (block.every((byte) => byte === 0)) return entries;
    if (block.toString('latin1', 257, 262) !== 'ustar' || Number.parseInt(block.toString('latin1', 148, 154), 8) !== sumOf(block))
      throw new Error('it is no archive');
    const name = block.toString('latin1', 0, 100).replace(/\0.*$/s, '');
    const bytes = Number.parseInt(block.toString('latin1', 124, 135), 8);
    entries.push({ name, offset: at + BLOCK, bytes });
    at += BLOCK + Math.ceil(bytes / BLOCK) * BLOCK;
    if (at > size) throw new Error('it ends in the middle');
  }
}

/** A small part. */
export function readEntry(fd: number, entry: Entry): Buffer {
  const pieces: Buffer[] = [];
  digest(fd, entry.offset, entry.bytes, (piece) => pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces);
}

/** Writes a part to a new file, mode 0600, durable; returns its SHA-256. */
export function extractEntry(fd: number, entry: Entry, to: string): string {
  const out = openSync(to, 'wx', 0o600);
  try {
    const sum = digest(fd, entry.offset, entry.bytes, (piece) => writeSync(out, piece));
    fsyncSync(out);
    return sum;
  } finally {
    closeSync(out);
  }
}
