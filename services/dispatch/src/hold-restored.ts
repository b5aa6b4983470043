// Chapter 3, dispatch: a county out of a backup is older than its devices. Nothing of its past is sent by itself.
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { holdRaised, lastSeq, liftSeq, raisedAlerts } from './hold-store.ts';

/** More commands than any county gives out between a backup and its loss: numbers go on above all that devices have heard. */
export const SEQ_STEP = 1_000_000;

export interface Held {
  alerts: string[];
}

/** `takenAt`: when the backup was taken, ISO 8601. Nobody else may use the database meanwhile. */
export async function holdRestored({ db, clock, ids, config }: Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>, takenAt: string): Promise<Held> {
  const { county } = config;
  const alerts = (await raisedAlerts(db)).map(({ alertId }) => alertId);
  const restored = record(ids, {
    type: 'county.restored',
    atMs: clock.now(),
    who: 'system',
    via: 'cli',
    gridCode: county,
    subjectId: county,
    data: { takenAt, held: alerts.length },
  });
  await db.atomically([holdRaised(), liftSeq(county, (await lastSeq(db, county)) + SEQ_STEP), ...restored]);
  return { alerts };
}
