// Sections in the small town: people with posts and skills, answers, and the room's own jobs run as the relay runs them.
import { asc, eq, isNull } from 'drizzle-orm';
import type { ConsumerName } from '@laba/domain/events';
import type { Answer, Post, Skill } from '@laba/domain/member';
import { any } from '@laba/storage/database';
import { finishJob, loadJob, postponeJob } from '@laba/storage/jobs';
import { findCall } from '../call-out/call-store.ts';
import { answerFor } from '../call-out/record-answer.ts';
import { planSections } from './plan-sections.ts';
import { mobilizationService } from '../service.ts';
import { authorize } from '@laba/runtime/auth';
import { OFFICERS, Town } from '../town.test-kit.ts';

export const minutes = (n: number) => n * 60_000;

/** Adds what a member of this town can do. */
export async function skilled(town: Town, id: string, codes: string[], can: { post?: Post; skills?: Skill[] } = {}): Promise<void> {
  await town.member(id, codes);
  const { post = null, skills = [] } = can;
  await town.deps.db.atomically([
    any((q, t) => q.update(t.member).set({ skills }).where(eq(t.member.id, id)).returning({ id: t.member.id })),
    any((q, t) => q.update(t.membership).set({ post }).where(eq(t.membership.memberId, id)).returning({ id: t.membership.memberId })),
  ]);
}

/** A group of so many households, of two persons each. */
export async function populated(town: Town, gridCode: string, households: number): Promise<void> {
  for (let i = 1; i <= households; i++) await town.household(`${gridCode}-h${i}`, gridCode, [`${gridCode}-p${i}a`, `${gridCode}-p${i}b`]);
}

/** Everybody of the area is called and the needs are written, as after the raise. */
export async function mustered(town: Town, areaCodes: string[], mode: 'live' | 'drill' | 'test' = 'live'): Promise<string> {
  const alertId = await town.raised(areaCodes, mode);
  await town.callMembers(alertId, areaCodes, mode);
  await plan(town, alertId, areaCodes, mode);
  await work(town);
  return alertId;
}

export async function plan(town: Town, alertId: string, areaCodes: string[], mode: 'live' | 'drill' | 'test' = 'live'): Promise<void> {
  const event = { id: 'e', seq: 1, type: 'alert.raised' as const, atMs: 0, who: 'o', gridCode: areaCodes[0]!, alertId, subjectId: alertId };
  const data = { revision: 1, mode, areaCodes, officers: [] };
  const job = { id: 'j', consumer: 'mobilization.plan-sections' as const, urgent: true, attempts: 0, dueAtMs: 0, doneAtMs: null, event: { ...event, data } };
  const { ops = [] } = await planSections(town.deps, job);
  await town.deps.db.atomically(ops);
}

/** The member answers, and an officer writes it down; the room's jobs wait. */
export async function answers(town: Town, alertId: string, memberId: string, answer: Answer): Promise<void> {
  const call = (await town.calls()).find((one) => one.alertId === alertId && one.memberId === memberId);
  const found = await findCall(town.deps.db, call!.id);
  const permit = authorize(OFFICERS.county, 'member.answer-for', [call!.gridCode]);
  await answerFor(town.deps, permit, found!, answer, 'telephone', { who: 'officer:o-county', via: 'http', once: [] });
}

/** Every due job of this room, until none is left. `twice`: each is run by two processes at once. */
export async function work(town: Town, how: 'once' | 'twice' = 'once'): Promise<void> {
  const consumers = mobilizationService(town.deps).consumers!;
  const { db, clock } = town.deps;
  for (;;) {
    const open = await db.read((q, t) =>
      q.select({ id: t.job.id, consumer: t.job.consumer, dueAtMs: t.job.dueAtMs }).from(t.job).where(isNull(t.job.doneAtMs)).orderBy(asc(t.job.dueAtMs)),
    );
    const due = open.filter((job) => job.dueAtMs <= clock.now() && consumers[job.consumer as ConsumerName] !== undefined);
    if (due.length === 0) return;
    const run = async ({ id, consumer }: (typeof due)[number]) => {
      const job = await loadJob(db, id);
      if (job === undefined || job.doneAtMs !== null || job.dueAtMs > clock.now()) return;
      const { ops = [], againAtMs } = await consumers[consumer as ConsumerName]!(job);
      const end = againAtMs === undefined ? finishJob(id, clock.now()) : postponeJob(id, Math.max(againAtMs, job.dueAtMs + 1), job.dueAtMs);
      await db.atomically([end, ...ops]);
    };
    const doubled = how === 'twice' ? [...due, ...due] : due;
    const outcomes = await Promise.allSettled(how === 'twice' ? doubled.map(run) : [run(doubled[0]!)]);
    for (const outcome of outcomes)
      if (
        outcome.status === 'rejected' &&
        (outcome.reason as { code?: string }).code !== 'already-done' &&
        (outcome.reason as { code?: string }).code !== 'changed-meanwhile'
      )
        throw outcome.reason;
  }
}

/** `member: section` of every seat that is held, and who stands down, by member. */
export async function seats(town: Town, alertId: string): Promise<string[]> {
  const rows = await town.deps.db.read((q, t) => q.select().from(t.sectionSeat).where(eq(t.sectionSeat.alertId, alertId)).orderBy(asc(t.sectionSeat.memberId)));
  return rows.filter(({ state }) => state !== 'freed').map(({ memberId, section, state }) => `${memberId}: ${state === 'held' ? section : state}`);
}
