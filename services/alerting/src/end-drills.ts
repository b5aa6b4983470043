// Chapter 2, alert: what is real has begun. A drill that shares its ground is over at once and says why; nobody has to think of it.
import { nextAlertState } from '@laba/domain/alert';
import { isWithin } from '@laba/domain/grid';
import { houseCode } from '@laba/runtime/config';
import type { Deps, Reaction, TakenRows } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { changeHead, findWhole, openLadders, raisedRevision, unreachedCount } from './alert-store.ts';
import { placeOf, type AlertingDeps } from './draft-alert.ts';
import { raisedOn } from './grid-store.ts';

const WHY = '发布了实警，演练自动终止 · A live alert was raised: the drill ended by itself';

/** The reaction to a raise or an update. */
export async function endDrills(deps: AlertingDeps, job: Job): Promise<Reaction> {
  return { ops: await drillsOver(deps, job.event.alertId ?? job.event.subjectId) };
}

/** The same for what another house raised. A drill that is left over by a failure still ends at its own time. */
export async function hearLive(deps: Deps, rows: TakenRows): Promise<void> {
  const told = [...(rows.get('alert') ?? []), ...(rows.get('alertRevision') ?? [])].map((key) => (JSON.parse(key) as [string])[0]);
  for (const alertId of new Set(told)) {
    try {
      const ops = await drillsOver(deps, alertId);
      if (ops.length > 0) await deps.db.atomically(ops);
    } catch (error) {
      deps.log.warn({ alertId, why: String(error) }, 'a drill on the ground of another house’s live alert was not ended');
    }
  }
}

// What a house above raised is that house's to end: it hears of the live alert too.
async function drillsOver(deps: AlertingDeps, alertId: string): Promise<Op[]> {
  const alert = await findWhole(deps.db, alertId);
  const sounding = alert === undefined ? undefined : raisedRevision(alert);
  if (alert?.head.state !== 'raised' || sounding === undefined || sounding.mode === 'test') return [];
  const around = await raisedOn(deps.db, sounding.mode === 'live' ? 'drill' : 'live', sounding.areaCodes);
  // A drill that was raised in the same moment gives way as well.
  if (sounding.mode === 'drill') return around[0] === undefined ? [] : drillOver(deps, alertId, around[0].id);
  const ours = around.filter(({ raisedAtCode }) => isWithin(houseCode(deps.config), raisedAtCode ?? deps.config.county));
  return (await Promise.all(ours.map(({ id }) => drillOver(deps, id, alertId)))).flat();
}

async function drillOver(deps: AlertingDeps, id: string, liveId: string): Promise<Op[]> {
  const drill = await findWhole(deps.db, id);
  const revision = drill === undefined ? undefined : raisedRevision(drill);
  if (drill?.head.state !== 'raised' || revision === undefined) return [];
  const { head } = drill;
  const [unreached, ladders] = await Promise.all([unreachedCount(deps.db, id, head.revision, head.mode), openLadders(deps.db, id)]);
  const atMs = deps.clock.now();
  return [
    changeHead(head, { state: nextAlertState(head.state, 'expire'), overAtMs: atMs, overBy: 'system', overReason: WHY }),
    ...record(deps.ids, {
      type: 'alert.expired',
      atMs,
      who: 'system',
      via: 'job',
      gridCode: placeOf(deps, revision.areaCodes),
      subjectId: id,
      alertId: id,
      data: {
        ...{ revision: head.revision, mode: head.mode, reason: 'overtaken', overtakenBy: liveId, unreached },
        ...(ladders > 0 ? { openLadders: ladders } : {}),
      },
      urgent: true,
    }),
  ];
}
