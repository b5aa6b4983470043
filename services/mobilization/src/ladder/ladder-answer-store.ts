// Chapter 5, ladder: what was said about a village, in the database, and who may say it.
import { and, asc, desc, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { lineage } from '@laba/domain/grid';
import { inArea } from '@laba/storage/audience';
import { one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import type { Ladder, Step } from './climb.ts';

export type LadderAnswer = Tables['ladderAnswer']['$inferSelect'];
type Alert = Tables['alert']['$inferSelect'];

export async function findLadder(db: Database, alertId: string, gridCode: string): Promise<Ladder | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select()
      .from(t.ladder)
      .where(and(eq(t.ladder.alertId, alertId), eq(t.ladder.gridCode, gridCode))),
  );
  return row;
}

export function insertAnswer(answer: LadderAnswer): Op {
  return one((q, t) => q.insert(t.ladderAnswer).values(answer).onConflictDoNothing().returning({ id: t.ladderAnswer.id }), {
    otherwise: () => new LabaError('already-done', 'This answer was kept before.'),
  });
}

/** The last answer that changed how the village stands. */
export async function countedAnswer(db: Database, ladderId: string): Promise<LadderAnswer | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select()
      .from(t.ladderAnswer)
      .where(and(eq(t.ladderAnswer.ladderId, ladderId), eq(t.ladderAnswer.effect, 'counted')))
      .orderBy(desc(t.ladderAnswer.atMs))
      .limit(1),
  );
  return row;
}

/** One asking of a person, with its ladder and its alert. */
export async function findAsking(db: Database, stepId: string): Promise<{ step: Step; ladder: Ladder; alert: Alert } | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select({ step: t.ladderStep, ladder: t.ladder, alert: t.alert })
      .from(t.ladderStep)
      .innerJoin(t.ladder, eq(t.ladder.id, t.ladderStep.ladderId))
      .innerJoin(t.alert, eq(t.alert.id, t.ladder.alertId))
      .where(eq(t.ladderStep.id, stepId)),
  );
  return row;
}

export type FoundReply = NonNullable<Awaited<ReturnType<typeof findReply>>>;

/** What came back from a phone, with the message that it answers: its alert, its purpose, and the ladder it asked for, where it did. */
export async function findReply(db: Database, inboundId: string) {
  const [row] = await db.read((q, t) =>
    q
      .select({
        id: t.inboundMessage.id,
        wordsCipher: t.inboundMessage.wordsCipher,
        alertId: t.message.alertId,
        purpose: t.message.purpose,
        ladderId: t.ladderStep.ladderId,
      })
      .from(t.inboundMessage)
      .innerJoin(t.message, eq(t.message.id, t.inboundMessage.messageId))
      .leftJoin(t.ladderStep, eq(t.ladderStep.id, t.message.subjectId))
      .where(eq(t.inboundMessage.id, inboundId)),
  );
  return row;
}

/** The ladders of the alert for which this member was asked. */
export async function askedOf(db: Database, of: { alertId: string | null; memberId: string }): Promise<Ladder[]> {
  if (of.alertId === null) return [];
  const alertId = of.alertId;
  return db.read((q, t) =>
    q
      .select()
      .from(t.ladder)
      .where(
        and(
          eq(t.ladder.alertId, alertId),
          inArray(
            t.ladder.id,
            q
              .select({ id: t.ladderStep.ladderId })
              .from(t.ladderStep)
              .where(and(eq(t.ladderStep.memberId, of.memberId), isNull(t.ladderStep.skipped))),
          ),
        ),
      ),
  );
}

/** How many askings of a ladder are shown: the last ones. */
const STEPS_SHOWN = 12;

/** The last askings of each ladder with the member's name as it is today, oldest first. */
export async function stepsOf(db: Database, ladderIds: readonly string[]): Promise<(Step & { name: string | null })[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ step: t.ladderStep, name: t.member.name })
      .from(t.ladderStep)
      .innerJoin(t.ladder, eq(t.ladder.id, t.ladderStep.ladderId))
      .leftJoin(t.member, eq(t.member.id, t.ladderStep.memberId))
      .where(and(inArray(t.ladderStep.ladderId, [...ladderIds]), gt(t.ladderStep.number, sql`${t.ladder.steps} - ${STEPS_SHOWN}`)))
      .orderBy(asc(t.ladderStep.ladderId), asc(t.ladderStep.number)),
  );
  return rows.map(({ step, name }) => ({ ...step, name }));
}

/** Everything that was said, oldest first. */
export async function answersOf(db: Database, ladderIds: readonly string[]): Promise<(LadderAnswer & { name: string | null })[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ answer: t.ladderAnswer, name: t.member.name })
      .from(t.ladderAnswer)
      .leftJoin(t.member, eq(t.member.id, t.ladderAnswer.memberId))
      .where(inArray(t.ladderAnswer.ladderId, [...ladderIds]))
      .orderBy(asc(t.ladderAnswer.atMs), asc(t.ladderAnswer.id)),
  );
  return rows.map(({ answer, name }) => ({ ...answer, name }));
}

/** The alert's ladders inside these codes, by grid code, with the village's name. */
export async function laddersIn(db: Database, alertId: string, codes: readonly string[]): Promise<(Ladder & { gridName: string })[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ ladder: t.ladder, name: t.gridNode.name })
      .from(t.ladder)
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.ladder.gridCode))
      .where(and(eq(t.ladder.alertId, alertId), inArea(t.ladder.gridCode, codes)))
      .orderBy(asc(t.ladder.gridCode)),
  );
  return rows.map(({ ladder, name }) => ({ ...ladder, gridName: name ?? ladder.gridCode }));
}

/** Whom an officer may name as who answered: somebody on that place's ladder, its own or of a place above, or a member within these scopes. */
export async function isKnownThere(db: Database, memberId: string, gridCode: string, scopes: readonly string[]): Promise<boolean> {
  const [rungs, groups] = await Promise.all([
    db.read((q, { ladderRung }) =>
      q
        .select({ id: ladderRung.memberId })
        .from(ladderRung)
        .where(and(eq(ladderRung.memberId, memberId), inArray(ladderRung.gridCode, lineage(gridCode))))
        .limit(1),
    ),
    db.read((q, { membership }) =>
      q
        .select({ id: membership.memberId })
        .from(membership)
        .where(and(eq(membership.memberId, memberId), inArea(membership.gridCode, scopes)))
        .limit(1),
    ),
  ]);
  return rungs.length + groups.length > 0;
}
