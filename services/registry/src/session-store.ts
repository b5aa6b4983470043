// Sessions in tables: the token's hash, whose it is, until when.
import { and, eq, gt, isNotNull, isNull, lt, lte, or, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Session } from '@laba/runtime/auth';
import { any, one, prepared, type Database, type Op } from '@laba/storage/database';
import { officerOfRow } from './officer-store.ts';

const selectSession = prepared('registry-session', (q, t) =>
  q
    .select({
      csrfToken: t.session.csrfToken,
      expiresAtMs: t.session.expiresAtMs,
      id: t.officer.id,
      username: t.officer.username,
      name: t.officer.name,
      role: t.officer.role,
      scopes: t.officer.scopes,
    })
    .from(t.session)
    .innerJoin(t.officer, eq(t.officer.id, t.session.officerId))
    .leftJoin(t.localOfficer, eq(t.localOfficer.id, t.session.localOfficerId))
    .where(
      and(
        eq(t.session.tokenHash, sql.placeholder('tokenHash')),
        gt(t.session.expiresAtMs, sql.placeholder('nowMs')),
        eq(t.officer.disabled, false),
        // With the row of a local code ends what it opened.
        or(isNull(t.session.localOfficerId), isNotNull(t.localOfficer.id)),
      ),
    ),
);

export async function findSession(db: Database, tokenHash: string, nowMs: number): Promise<Session | undefined> {
  const [row] = await db.read(selectSession, { tokenHash, nowMs });
  return row === undefined ? undefined : { officer: officerOfRow(row), csrfToken: row.csrfToken, openedAtMs: row.expiresAtMs - LIMITS.sessionMs };
}

export interface NewSession {
  tokenHash: string;
  officerId: string;
  csrfToken: string;
  expiresAtMs: number;
  /** The row of the local code by which it is opened. */
  localOfficerId?: string;
}

/** Expired sessions go; of his own only the newest stay. */
export function openSession(row: NewSession, nowMs: number): Op[] {
  return [
    any((q, t) => q.delete(t.session).where(lte(t.session.expiresAtMs, nowMs)).returning({ id: t.session.tokenHash })),
    one((q, t) => q.insert(t.session).values(row).returning({ id: t.session.tokenHash })),
    any((q, t) => {
      const mine = eq(t.session.officerId, row.officerId);
      const expiry = t.session.expiresAtMs;
      const kept = sql`(select ${expiry} from ${t.session} where ${mine} order by ${expiry} desc limit 1 offset ${LIMITS.sessionsPerOfficer - 1})`;
      return q
        .delete(t.session)
        .where(and(mine, lt(expiry, kept)))
        .returning({ id: t.session.tokenHash });
    }),
  ];
}

export function endSession(tokenHash: string): Op {
  return one((q, t) => q.delete(t.session).where(eq(t.session.tokenHash, tokenHash)).returning({ id: t.session.tokenHash }), {
    otherwise: () => new LabaError('not-signed-in'),
  });
}

export function endSessionsOf(officerId: string): Op {
  return any((q, t) => q.delete(t.session).where(eq(t.session.officerId, officerId)).returning({ id: t.session.tokenHash }));
}

/** Those opened after `sinceMs`, before the clock is set on by `byMs`: whoever tells a house the time is not sent away by that. */
export function setOnSessions(sinceMs: number, byMs: number): Op {
  return any((q, t) => {
    const expiry = t.session.expiresAtMs;
    return q
      .update(t.session)
      .set({ expiresAtMs: sql`${expiry} + ${byMs}` })
      .where(gt(expiry, sinceMs + LIMITS.sessionMs))
      .returning({ id: t.session.tokenHash });
  });
}

/** Everybody signs in again. */
export function endAllSessions(): Op {
  return any((q, t) => q.delete(t.session).returning({ id: t.session.tokenHash }));
}
