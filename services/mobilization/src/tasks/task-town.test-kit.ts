// A town with work to do, for the tests of tasks: members with posts, a township's officer, tasks put down as the house puts them down.
import { eq } from 'drizzle-orm';
import type { Post } from '@laba/domain/member';
import type { ConsumerName, EventType } from '@laba/domain/events';
import { any } from '@laba/storage/database';
import type { Job } from '@laba/storage/jobs';
import { putDown, taskRows, type TaskDraft } from './new-tasks.ts';
import { mobilizationService } from '../service.ts';
import { taskToken } from './task-link.ts';
import type { Task } from './task-store.ts';
import { GROUP_A, OFFICERS, Town, VILLAGE } from '../town.test-kit.ts';

export const TOWNSHIP_OFFICER = 'o-town';
const HOUR_MS = 3_600_000;

export class TaskTown {
  readonly town: Town;

  private constructor(town: Town) {
    this.town = town;
  }

  static async found(): Promise<TaskTown> {
    const of = new TaskTown(await Town.found());
    const officer = { id: TOWNSHIP_OFFICER, username: 'town', name: '演示乡镇', role: 'township-officer' as const, scopes: [VILLAGE.slice(0, 9)] };
    await of.town.deps.db.atomically([any((q, t) => q.insert(t.officer).values(officer).returning({ id: t.officer.id }))]);
    return of;
  }

  /** A member with a phone and a post. */
  async holder(id: string, gridCode: string, post: Post, available = true): Promise<void> {
    await this.town.member(id, [gridCode], available);
    const phoneCipher = this.town.deps.vault.encrypt(`1380000${id}`);
    await this.town.deps.db.atomically([
      any((q, t) => q.update(t.membership).set({ post }).where(eq(t.membership.memberId, id)).returning({ id: t.membership.memberId })),
      any((q, t) => q.update(t.member).set({ phoneCipher }).where(eq(t.member.id, id)).returning({ id: t.member.id })),
    ]);
  }

  /** A task due in an hour, of whoever it falls to. */
  async task(draft: Partial<TaskDraft> = {}): Promise<Task> {
    const { deps } = this.town;
    const id = deps.ids();
    const whole: TaskDraft = {
      ...{ alertId: null, mode: 'live', kind: 'inspect-point', gridCode: GROUP_A, zh: '巡查', en: 'Inspect', source: 'officer', sourceId: id, once: id },
      dueAtMs: deps.clock.now() + HOUR_MS,
      ...draft,
    };
    const rows = await taskRows(deps, [whole]);
    await deps.db.atomically(await putDown(deps, rows, { who: 'system', via: 'job', urgent: false }));
    return this.read(rows[0]!.id);
  }

  async read(id: string): Promise<Task> {
    const [task] = await this.town.deps.db.read((q, t) => q.select().from(t.task).where(eq(t.task.id, id)));
    return task!;
  }

  all(): Promise<Task[]> {
    return this.town.deps.db.read((q, t) => q.select().from(t.task).orderBy(t.task.id));
  }

  /** What an officer does with a task over HTTP. */
  async moves(id: string, move: string, body: object = {}, officer: keyof typeof OFFICERS = 'village'): Promise<{ status: number; [key: string]: unknown }> {
    const answer = await this.town.app.inject({ method: 'POST', url: `/api/v1/tasks/${id}/${move}`, ...this.town.as(officer), payload: body });
    return { status: answer.statusCode, ...(answer.json() as object) };
  }

  /** The owner's page. */
  link(task: Task): string {
    return `/k/${taskToken(this.town.deps.vault, task)}`;
  }

  async presses(link: string, form: Record<string, string>): Promise<number> {
    const answer = await this.town.app.inject({
      method: 'POST',
      url: link,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(form).toString(),
    });
    return answer.statusCode;
  }

  async sees(link: string): Promise<{ status: number; page: string }> {
    const answer = await this.town.app.inject({ url: link });
    return { status: answer.statusCode, page: answer.body };
  }

  /** The job of a task's reminders looks once. @returns when it wants to look again */
  async looks(task: Task): Promise<number | undefined> {
    const { againAtMs } = await this.town.react('mobilization.remind-task', 'task.created', task.id, { kind: task.kind });
    return againAtMs;
  }

  /** One of the room's reactions runs on an event and its ops are committed. */
  async reacts(consumer: ConsumerName, event: { type: EventType; subjectId: string; alertId?: string; gridCode?: string; data: Record<string, unknown> }) {
    const { deps } = this.town;
    const whole = { id: 'e', seq: 1, atMs: deps.clock.now(), who: 'system', alertId: null, gridCode: GROUP_A, ...event };
    const job: Job = { id: 'j', consumer, urgent: true, attempts: 0, dueAtMs: 0, doneAtMs: null, event: whole };
    const { ops = [], againAtMs } = await mobilizationService(deps).consumers![consumer]!(job);
    await deps.db.atomically(ops);
    return againAtMs;
  }

  messages() {
    return this.town.deps.db.read((q, t) => q.select().from(t.message).orderBy(t.message.id));
  }

  async told(prefix = 'task.'): Promise<EventType[]> {
    return (await this.town.events()).map(({ type }) => type as EventType).filter((type) => type.startsWith(prefix));
  }
}
