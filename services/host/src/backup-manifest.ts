// What a backup says about itself, first of all its parts.
import { closeSync, openSync } from 'node:fs';
import { z } from 'zod';
import { listArchive, readEntry, type Entry } from './archive.ts';

export const FORMAT = 1;
export const MANIFEST = 'manifest.json';
/** Every part there can be; what is named otherwise is never written to a disk. */
export const PART_NAMES = ['house.json', 'laba.db', 'laba.pgdump', 'secret.key', 'demo-logins.json', 'demo-identities.json'] as const;
export type PartName = (typeof PART_NAMES)[number];

export const manifestSchema = z.object({
  format: z.number().int().min(1),
  laba: z.string(),
  county: z.string().regex(/^\d{4}(\d{2})?$/),
  engine: z.enum(['sqlite', 'postgres']),
  schema: z.object({ steps: z.number().int(), newestMs: z.number() }),
  takenAt: z.iso.datetime({ offset: true }),
  /** A keyed hash: tells whether a secret.key is the one this county was encrypted with, and nothing about it. */
  secretMark: z.string(),
  parts: z.array(z.object({ name: z.enum(PART_NAMES), bytes: z.number().int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })).min(1),
});
export type Manifest = z.infer<typeof manifestSchema>;

const MANIFEST_BYTES = 65_536;

/** What `secretMark` is the hash of. */
export const SECRET_MARK = ['backup', 'which secret'] as const;

export interface OpenBackup {
  fd: number;
  manifest: Manifest;
  entries: ReadonlyMap<string, Entry>;
  close: () => void;
}

/** @throws one line: no such file, no backup, damaged, of a newer format */
export function openBackup(file: string): OpenBackup {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    throw new Error(`${file}: no such file, or no right to read it.`);
  }
  try {
    const entries = new Map(listArchive(fd).map((entry) => [entry.name, entry]));
    const manifest = readManifest(fd, entries);
    return { fd, manifest, entries, close: () => closeSync(fd) };
  } catch (error) {
    closeSync(fd);
    throw new Error(`${file} cannot be restored: ${(error as Error).message}. Take another backup.`, { cause: error });
  }
}

function readManifest(fd: number, entries: ReadonlyMap<string, Entry>): Manifest {
  const entry = entries.get(MANIFEST);
  if (entry === undefined || entry.bytes > MANIFEST_BYTES) throw new Error('it is no backup of Laba');
  const told = jsonOf(readEntry(fd, entry).toString('utf8'));
  const format = (told as { format?: unknown } | undefined)?.format;
  if (typeof format === 'number' && format > FORMAT) throw new Error(`it was made by a newer Laba (format ${format}, this one knows ${FORMAT})`);
  const parsed = manifestSchema.safeParse(told);
  if (!parsed.success) throw new Error('its manifest is damaged');
  const missing = parsed.data.parts.find((part) => entries.get(part.name)?.bytes !== part.bytes);
  if (missing !== undefined) throw new Error(`${missing.name} is missing or cut short`);
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
