// Chapter 6, shift log: a shift as programs get it: one line, whole, and what happened in it.
import { z } from 'zod';
import { MODES } from '@laba/domain/alert';
import { capTime } from '@laba/domain/cap';
import { OPEN_KIND_NAMES, SHIFT_STATE_NAMES } from '@laba/domain/shift';
import type { ShiftLine, ShiftLogLine, ShiftRemark, ShiftView } from '@laba/domain/shift-view';
import type { Officer } from '@laba/domain/officer';
import type { Deps } from '@laba/runtime/service';
import { isOfGround, maySee, tellEvents, type Told } from '../event-view.ts';
import { openRecord } from './shift-record.ts';
import { alertTitles, nodeNames, officerNames, remarksOf, shiftEvents, type Remark, type Shift } from './shift-store.ts';

const time = z.string().nullable();
const ms = z.number().nullable();
export const named = z.object({ code: z.string(), name: z.string() });
export const shiftLine = z.object({
  id: z.string(),
  number: z.number(),
  state: z.enum(SHIFT_STATE_NAMES),
  areas: z.array(named),
  startedAt: z.string(),
  startedAtMs: z.number(),
  officerId: z.string(),
  officerName: z.string(),
  offeredAt: time,
  offeredAtMs: ms,
  offeredBy: time,
  overAt: time,
  takenOverBy: time,
  altered: z.boolean(),
  seal: time,
  version: z.number(),
});
const openItem = z.object({ kind: z.enum(OPEN_KIND_NAMES), key: z.string(), mode: z.enum(MODES), zh: z.string(), en: z.string(), sinceMs: ms });
export const openView = z.object({
  asOf: z.string(),
  asOfMs: z.number(),
  counts: z.record(z.enum(OPEN_KIND_NAMES), z.number()),
  items: z.array(openItem),
});
const signed = openView.extend({ by: z.string(), words: z.string() });
export const remarkView = z.object({ id: z.string(), by: z.string(), at: z.string(), writtenAt: time, words: z.string() });
export const wholeShift = shiftLine.extend({ offered: signed.nullable(), taken: signed.nullable(), remarks: z.array(remarkView) });

type ViewDeps = Pick<Deps, 'db' | 'vault' | 'config'>;

interface Names {
  people: ReadonlyMap<string, string>;
  places: ReadonlyMap<string, string>;
}

async function namesFor({ db }: ViewDeps, shifts: readonly Shift[]): Promise<Names> {
  const [people, places] = await Promise.all([
    officerNames(
      db,
      shifts.flatMap(({ officerId, offeredBy, takenOverBy }) => [officerId, offeredBy, takenOverBy]),
    ),
    nodeNames(
      db,
      shifts.flatMap(({ areaCodes }) => areaCodes),
    ),
  ]);
  return { people, places };
}

export async function viewLines(deps: ViewDeps, shifts: readonly Shift[]): Promise<ShiftLine[]> {
  const names = await namesFor(deps, shifts);
  return shifts.map((shift) => lineOf(deps, shift, openRecord(deps.vault, shift).altered, names));
}

function lineOf({ config }: ViewDeps, shift: Shift, altered: boolean, { people, places }: Names): ShiftLine {
  const { id, number, state, areaCodes, startedAtMs, officerId, offeredAtMs, offeredBy, overAtMs, takenOverBy, seal, version } = shift;
  const at = (atMs: number | null) => (atMs === null ? null : capTime(atMs, config.utcOffsetMinutes));
  const nameOf = (who: string | null) => (who === null ? null : (people.get(who) ?? who));
  return {
    ...{ id, number, state, startedAtMs, officerId, offeredAtMs, altered, seal, version },
    areas: areaCodes.map((code) => ({ code, name: places.get(code) ?? code })),
    startedAt: capTime(startedAtMs, config.utcOffsetMinutes),
    officerName: people.get(officerId) ?? officerId,
    offeredAt: at(offeredAtMs),
    offeredBy: nameOf(offeredBy),
    overAt: at(overAtMs),
    takenOverBy: nameOf(takenOverBy),
  };
}

/** Without what it held when somebody altered it past the house. */
export async function viewShift(deps: ViewDeps, shift: Shift): Promise<ShiftView> {
  const [names, remarks] = await Promise.all([namesFor(deps, [shift]), remarksOf(deps.db, shift.id)]);
  const { record, altered } = openRecord(deps.vault, shift, remarks);
  return {
    ...lineOf(deps, shift, altered, names),
    offered: record?.offered ?? null,
    taken: record?.taken ?? null,
    remarks: await viewRemarks(deps, remarks),
  };
}

async function viewRemarks({ db, vault, config }: ViewDeps, remarks: readonly Remark[]): Promise<ShiftRemark[]> {
  const people = await officerNames(
    db,
    remarks.map(({ officerId }) => officerId),
  );
  return remarks.map(({ id, officerId, atMs, writtenAtMs, wordsCipher }) => ({
    id,
    by: people.get(officerId) ?? officerId,
    at: capTime(atMs, config.utcOffsetMinutes),
    writtenAt: writtenAtMs === null ? null : capTime(writtenAtMs, config.utcOffsetMinutes),
    words: opened(() => vault.decrypt(wordsCipher)),
  }));
}

// A row that somebody altered shows that, and does not hide the others.
function opened(open: () => string): string {
  try {
    return open();
  } catch {
    return '✕';
  }
}

/** A page of what happened; `next` counts what was read, also what this reader may not see. */
export async function readLog(
  deps: ViewDeps,
  shift: Shift,
  reader: Officer,
  turn: { before?: number | undefined } | { after: number },
  limit: number,
): Promise<{ events: ShiftLogLine[]; next: number | null }> {
  const rows = await shiftEvents(deps.db, shift, turn, limit);
  const told = await tellEvents(deps.db, rows, deps.config.utcOffsetMinutes);
  const seen = told.filter((one) => maySee(reader, one) && isOfGround(one, shift.areaCodes) && isOwn(one, shift.id));
  const hasRemarks = seen.some(({ view }) => view.type === 'shift.remarked');
  const remarks = hasRemarks ? await viewRemarks(deps, await remarksOf(deps.db, shift.id)) : [];
  const alerts = await alertTitles(
    deps.db,
    seen.flatMap(({ view }) => (view.alertId === null ? [] : [view.alertId])),
  );
  const lines = seen.map(({ view }) => ({
    ...view,
    remark: remarks.find(({ id }) => id === view.subjectId) ?? null,
    alert: alerts.get(view.alertId ?? '') ?? null,
  }));
  return { events: lines, next: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null };
}

/** Of the shifts themselves each log tells its own; what another post writes down is that post's. */
function isOwn({ view: { type, subjectId, data } }: Told, id: string): boolean {
  return !type.startsWith('shift.') || subjectId === id || data['shiftId'] === id || data['next'] === id;
}
