// Chapter 5, roll-call: complete and reopened, decided in the commit of the mark or freeze that caused it.
import { and, eq, inArray, not, or, sql, type SQL } from 'drizzle-orm';
import type { EventType } from '@laba/domain/events';
import type { Ids } from '@laba/domain/ids';
import { OPEN_STATUSES, RECOUNTED_STATUSES } from '@laba/domain/rollcall';
import { any, type Op } from '@laba/storage/database';
import { recordEach } from '@laba/storage/events';
import { isPlaceOpen } from '@laba/storage/roll-call';
import type { Tables } from '@laba/storage/tables';

type Turn = Extract<EventType, 'rollcall.completed' | 'rollcall.reopened'>;

interface Settling {
  alertId: string;
  who: string;
  via: 'http' | 'mqtt' | 'job' | 'cli' | 'watchdog' | 'button';
  atMs: number;
}

/** Somebody on the list is to be found or to be counted again, or a place to be counted full. */
function isOpen(t: Tables, alertId: string): SQL {
  const { rollcallPerson: person, rollcallPlace: place } = t;
  const round = sql`(select ${t.rollcall.round} from ${t.rollcall} where ${eq(t.rollcall.alertId, alertId)})`;
  const someone = and(eq(person.alertId, alertId), inArray(person.status, [...OPEN_STATUSES]));
  const again = and(eq(person.alertId, alertId), inArray(person.status, [...RECOUNTED_STATUSES]), sql`${person.round} < ${round}`);
  const somewhere = and(eq(place.alertId, alertId), isPlaceOpen(t, round));
  return or(...[someone, again].map((who) => sql`exists (select 1 from ${person} where ${who})`), sql`exists (select 1 from ${place} where ${somewhere})`)!;
}

/** The list's row, when it turns at this moment. Only its holder may ask: see `rollcall` in the tables. */
function turns(t: Tables, alertId: string, type: Turn): SQL | undefined {
  const completes = type === 'rollcall.completed';
  const open = isOpen(t, alertId);
  return and(eq(t.rollcall.alertId, alertId), eq(t.rollcall.complete, !completes), completes ? not(open) : open);
}

function turn(ids: Ids, type: Turn, { alertId, ...by }: Settling): Op[] {
  return [
    recordEach(ids, { type, ...by, alertId, data: {} }, (t) => ({
      from: t.rollcall,
      subjectId: t.rollcall.alertId,
      gridCode: t.rollcall.gridCode,
      where: turns(t, alertId, type),
    })),
    any((q, t) =>
      q
        .update(t.rollcall)
        .set({ complete: type === 'rollcall.completed' })
        .where(turns(t, alertId, type))
        .returning({ id: t.rollcall.alertId }),
    ),
  ];
}

/** Put it after what adds to the list: a complete list with somebody new on it is open again, and that is told once. */
export function reopenIfOpen(ids: Ids, settling: Settling): Op[] {
  return turn(ids, 'rollcall.reopened', settling);
}

/** Put it after the marks of the same commit, the list being held: the last one completes it, a later one may open it again. */
export function settle(ids: Ids, settling: Settling): Op[] {
  return [...turn(ids, 'rollcall.reopened', settling), ...turn(ids, 'rollcall.completed', settling)];
}
