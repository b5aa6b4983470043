// Chapter 5, tasks: what a task may come from: a report, silent sites, speakers that are not heard; and what it came from before.
import { and, asc, eq, inArray, isNull, ne, or } from 'drizzle-orm';
import { CLOSED_TASK_STATES, type TaskSource } from '@laba/domain/task';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';
import { hasSilentHouse } from '@laba/storage/houses';
import type { Job } from '@laba/storage/jobs';
import type { Tables } from '@laba/storage/tables';

export async function findReport(db: Database, id: string): Promise<Tables['report']['$inferSelect'] | undefined> {
  const [row] = await db.read((q, t) => q.select().from(t.report).where(eq(t.report.id, id)));
  return row;
}

/** Of one source and alert (null: of none): how many tasks there ever were, and whether one of them is still open. By source id. */
export async function tasksOf(db: Database, alertId: string | null, source: TaskSource): Promise<Map<string, { made: number; isOpen: boolean }>> {
  const rows = await db.read((q, t) =>
    q
      .select({ sourceId: t.task.sourceId, state: t.task.state })
      .from(t.task)
      .where(and(alertId === null ? isNull(t.task.alertId) : eq(t.task.alertId, alertId), eq(t.task.source, source))),
  );
  const isClosed = (state: string) => (CLOSED_TASK_STATES as readonly string[]).includes(state);
  return new Map(
    [...Map.groupBy(rows, (row) => row.sourceId)].map(([id, all]) => [id, { made: all.length, isOpen: all.some(({ state }) => !isClosed(state)) }]),
  );
}

/** Alerts that go on, with the area that each covers now. */
export function raisedAlerts(db: Database): Promise<{ id: string; revision: number; areaCodes: string[] }[]> {
  return db.read((q, t) =>
    q
      .select({ id: t.alert.id, revision: t.alert.revision, areaCodes: t.alertRevision.areaCodes })
      .from(t.alert)
      .innerJoin(t.alertRevision, and(eq(t.alertRevision.alertId, t.alert.id), eq(t.alertRevision.revision, t.alert.revision)))
      .where(and(eq(t.alert.state, 'raised'), inArray(t.alert.mode, ['live', 'drill']))),
  );
}

export interface SilentSite {
  siteId: string;
  gridCode: string;
  name: string | null;
}

/** One site, or all under a grid node. */
export type SilentCause = { siteId: string } | { under: string };

/** Sites in the area from which nothing is heard, or never was, also because their house is silent. `cause`: only those. */
export function silentSites(db: Database, areaCodes: readonly string[], cause?: SilentCause): Promise<SilentSite[]> {
  return db.read((q, t) =>
    q
      .selectDistinct({ siteId: t.gateway.siteId, gridCode: t.gateway.gridCode, name: t.site.name })
      .from(t.gateway)
      .leftJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, t.gateway.id))
      .leftJoin(t.site, eq(t.site.id, t.gateway.siteId))
      .where(
        and(
          eq(t.gateway.status, 'active'),
          or(isNull(t.gatewayStatus.gatewayId), eq(t.gatewayStatus.online, false), hasSilentHouse(q, t, t.gateway.gridCode)),
          inArea(t.gateway.gridCode, areaCodes),
          cause === undefined ? undefined : 'siteId' in cause ? eq(t.gateway.siteId, cause.siteId) : inArea(t.gateway.gridCode, [cause.under]),
        ),
      )
      .orderBy(asc(t.gateway.siteId)),
  );
}

/** Whether nothing was heard since this job's `site.silent` or `house.silent`. */
export async function isSilentStill(db: Database, { event }: Job): Promise<boolean> {
  const { subjectId, data } = event;
  const rows = await db.read((q, { gatewayStatus: status, silentHouse: house }) =>
    event.type === 'house.silent'
      ? q
          .select({ id: house.peerId })
          .from(house)
          .where(and(eq(house.peerId, subjectId), eq(house.sinceMs, Number(data['lastHeardMs']))))
      : q
          .select({ id: status.gatewayId })
          .from(status)
          .where(and(eq(status.gatewayId, subjectId), eq(status.online, false), eq(status.lastSeenAtMs, Number(data['lastSeenMs'])))),
  );
  return rows.length > 0;
}

/** Why a speaker is silent that need not trouble anybody: it is night, and the alert is not worth waking people for. */
const MEANT_TO_BE_SILENT = 'quiet-hours';

/** Grid nodes where a speaker said that it does not play this revision, or that nothing serves. */
export async function unheardNodes(db: Database, alertId: string, revision: number): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .selectDistinct({ gridCode: t.delivery.gridCode })
      .from(t.delivery)
      .where(
        and(
          eq(t.delivery.alertId, alertId),
          eq(t.delivery.revision, revision),
          eq(t.delivery.purpose, 'alert'),
          inArray(t.delivery.state, ['failed', 'refused']),
          or(isNull(t.delivery.reason), ne(t.delivery.reason, MEANT_TO_BE_SILENT)),
        ),
      )
      .orderBy(asc(t.delivery.gridCode)),
  );
  return rows.map(({ gridCode }) => gridCode);
}
