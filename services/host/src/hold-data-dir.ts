// One Laba at a time in one data folder.
import { accessSync, constants, mkdirSync } from 'node:fs';
import { lockFolder } from '@laba/storage/folder-lock';

/**
 * Makes the folder and holds it for this process until the returned function is called.
 * @throws one line that says what to do, when the folder cannot be written or another Laba runs on it
 */
export function holdDataDir(dataDir: string): () => void {
  const release = tryToHold(dataDir);
  if (release === undefined) throw new Error(`A Laba already runs on ${dataDir}: use that one, stop it, or name another folder with LABA_DATA.`);
  return release;
}

function tryToHold(dataDir: string): (() => void) | undefined {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK);
    return lockFolder(dataDir);
  } catch {
    throw new Error(`Cannot write to ${dataDir}: give this user the right to, or name another folder with LABA_DATA.`);
  }
}
