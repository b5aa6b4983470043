// What alerting reads of other rooms' tables: places, reports, officers, templates.
import { and, asc, eq, gt, inArray, isNull } from 'drizzle-orm';
import type { TemplateView } from '@laba/domain/alert-view';
import { LabaError } from '@laba/domain/errors';
import { isWithin, reachedTier, tierOf, widestTier, type Area } from '@laba/domain/grid';
import type { Officer } from '@laba/domain/officer';
import { HAZARDS } from '@laba/domain/report';
import type { Database } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

type TemplateRow = Tables['template']['$inferSelect'];

/**
 * Names of the grid nodes, by code.
 * @throws `empty-area`; `unknown-code` naming the first code that no grid node of this county has
 */
export async function knownPlaces(db: Database, county: string, codes: readonly string[]): Promise<Map<string, string>> {
  if (codes.length === 0) throw new LabaError('empty-area');
  const rows = await db.read((q, t) =>
    q
      .select({ code: t.gridNode.code, name: t.gridNode.name })
      .from(t.gridNode)
      .where(inArray(t.gridNode.code, [...codes])),
  );
  const names = new Map(rows.map((row) => [row.code, row.name]));
  const unknown = codes.find((code) => tierOf(code) === undefined || !isWithin(county, code) || !names.has(code));
  if (unknown !== undefined)
    throw new LabaError('unknown-code', `No grid node of this county has the code ${unknown.slice(0, 20)}.`, { gridCode: unknown.slice(0, 20) });
  return names;
}

/** The area, and as how wide the policy takes it. */
export async function areaOf(db: Database, codes: readonly string[]): Promise<Area> {
  if (codes.length < 2) return { codes, tier: widestTier(codes) ?? 'county' };
  // A shelter is no part of the county's own: it must not make most of a village less.
  const nodes = await db.read((q, t) => q.select({ code: t.gridNode.code }).from(t.gridNode).where(isNull(t.gridNode.alertId)));
  const grid = nodes.map(({ code }) => code);
  return { codes, tier: reachedTier(codes, grid) ?? 'county' };
}

export async function placeName(db: Database, code: string): Promise<string> {
  const [row] = await db.read((q, t) => q.select({ name: t.gridNode.name }).from(t.gridNode).where(eq(t.gridNode.code, code)));
  return row?.name ?? code;
}

/** @throws `not-found` naming the report */
export async function reportPlace(db: Database, id: string): Promise<{ gridCode: string; eventCode: string }> {
  const [row] = await db.read((q, t) => q.select({ gridCode: t.report.gridCode, hazard: t.report.hazard }).from(t.report).where(eq(t.report.id, id)));
  if (row === undefined) throw new LabaError('not-found', 'reportId: no report has this id.', { field: 'reportId' });
  return { gridCode: row.gridCode, eventCode: HAZARDS[row.hazard].eventCode };
}

/** @throws `not-found` when there is no such officer or he is disabled */
export async function officerByUsername(db: Database, username: string): Promise<Officer> {
  const [row] = await db.read((q, t) => q.select().from(t.officer).where(eq(t.officer.username, username)));
  if (row === undefined || row.disabled) throw new LabaError('not-found', 'approverUsername: no officer has this user name.', { field: 'approverUsername' });
  const { id, name, role, scopes } = row;
  return { id, username, name, role, scopes };
}

/** By id. */
export async function officerNames(db: Database, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.read((q, { officer }) =>
    q
      .select({ id: officer.id, name: officer.name })
      .from(officer)
      .where(inArray(officer.id, [...ids])),
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Everybody, by name. */
export function everyOfficer(db: Database): Promise<(Officer & { disabled: boolean })[]> {
  return db.read((q, { officer }) =>
    q
      .select({ id: officer.id, username: officer.username, name: officer.name, role: officer.role, scopes: officer.scopes, disabled: officer.disabled })
      .from(officer)
      .orderBy(asc(officer.name), asc(officer.id)),
  );
}

/** @throws `not-found` */
export async function findSite(db: Database, id: string): Promise<{ name: string; gridCode: string }> {
  const [row] = await db.read((q, t) => q.select({ name: t.site.name, gridCode: t.site.gridCode }).from(t.site).where(eq(t.site.id, id)));
  if (row === undefined) throw new LabaError('not-found', `No site has the id ${id}.`);
  return row;
}

/** Live orders to move that are in force and not quietened, with the area of the revision that sounds. */
/** `waitsUpToMs`: what was decided up to then does not sound yet. */
export function soundingMoves(db: Database, nowMs: number, waitsUpToMs: number): Promise<{ id: string; areaCodes: string[] }[]> {
  return db.read((q, t) =>
    q
      .select({ id: t.alert.id, areaCodes: t.alertRevision.areaCodes })
      .from(t.alert)
      .innerJoin(t.alertRevision, and(eq(t.alertRevision.alertId, t.alert.id), eq(t.alertRevision.revision, t.alert.revision)))
      .where(
        and(
          eq(t.alert.state, 'raised'),
          eq(t.alert.mode, 'live'),
          eq(t.alert.order, 'move-now'),
          eq(t.alert.quiet, false),
          gt(t.alert.endTimeMs, nowMs),
          gt(t.alertRevision.raisedAtMs, waitsUpToMs),
        ),
      )
      .orderBy(asc(t.alert.id)),
  );
}

/** @throws `unknown-template` */
export async function findTemplate(db: Database, id: string): Promise<TemplateRow> {
  const [row] = await db.read((q, t) => q.select().from(t.template).where(eq(t.template.id, id)));
  if (row === undefined) throw new LabaError('unknown-template', `No template has the id ${id}.`, { field: 'templateId' });
  return row;
}

export function listTemplates(db: Database): Promise<TemplateView[]> {
  return db.read((q, t) => q.select().from(t.template).orderBy(asc(t.template.id)));
}
