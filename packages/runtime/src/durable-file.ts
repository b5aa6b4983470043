// A small file that is there whole after a power cut, or not at all.
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Mode 0600. Replaces what was there in one step; on the disk when it returns. @throws what the file system says */
export function writeDurably(file: string, content: string | Buffer): void {
  renameSync(writeBeside(file, content), file);
  syncFolder(dirname(file));
}

/** The same for a file that must not be there yet: of several processes one makes it. @returns whether it was this one */
export function makeDurably(file: string, content: string | Buffer): boolean {
  const fresh = writeBeside(file, content);
  try {
    linkSync(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(fresh, { force: true });
  }
  syncFolder(dirname(file));
  return true;
}

function writeBeside(file: string, content: string | Buffer): string {
  const fresh = `${file}.${process.pid}.new`;
  const handle = openSync(fresh, 'w', 0o600);
  try {
    const bytes = Buffer.from(content);
    for (let written = 0; written < bytes.length;) written += writeSync(handle, bytes, written);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return fresh;
}

/** The names in it are on the disk when it returns: without this a file may be whole and nameless. @throws what the file system says */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
