// Where several processes write at once: rows that must stay as they were read, and matters of which one at a time may be decided.
import { sql } from 'drizzle-orm';
import { any, type Op } from './database.ts';
import { onPostgres } from './rows-of.ts';

type Strength = 'update' | 'share';
interface Lockable<S> {
  for(strength: Strength, how?: { skipLocked?: boolean }): S;
}

// SQLite has one writer at a time: nothing changes under its feet.
function lock<S>(t: { event: object }, select: S, strength: Strength, how?: { skipLocked: boolean }): S {
  return onPostgres(t) ? (select as S & Lockable<S>).for(strength, how) : select;
}

/** The rows of this select stay as they are, but for this group's own writes, until its commit. */
export function lockedRows<S>(t: { event: object }, select: S): S {
  return lock(t, select, 'update');
}

/** The rows of this select stay as they are until the commit; others may hold on to them as well. */
export function steadyRows<S>(t: { event: object }, select: S): S {
  return lock(t, select, 'share');
}

/** As `lockedRows`, but without those that another process holds at this moment. */
export function freeRows<S>(t: { event: object }, select: S): S {
  return lock(t, select, 'update', { skipLocked: true });
}

/**
 * What follows in this group sees the commits of everybody who had the same turn before, and nobody else has it until this commit: for
 * decisions that rest on a row that is not there. Put it before the statement that looks.
 */
export function byTurns(matter: string): Op {
  return any((q, t) => {
    const taken = onPostgres(t) ? sql`pg_advisory_xact_lock(hashtextextended(${matter}, 0))` : sql`1`;
    return q.select({ taken }).from(sql`(select 1) as turn`);
  });
}
