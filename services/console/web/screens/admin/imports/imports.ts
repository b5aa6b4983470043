// An import on its way: a file is read once, checked, looked at, and written as it was checked.
import type { ImportResultView, ListKind } from '@laba/domain/import-view';
import { LIMITS } from '@laba/domain/limits';
import { useState } from 'react';
import { upload } from '../../../api/client.ts';
import { problemOf } from '../../../api/problem.ts';

export const LISTS_PATH = '/api/v1/imports';
export const formPath = (kind: ListKind, language: string) => `/api/v1/imports/${kind}/form?lang=${language}`;
export const exportPath = (kind: ListKind) => `/api/v1/exports/${kind}`;

const MEGABYTE = 1_048_576;
export const MOST_MB = LIMITS.importBytes / MEGABYTE;

export interface Checked {
  file: File;
  result: ImportResultView;
  /** The lists changed since it was checked first. */
  isAnew: boolean;
}

export type Standing =
  | { is: 'none' }
  | { is: 'checking' }
  | { is: 'wrong'; key: 'tooLarge' | 'empty' | 'unreadable'; mb: number }
  | { is: 'refused'; error: unknown }
  | ({ is: 'checked' } & Checked)
  | ({ is: 'writing' } & Checked)
  | ({ is: 'written' } & Checked);

const send = (kind: ListKind, file: File, query: string) => upload<ImportResultView>(`${LISTS_PATH}/${kind}?${query}`, file);

/** The bytes as they are now: what a program writes into the file after the check is not imported unseen. */
async function copyOf(file: File): Promise<File | undefined> {
  const bytes = await file.arrayBuffer().catch(() => undefined);
  return bytes === undefined ? undefined : new File([bytes], file.name, { type: 'text/csv' });
}

async function checked(kind: ListKind, file: File, isAnew: boolean): Promise<Standing> {
  try {
    return { is: 'checked', file, result: await send(kind, file, 'dryRun=true'), isAnew };
  } catch (error) {
    return { is: 'refused', error };
  }
}

async function taken(kind: ListKind, given: File): Promise<Standing> {
  const mb = Math.ceil(given.size / MEGABYTE);
  if (given.size > LIMITS.importBytes) return { is: 'wrong', key: 'tooLarge', mb };
  if (given.size === 0) return { is: 'wrong', key: 'empty', mb };
  const file = await copyOf(given);
  return file === undefined ? { is: 'wrong', key: 'unreadable', mb } : checked(kind, file, false);
}

async function written(kind: ListKind, { file, result: { seen } }: Checked): Promise<Standing> {
  try {
    return { is: 'written', file, result: await send(kind, file, `seen=${encodeURIComponent(seen)}`), isAnew: false };
  } catch (error) {
    const { code } = problemOf(error);
    return code === 'changed-meanwhile' || code === 'import-refused' ? checked(kind, file, true) : { is: 'refused', error };
  }
}

export function useImport(kind: ListKind): { standing: Standing; take: (file: File) => Promise<void>; write: (checked: Checked) => Promise<void> } {
  const [standing, stand] = useState<Standing>({ is: 'none' });
  const take = async (file: File) => {
    stand({ is: 'checking' });
    stand(await taken(kind, file));
  };
  const write = async (given: Checked) => {
    stand({ ...given, is: 'writing' });
    stand(await written(kind, given));
  };
  return { standing, take, write };
}
