// Peacetime: what is watched, read from the county's lists and kept beside them.
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { LIMITS } from '@laba/domain/limits';
import type { RoundKind } from '@laba/domain/round';
import { inArea } from '@laba/storage/audience';
import { any, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import { further, type ListCursor } from '../page-cursor-store.ts';
import { planIdOf, walkerIdOf } from './round-ids.ts';

export type Plan = Tables['roundPlan']['$inferSelect'];
type Wanted = Omit<Plan, 'sinceMs'>;

/** What the lists ask to be watched: every hazard point and activity room, and every household in which somebody has a need. */
async function wantedPlans(db: Database): Promise<Wanted[]> {
  const [points, households, needy, sites] = await Promise.all([
    db.read((q, { hazardPoint: p }) => q.select({ id: p.id, gridCode: p.gridCode, memberId: p.patrolMemberId, phoneHash: p.phoneHash }).from(p)),
    db.read((q, { household: h }) => q.select({ id: h.id, gridCode: h.gridCode, memberId: h.helperMemberId, needs: h.needs }).from(h)),
    db.read((q, { person: p }) => q.select({ householdId: p.householdId, needs: p.needs }).from(p)),
    db.read((q, { site: s }) => q.select({ id: s.id, gridCode: s.gridCode }).from(s)),
  ]);
  const inNeed = new Set(needy.flatMap(({ householdId, needs }) => (needs.length > 0 ? [householdId] : [])));
  return [
    ...points.map(({ id, gridCode, ...who }): Wanted => ({ ...named('patrol', id, gridCode), walkerId: walkerIdOf({ ...who, gridCode, pointId: id }) })),
    ...households
      .filter(({ id, needs }) => needs.length > 0 || inNeed.has(id))
      .map(({ id, gridCode, memberId }): Wanted => ({ ...named('visit', id, gridCode), walkerId: walkerIdOf({ gridCode, memberId }) })),
    ...sites.map(({ id, gridCode }): Wanted => ({ ...named('room', id, gridCode), walkerId: null })),
  ];
}

const named = (kind: Plan['kind'], subjectId: string, gridCode: string) => ({ id: planIdOf(kind, subjectId), kind, subjectId, gridCode });

export function readPlans(db: Database): Promise<Plan[]> {
  return db.read((q, { roundPlan }) => q.select().from(roundPlan));
}

/** Brings the plans up to the lists. What is new is watched from now on; what is gone from the lists is watched no more. */
export async function planOps(db: Database, nowMs: number): Promise<{ plans: Plan[]; ops: Op[] }> {
  const [wanted, before] = await Promise.all([wantedPlans(db), readPlans(db)]);
  const known = new Map(before.map((plan) => [plan.id, plan]));
  const plans = wanted.map((plan) => ({ ...plan, sinceMs: known.get(plan.id)?.sinceMs ?? nowMs }));
  const changed = plans.filter((plan) => {
    const was = known.get(plan.id);
    return was === undefined || was.gridCode !== plan.gridCode || was.walkerId !== plan.walkerId;
  });
  const kept = new Set(plans.map(({ id }) => id));
  const gone = before.map(({ id }) => id).filter((id) => !kept.has(id));
  return { plans, ops: [...chunks(changed).map(writePlans), ...chunks(gone).map(forgetPlans)] };
}

function chunks<R>(rows: readonly R[]): R[][] {
  return Array.from({ length: Math.ceil(rows.length / LIMITS.rowsPerInsert) }, (_, n) => rows.slice(n * LIMITS.rowsPerInsert, (n + 1) * LIMITS.rowsPerInsert));
}

// Both engines call the row that was to be inserted `excluded`.
const AS_GIVEN = { gridCode: sql.raw('excluded.grid_code'), walkerId: sql.raw('excluded.walker_id') };

function writePlans(rows: readonly Plan[]): Op {
  return any((q, { roundPlan }) =>
    q
      .insert(roundPlan)
      .values([...rows])
      .onConflictDoUpdate({ target: roundPlan.id, set: AS_GIVEN })
      .returning({ id: roundPlan.id }),
  );
}

function forgetPlans(ids: readonly string[]): Op {
  return any((q, { roundPlan }) =>
    q
      .delete(roundPlan)
      .where(inArray(roundPlan.id, [...ids]))
      .returning({ id: roundPlan.id }),
  );
}

export async function findPlan(db: Database, id: string): Promise<Plan | undefined> {
  return (await db.read((q, { roundPlan }) => q.select().from(roundPlan).where(eq(roundPlan.id, id))))[0];
}

export function plansOfWalker(db: Database, walkerId: string): Promise<Plan[]> {
  return db.read((q, { roundPlan: p }) => q.select().from(p).where(eq(p.walkerId, walkerId)).orderBy(p.kind, p.gridCode, p.id).limit(LIMITS.rowsPerPage));
}

export function plansIn(db: Database, codes: readonly string[]): Promise<Plan[]> {
  return db.read((q, { roundPlan: p }) => q.select().from(p).where(inArea(p.gridCode, codes)));
}

/** One page of a kind, in the order of the grid. */
export function planPage(db: Database, kind: RoundKind, codes: readonly string[], after: ListCursor | undefined): Promise<Plan[]> {
  return db.read((q, { roundPlan: p }) =>
    q
      .select()
      .from(p)
      .where(and(eq(p.kind, kind), inArea(p.gridCode, codes), further(p.gridCode, p.id, after)))
      .orderBy(asc(p.gridCode), asc(p.id))
      .limit(LIMITS.rowsPerPage),
  );
}

/** Names of these grid nodes. */
export async function namesOf(db: Database, codes: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(codes)];
  const rows = await db.read((q, { gridNode: n }) => q.select({ code: n.code, name: n.name }).from(n).where(inArray(n.code, wanted)));
  return new Map(rows.map(({ code, name }) => [code, name]));
}
