// Chapter 6, reporting upward: the figures of a report, by the very functions that answer the board.
import type { CountedNode } from '@laba/domain/board-view';
import { isWithin, villageOf, villagesOf } from '@laba/domain/grid';
import { countLadders } from '@laba/domain/ladder-counts';
import { LIMITS } from '@laba/domain/limits';
import { totalsOf, type Counts } from '@laba/domain/rollcall-totals';
import type { Deps } from '@laba/runtime/service';
import { countList, currentRound } from '@laba/storage/roll-call';
import { laddersOf } from '../ladder-store.ts';
import { listSites, unreadReports } from '../overview-store.ts';
import { judgeSites, type CoverageReader, type Watching } from '../read-coverage.ts';
import { taskSums } from '../task-overview-store.ts';
import type { AlertFigures, DayFigures } from './content.ts';

/** Of the whole alert, as whoever has all of its ground sees it. */
export async function alertFigures({ db, clock }: Pick<Deps, 'db' | 'clock'>, coverage: CoverageReader, watching: Watching): Promise<AlertFigures> {
  const { codes } = watching.permit;
  const alertId = watching.alert.id;
  const round = await currentRound(db, alertId);
  const [{ totals, nodes }, counts, ladders, tasks] = await Promise.all([
    coverage.read(watching),
    countList(db, { alertId, codes, round }),
    laddersOf(db, alertId, villagesOf(codes)),
    // Some stand at a place around the area: the village of a group, the township.
    taskSums(db, watching.scopes, clock.now(), alertId),
  ]);
  const isShown = ({ tier, code }: CountedNode) => tier === 'village' || (tier === 'group' && !nodes.some((node) => node.code === villageOf(code)));
  const shown = nodes.filter(isShown).slice(0, LIMITS.situationVillages);
  return {
    coverage: totals,
    rollCall: { ...totalsOf(counts), round },
    ladders: countLadders(ladders),
    tasks,
    villages: shown.map((node) => ({ ...node, rollCall: totalsOf(under(node.code, counts)) })),
  };
}

function under(code: string, { statuses, households, places }: Counts): Counts {
  const inside = <T extends { gridCode: string }>(rows: readonly T[]) => rows.filter(({ gridCode }) => isWithin(code, gridCode));
  return { statuses: inside(statuses), households: inside(households), places: inside(places) };
}

export async function dayFigures({ db, clock }: Pick<Deps, 'db' | 'clock'>, codes: readonly string[]): Promise<DayFigures> {
  const nowMs = clock.now();
  const [rows, reports, tasks] = await Promise.all([listSites(db, codes), unreadReports(db, codes), taskSums(db, codes, nowMs)]);
  const sites = judgeSites(rows, nowMs);
  return { sites: { total: sites.length, silent: sites.filter(({ silent }) => silent).length }, reports: { unread: reports.count }, tasks };
}
