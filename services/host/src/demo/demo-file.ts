// The demo county's own logins, for `laba demo` and the other commands in its folder.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '@laba/runtime/durable-file';
import type { DemoCounty } from './demo-county.ts';

export interface DemoLogin {
  username: string;
  password: string;
  name: string;
  role: string;
  scopes: readonly string[];
}

/** Kept in the data folder, mode 0600, so that `laba demo` can sign in; a real county has no such file. */
export interface DemoFile {
  logins: DemoLogin[];
  dasuo: DemoCounty['dasuo'];
}

const demoFileOf = (dataDir: string) => join(dataDir, 'demo-logins.json');

export function readDemoFile(dataDir: string): DemoFile {
  try {
    return JSON.parse(readFileSync(demoFileOf(dataDir), 'utf8')) as DemoFile;
  } catch {
    throw new Error(`No demo logins in ${dataDir}: this is not the demo county's folder; name the right one with LABA_DATA.`);
  }
}

export function writeDemoFile(dataDir: string, file: DemoFile): void {
  writeDurably(demoFileOf(dataDir), JSON.stringify(file, null, 2));
}
