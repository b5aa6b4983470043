// The SQL of a round that was told: what came of it, where, and who went there. Reads only.
import { eq } from 'drizzle-orm';
import type { Hazard } from '@laba/domain/report';
import type { Database } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

type Round = Tables['round']['$inferSelect'];

export interface RoundReport {
  round: Round & { reportId: string };
  /** What the point or the door is called. */
  place: string;
  hazard: Hazard | null;
  walker: { name: string | null; phoneCipher: string | null };
}

/** Undefined when nothing is to be reported of it. */
export async function findRoundReport(db: Database, roundId: string): Promise<RoundReport | undefined> {
  const [round] = await db.read((q, t) => q.select().from(t.round).where(eq(t.round.id, roundId)));
  if (round === undefined || round.reportId === null) return undefined;
  const of = round.kind === 'patrol' ? await ofPoint(db, round.subjectId) : await ofHousehold(db, round.subjectId);
  return { ...(of ?? { place: round.subjectId, hazard: null, walker: { name: null, phoneCipher: null } }), round: { ...round, reportId: round.reportId } };
}

async function ofPoint(db: Database, id: string): Promise<Omit<RoundReport, 'round'> | undefined> {
  const [row] = await db.read((q, { hazardPoint: p, member: m }) =>
    q.select({ point: p, member: m }).from(p).leftJoin(m, eq(m.id, p.patrolMemberId)).where(eq(p.id, id)),
  );
  if (row === undefined) return undefined;
  const { point, member } = row;
  return {
    ...{ place: point.name, hazard: point.hazard },
    walker: { name: member?.name ?? point.patrolName, phoneCipher: point.phoneCipher ?? member?.phoneCipher ?? null },
  };
}

async function ofHousehold(db: Database, id: string): Promise<Omit<RoundReport, 'round'> | undefined> {
  const [row] = await db.read((q, { household: h, member: m }) =>
    q.select({ household: h, member: m }).from(h).leftJoin(m, eq(m.id, h.helperMemberId)).where(eq(h.id, id)),
  );
  if (row === undefined) return undefined;
  const { household, member } = row;
  const place = household.doorplate === '' ? household.id : household.doorplate;
  return { place, hazard: null, walker: { name: member?.name ?? null, phoneCipher: member?.phoneCipher ?? null } };
}
