// An officer confirms that the box which claimed a site really stands there. Before that the broker refuses it.
import { LabaError } from '@laba/domain/errors';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { assignSpeakers, changeStatus, othersAt, releaseSpeakers, type GatewayRow } from './gateway-store.ts';

type Needs = Pick<Deps, 'db' | 'clock' | 'ids'>;

/** The site's speakers become this gateway's; another gateway there is revoked, or both would sound. Returns whom it replaced. @throws `transition-refused` */
export async function confirmGateway(deps: Needs, _permit: Permit<'gateway.enrol'>, row: GatewayRow, act: Act): Promise<string[]> {
  if (row.status !== 'claimed') throw new LabaError('transition-refused', `This gateway is ${row.status}; only a claimed one is confirmed.`);
  const replaced = await othersAt(deps.db, row.siteId, row.id);
  const told = { atMs: deps.clock.now(), who: act.who, via: act.via, gridCode: row.gridCode };
  await deps.db.atomically([
    ...replaced.flatMap((other) => [
      changeStatus(other, ['claimed', 'active'], 'revoked'),
      ...record(deps.ids, { ...told, type: 'gateway.revoked', subjectId: other.id, data: { siteId: other.siteId, why: 'replaced' } }),
    ]),
    changeStatus(row, ['claimed'], 'active'),
    assignSpeakers(row.siteId, row.id),
    ...record(deps.ids, { ...told, type: 'gateway.confirmed', subjectId: row.id, data: { siteId: row.siteId } }),
    ...act.once,
  ]);
  return replaced.map(({ id }) => id);
}

/** It may connect no more, and its speakers are nobody's until another gateway is confirmed. @throws `transition-refused` */
export async function revokeGateway(deps: Needs, _permit: Permit<'gateway.enrol'>, row: GatewayRow, act: Act): Promise<void> {
  if (row.status === 'revoked') throw new LabaError('transition-refused', 'This gateway is revoked already.');
  const event = {
    type: 'gateway.revoked' as const,
    atMs: deps.clock.now(),
    who: act.who,
    via: act.via,
    gridCode: row.gridCode,
    subjectId: row.id,
    data: { siteId: row.siteId, why: 'officer' as const },
  };
  await deps.db.atomically([changeStatus(row, ['claimed', 'active'], 'revoked'), releaseSpeakers(row.id), ...record(deps.ids, event), ...act.once]);
}
