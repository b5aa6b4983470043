// The village alone, at the centre: what was said of a place as officers see it, beside what was proven since.
import { z } from 'zod';
import { MODES } from '@laba/domain/alert';
import { capTime } from '@laba/domain/cap';
import { isWithin } from '@laba/domain/grid';
import { totalsOf } from '@laba/domain/rollcall-totals';
import {
  CONTACT_STATES,
  COUNTED_WORDS,
  differences,
  isGrave,
  ORDER_SAID_NAMES,
  ORDERS_SAID,
  STATUS_MEANS,
  STATUS_MEANS_NAMES,
  type Counted,
} from '@laba/domain/spoken-status';
import type { StatusView } from '@laba/domain/status-view';
import type { Deps } from '@laba/runtime/service';
import { countHouseholds, countStatuses, currentRound } from '@laba/storage/roll-call';
import { newestIds, type StatusRow } from './status-store.ts';

const n = z.number();
const words = z.object({ zh: z.string(), en: z.string() });
const time = z.string();

export const countsView = z.object({
  households: n.nullable(),
  persons: n.nullable(),
  moved: n.nullable(),
  missing: n.nullable(),
  injured: n.nullable(),
});
export const expectedView = z.object({ households: n, persons: n });
export const modeView = z.enum(MODES);
export const meansView = z.enum(STATUS_MEANS_NAMES);
export const orderView = z.enum(ORDER_SAID_NAMES).nullable();

export const statusView = z.object({
  id: z.string(),
  gridCode: z.string(),
  gridName: z.string(),
  alertId: z.string().nullable(),
  mode: modeView.nullable(),
  means: meansView,
  meansWords: words,
  /** As they were typed. */
  lines: z.array(z.string()),
  order: orderView,
  orderWords: words.nullable(),
  orderAt: time.nullable(),
  sounded: z.boolean().nullable(),
  counts: countsView,
  /** As the list stood then. */
  expected: expectedView,
  saidAt: time,
  saidAtMs: n,
  writtenBy: z.string(),
  writtenAt: time,
  /** Somebody is missing or hurt. */
  isGrave: z.boolean(),
  /** Nothing later is known of the place. */
  isNewest: z.boolean(),
  needReportId: z.string().nullable(),
  nextContactAt: time.nullable(),
  contact: z.enum(CONTACT_STATES).nullable(),
  /** Of the newest word only, until it is reconciled: what was said, and what is marked now. */
  differences: z.array(z.object({ what: z.enum(Object.keys(COUNTED_WORDS) as [Counted, ...Counted[]]), words, said: n, marked: n })),
  reconciled: z.object({ by: z.string(), at: time }).nullable(),
  version: n,
});
type Marked = Record<Counted, number>;

/** `alertId`: compared with this alert's list; otherwise each with its own. */
export async function viewStatuses(deps: Deps, rows: readonly StatusRow[], alertId?: string): Promise<StatusView[]> {
  const newest = new Set(
    await newestIds(
      deps.db,
      rows.map(({ status }) => status.gridCode),
    ),
  );
  const open = rows.filter(({ status }) => newest.has(status.id) && status.reconciledAtMs === null);
  const marked = await markedAt(
    deps,
    open.flatMap(({ status }) => {
      const id = alertId ?? status.alertId;
      return id === null ? [] : [{ alertId: id, gridCode: status.gridCode }];
    }),
  );
  const openIds = new Set(open.map(({ status }) => status.id));
  return rows.map((row) => {
    const proven = openIds.has(row.status.id) ? marked(alertId ?? row.status.alertId, row.status.gridCode) : undefined;
    return viewOf(deps, row, newest.has(row.status.id), proven);
  });
}

function viewOf({ config, vault }: Deps, row: StatusRow, isNewest: boolean, proven: Marked | undefined): StatusView {
  const { status, gridName, mode, writtenByName, reconciledByName } = row;
  const at = (ms: number) => capTime(ms, config.utcOffsetMinutes);
  const atOrNull = (ms: number | null) => (ms === null ? null : at(ms));
  const { id, gridCode, alertId, means, order, sounded, households, persons, moved, missing, injured, needReportId, contact, version } = status;
  const counts = { households, persons, moved, missing, injured };
  const { zh, en } = STATUS_MEANS[means];
  return {
    ...{ id, gridCode, alertId, mode, means, order, sounded, counts, needReportId, contact, version, isNewest },
    gridName: gridName ?? gridCode,
    meansWords: { zh, en },
    lines: JSON.parse(vault.decrypt(status.linesCipher)) as string[],
    orderWords: order === null ? null : ORDERS_SAID[order],
    orderAt: atOrNull(status.orderAtMs),
    expected: { households: status.expectedHouseholds, persons: status.expectedPersons },
    saidAt: at(status.saidAtMs),
    saidAtMs: status.saidAtMs,
    writtenBy: writtenByName ?? status.writtenBy,
    writtenAt: at(status.writtenAtMs),
    isGrave: isGrave(counts),
    nextContactAt: atOrNull(status.nextContactAtMs),
    differences: proven === undefined ? [] : differences(counts, proven).map((one) => ({ ...one, words: COUNTED_WORDS[one.what] })),
    reconciled: status.reconciledAtMs === null ? null : { by: reconciledByName ?? status.reconciledBy ?? '', at: at(status.reconciledAtMs) },
  };
}

/** What is marked at these places; undefined where the alert has no list there. */
async function markedAt({ db }: Deps, asked: readonly { alertId: string; gridCode: string }[]) {
  const found = new Map<string, Marked>();
  for (const [alertId, places] of Map.groupBy(asked, (one) => one.alertId)) {
    const codes = places.map(({ gridCode }) => gridCode);
    const part = { alertId, codes, round: await currentRound(db, alertId) };
    const [statuses, households] = await Promise.all([countStatuses(db, part), countHouseholds(db, part)]);
    for (const code of codes) {
      const here = <T extends { gridCode: string }>(counted: readonly T[]) => counted.filter(({ gridCode }) => isWithin(code, gridCode));
      const totals = totalsOf({ statuses: here(statuses), households: here(households), places: [] });
      const { moved, missing, injured } = totals.persons.byStatus;
      if (totals.persons.total > 0)
        found.set(`${alertId} ${code}`, { households: totals.households.accounted, persons: totals.persons.accounted, moved, missing, injured });
    }
  }
  return (alertId: string | null, gridCode: string) => found.get(`${alertId} ${gridCode}`);
}
