// Chapter 4, speaker: what is going on at many places, looked up once for all of them: after an outage a whole county asks.
import { lineage } from '@laba/domain/grid';
import type { Database } from '@laba/storage/database';
import { activeCommands, alertsMovedAway, alertsOver, type Moment, type OverAlert } from './command-store.ts';

const REMEMBER_MS = 7 * 86_400_000;
/** Of all places together. */
const ROWS = 8_192;

/** At one place. */
export interface GoingOn {
  /** Signed commands in force, in the order in which they are to be told. */
  active: string[];
  /** Alerts that are over, or moved away from here, each once. */
  graves: OverAlert[];
}

/** What to ask for each of these places. */
export async function lookAround(db: Database, gridCodes: readonly string[], moment: Moment): Promise<(gridCode: string) => GoingOn> {
  const nodes = [...new Set(gridCodes.flatMap((code) => lineage(code)))];
  const [active, moved, over] = await Promise.all([
    activeCommands(db, nodes, moment),
    alertsMovedAway(db, nodes, ROWS),
    alertsOver(db, nodes, moment.nowMs - REMEMBER_MS, ROWS),
  ]);
  return (gridCode) => {
    const own = new Set(lineage(gridCode));
    const graves = [...moved.filter(({ code, codes }) => own.has(code) && !codes.some((now) => own.has(now))), ...over.filter(({ code }) => own.has(code))];
    return {
      active: active.filter(({ areaCode }) => own.has(areaCode)).map(({ envelope }) => envelope),
      graves: [...new Map(graves.map((grave) => [grave.alertId, grave])).values()],
    };
  };
}
