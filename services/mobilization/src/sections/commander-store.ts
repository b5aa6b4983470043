// Chapter 5, safety: who leads at the scene, in the database.
import { and, asc, desc, eq, isNotNull, isNull } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { inArea } from '@laba/storage/audience';
import { one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type SceneCommander = Tables['sceneCommander']['$inferSelect'];

/** Everybody who was ever named in these grid nodes, with his name; the last one of each node comes last. */
export async function listCommanders(db: Database, alertId: string, codes: readonly string[]): Promise<(SceneCommander & { name: string | null })[]> {
  const rows = await db.read((q, { sceneCommander: commander, member }) =>
    q
      .select({ commander, name: member.name })
      .from(commander)
      .leftJoin(member, eq(member.id, commander.memberId))
      .where(and(eq(commander.alertId, alertId), inArea(commander.gridCode, codes)))
      .orderBy(asc(commander.gridCode), asc(commander.number)),
  );
  return rows.map(({ commander, name }) => ({ ...commander, name }));
}

export async function newestCommander(db: Database, alertId: string, gridCode: string): Promise<SceneCommander | undefined> {
  const [row] = await db.read((q, { sceneCommander: commander }) =>
    q
      .select()
      .from(commander)
      .where(and(eq(commander.alertId, alertId), eq(commander.gridCode, gridCode)))
      .orderBy(desc(commander.number))
      .limit(1),
  );
  return row;
}

/** Breaks with `changed-meanwhile` when somebody else was named in the same moment. */
export function nameCommander(row: SceneCommander): Op {
  return one((q, t) => q.insert(t.sceneCommander).values(row).onConflictDoNothing().returning({ number: t.sceneCommander.number }), {
    otherwise: () => new LabaError('changed-meanwhile'),
  });
}

/** Breaks with `already-done` when it was acknowledged before. */
export function acknowledge({ alertId, gridCode, number }: SceneCommander, acknowledgedBy: string, acknowledgedAtMs: number): Op {
  return one(
    (q, { sceneCommander: commander }) =>
      q
        .update(commander)
        .set({ acknowledgedBy, acknowledgedAtMs })
        .where(and(eq(commander.alertId, alertId), eq(commander.gridCode, gridCode), eq(commander.number, number), isNull(commander.acknowledgedAtMs)))
        .returning({ number: commander.number }),
    { otherwise: () => new LabaError('already-done') },
  );
}

/** Who leads now, by grid node: the last one there who said yes. */
export async function leaders(db: Database, alertId: string): Promise<Map<string, string>> {
  const rows = await db.read((q, { sceneCommander: commander }) =>
    q
      .select({ gridCode: commander.gridCode, memberId: commander.memberId })
      .from(commander)
      .where(and(eq(commander.alertId, alertId), isNotNull(commander.acknowledgedAtMs)))
      .orderBy(asc(commander.number)),
  );
  return new Map(rows.map(({ gridCode, memberId }) => [gridCode, memberId]));
}
