// Chapter 6, watch: what happened to a task, in words. What it is about is named by its kind; nobody's own words are repeated here.
import { TASK_KINDS, type TaskKind } from '@laba/domain/task';
import type { Words } from './reason-words.ts';

type Say = (names: { place: string }, data: Record<string, unknown>) => Words;

function ofTask(zh: string, en: string): Say {
  return ({ place }, data) => {
    const kind = TASK_KINDS[data['kind'] as TaskKind] ?? { zh: String(data['kind'] ?? ''), en: String(data['kind'] ?? '') };
    return { zh: `交办单（${place} · ${kind.zh}）${zh}`, en: `Task (${place}, ${kind.en}): ${en}` };
  };
}

export const TASK_EVENT_WORDS: Readonly<Record<string, Say>> = {
  'task.created': ofTask('已下达', 'given out'),
};
