// Chapter 6, watch: a row of the event table as people see it, and who may see it.
import { capTime } from '@laba/domain/cap';
import { sharedCodes } from '@laba/domain/grid';
import type { EventView } from '@laba/domain/measures-view';
import { hasScope, roleMay, type Action, type Officer } from '@laba/domain/officer';
import type { Database } from '@laba/storage/database';
import type { EventRow } from '@laba/runtime/event-tail';
import { findNames, findAreasOf } from './event-store.ts';
import { wordsFor } from './event-words.ts';

/** A view with what decides about its readers: where it happened, or for an alert's own events the alert's whole area. */
export interface Told {
  view: EventView;
  codes: readonly string[];
}

// The right that an event's kind asks for; the rest belongs to the house.
const READ: Record<string, Action> = {
  report: 'report.read',
  alert: 'alert.read',
  audience: 'alert.read',
  command: 'alert.read',
  delivery: 'site.read',
  site: 'site.read',
  speaker: 'site.read',
  gateway: 'site.read',
  call: 'member.read',
  'join-code': 'member.read',
  message: 'member.read',
  push: 'member.read',
  number: 'member.read',
  numbers: 'member.read',
  robot: 'site.read',
  house: 'site.read',
  clock: 'site.read',
  status: 'status.read',
  contact: 'status.read',
  situation: 'situation.read',
  shift: 'shift.read',
  task: 'task.read',
  round: 'round.read',
  rounds: 'round.read',
  room: 'round.read',
  ladder: 'ladder.read',
  sections: 'member.read',
  section: 'member.read',
  member: 'member.read',
  callout: 'member.read',
  commander: 'member.read',
  pair: 'member.read',
  withdrawal: 'member.read',
  rollcall: 'rollcall.read',
  person: 'rollcall.read',
  place: 'rollcall.read',
  door: 'rollcall.read',
  shelter: 'rollcall.read',
  grid: 'grid.read',
  officer: 'system.read',
  job: 'system.read',
  watchdog: 'system.read',
  broker: 'system.read',
};

const OF_THE_ALERT = /^(alert|audience|rollcall|sections)\./;

/** Names are looked up once for all rows, whoever will read them. */
export async function tellEvents(db: Database, rows: readonly EventRow[], utcOffsetMinutes: number): Promise<Told[]> {
  const [names, areas] = await Promise.all([
    findNames(db, rows),
    findAreasOf(
      db,
      rows.flatMap((row) => (OF_THE_ALERT.test(row.type) && row.alertId !== null ? [row.alertId] : [])),
    ),
  ]);
  return rows.map((row) => {
    const subjectName = names.get(row.subjectId) ?? row.subjectId;
    const gridName = names.get(row.gridCode) ?? row.gridCode;
    const rungCode = String(row.data['rungCode'] ?? '');
    const words = wordsFor(row.type, { subject: subjectName, place: gridName, rung: names.get(rungCode) ?? rungCode }, row.data);
    const view = {
      ...row,
      at: capTime(row.atMs, utcOffsetMinutes),
      whoName: names.get(row.who.slice(row.who.indexOf(':') + 1)) ?? row.who,
      gridName,
      subjectName,
      ...words,
    };
    const codes = OF_THE_ALERT.test(row.type) ? (areas.get(row.alertId ?? '') ?? [row.gridCode]) : [row.gridCode];
    return { view, codes };
  });
}

/** Inside the officer's scope; an alert's own events also when the alert only touches it. */
export function maySee(officer: Officer, told: Told): boolean {
  const action = READ[told.view.type.slice(0, told.view.type.indexOf('.'))] ?? 'system.read';
  return roleMay(officer.role, action) && isOfGround(told, officer.scopes);
}

/** On this ground; an alert's own events also when the alert only touches it. */
export function isOfGround({ view, codes }: Told, ground: readonly string[]): boolean {
  return OF_THE_ALERT.test(view.type) ? sharedCodes(codes, ground).length > 0 : hasScope({ scopes: ground }, view.gridCode);
}
