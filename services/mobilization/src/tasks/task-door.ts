// Chapter 5, tasks: whom a task is about, in clear, for who has to go there and for nobody else.
import type { Deps } from '@laba/runtime/service';
import { findDoor } from './task-place-store.ts';
import type { Task } from './task-store.ts';

/** Doorplate, name, number, as far as they are known; null when the task is about no one household or person. */
export async function doorWords(deps: Pick<Deps, 'db' | 'vault'>, task: Task): Promise<string | null> {
  const door = await findDoor(deps.db, task);
  if (door === undefined) return null;
  const name = door.nameCipher === null ? door.name : deps.vault.decrypt(door.nameCipher);
  const reporter = door.reporterCipher == null ? {} : (JSON.parse(deps.vault.decrypt(door.reporterCipher)) as { name?: string; phone?: string });
  const parts = [door.doorplate, name, reporter.name, reporter.phone].filter((part) => part != null && part !== '');
  return parts.length === 0 ? null : parts.join(' · ');
}
