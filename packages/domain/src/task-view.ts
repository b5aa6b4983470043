// Chapter 5, tasks: tasks as officers read them: a line of a list, one whole with what people wrote, and who could own one.
import type { Mode } from './alert.ts';
import type { Post } from './member.ts';
import type { Role } from './officer.ts';
import type { TaskAction, TaskKind, TaskSource, TaskState } from './task.ts';

interface Words {
  zh: string;
  en: string;
}

export interface TaskView {
  id: string;
  alertId: string | null;
  mode: Mode;
  kind: TaskKind;
  kindWords: Words;
  gridCode: string;
  gridName: string;
  /** What is to be done. */
  title: Words;
  source: TaskSource;
  sourceId: string;
  state: TaskState;
  stateWords: Words;
  owner: { memberId: string | null; officerId: string | null; name: string } | null;
  dueAt: string;
  isOverdue: boolean;
  reminders: number;
  createdAt: string;
  /** `officer:ID` or `member:ID`. */
  doneBy: string | null;
  doneAt: string | null;
  signedOffBy: string | null;
  closedAt: string | null;
  version: number;
}

export interface TaskDetail extends TaskView {
  /** In somebody's own words: the need, what a household said. */
  words: string | null;
  /** Whom it is about: door, name, number. */
  door: string | null;
  doneWords: string | null;
  lateReason: string | null;
  dropReason: string | null;
  photos: string[];
}

export interface TaskCounts {
  total: number;
  open: number;
  overdue: number;
  unowned: number;
  byStatus: Record<string, number>;
}

export interface TasksView {
  asOf: string;
  asOfMs: number;
  /** Over all pages. */
  counts: TaskCounts;
  tasks: TaskView[];
  next: string | null;
}

/** Who could do the work at a place: its own people by post, and the officers who answer for it. */
export interface TaskOwnersView {
  members: { id: string; name: string; post: Post | null; gridName: string }[];
  officers: { id: string; name: string; role: Role }[];
}

export interface TaskTemplateView {
  id: string;
  eventCodes: string[];
  degrees: string[];
  stage: string;
  zh: string;
  en: string;
  actions: TaskAction[];
  version: number;
}
